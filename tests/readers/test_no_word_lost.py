"""No word is lost silently: of messy texts of every format each word is in the article, or a remark counts it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager.readers.account import of_markup, words_in
from tests.helpers.articles import read
from tests.helpers.builders import packager
from tests.helpers.papers import docx, epub, mhtml
from tests.readers.test_odt import odt

# What people's pages are made of; each `{}` becomes a word of its own. What is begun is often not ended.
WEB_PIECES = (
    "<p>{} {}</p>",
    "<p>{} <b>{} <i>{}</b> {}</i>",
    "{} <br> {}",
    "<div>{}<div>{}</div>{}</div>",
    "<div>{}",
    "</div>{}",
    "<h2>{}</h2>",
    "<h2><button>{}</button></h2><p>{}</p>",
    "<ul><li>{}<li>{}<ul><li>{}</ul></ul>",
    "<ol start=3><li><p>{}</p></li>{}</ol>",
    "<dl><dt>{}<dd>{}<div><dt>{}</dt><dd>{}</dd></div></dl>",
    "<table><caption>{}</caption><tr><td>{}<td>{}<tr><th>{}</table>",
    "<table><tfoot><tr><td>{}</tfoot><tr><td><ul><li>{}</ul><td><table><tr><td>{}</table></table>",
    "<table>{}<tr>{}<td>{}",
    "<blockquote>{}<footer>{}</footer></blockquote>",
    "<object data=none.png>{}</object>",
    "<figure><pre>{}</pre><figcaption>{}</figcaption></figure>",
    "<pre><div>{}</div><span>{}</span>\n{}</pre>",
    "<details><summary>{}</summary>{}</details>",
    "<p>{}<sup>{}</sup> <ruby>{}<rp>(</rp><rt>{}</rt></ruby></p>",
    "<a name=x>{}",
    "<a href='#x'>{}</a> <a href='https://example.org/'>{}</a>",
    "<center><font size=5>{}</font></center>",
    "<custom-element>{}<unknown>{}</unknown></custom-element>",
    "<view>{}</view> <desc>{}</desc> <switch>{}</switch> <text>{}</text>",
    "<p title='> no'>{}</p><!-- no -->{}<script>var no = '<p>no</p>'</script>{}",
    "<style>no {{ }}</style><p>{}</p>",
    "<section><header><p>{}</p></header>{}</section>",
    "<span>{}</span><span> {}</span>",
    "<fieldset><legend>{}</legend><label>{}</label></fieldset>",
    "<svg><path/><g/><circle/></svg><p>{}</p>",
    "<q>{}</q> <del>{}</del> <s>{}</s> <ins>{}</ins> <mark>{}</mark> <kbd>{}</kbd> <time>{}</time>",
    "<article><p>{}</p></article>",
    "<main>{}</main>",
)
MARKDOWN_PIECES = (
    "{} *{}* **{}** `{}`",
    "## {}",
    "{}\n===",
    "- {}\n  - {}\n\n    {}\n- {}",
    "7. {}\n8) {}",
    "> {}\n> > {}\n{}",
    "| {} | {} |\n|---|:-:|\n| {} | {} |",
    "```python\n{}\n```",
    "    {}\n    {}",
    "[{}](x.html) [{}][y] ![{}](none.png)\n\n[y]: https://example.org/ 'no'",
    "{}[^1] {}\n\n[^1]: {}",
    "<div>{}</div>",
    "{} <br> {} <b>{}</b>",
    "<details><summary>{}</summary>\n\n{}\n\n</details>",
    "~~{}~~ =={}== {}\\\n{}  \n{}",
    "* * *\n{}",
    "1. {}\n\n   ```\n   {}\n   ```\n\n   > {}",
    "{}: {}\n: {}",
)
PLAIN_PIECES = (
    "{} {}\n{}",
    "{}\n====",
    "* {}\n* {}",
    "1. {}\n2) {}",
    "> {}",
    "{}\n\n\n\n{}",
    "\t{}\n    {}",
    "- - -\n{}",
    "{}  {}  {}\n{}  {}  {}",
)
WORD_PIECES = (
    "<w:p><w:r><w:t>{}</w:t></w:r><w:r><w:t xml:space='preserve'> {}</w:t><w:br/><w:t>{}</w:t></w:r></w:p>",
    "<w:p><w:ins><w:r><w:t>{}</w:t></w:r></w:ins><w:hyperlink><w:r><w:t>{}</w:t></w:r></w:hyperlink></w:p>",
    "<w:sdt><w:sdtContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    "<w:p><w:smartTag><w:r><w:t>{}</w:t></w:r></w:smartTag><w:r><w:rPr><w:strike/></w:rPr><w:t>{}</w:t></w:r></w:p>",
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{}</w:t>"
    "</w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
    "<w:p><w:r><mc:AlternateContent><mc:Choice><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>{0}</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></w:pict></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r>"
    "<w:t>{0}</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:unknown><w:r><w:t>{}</w:t></w:r></w:unknown></w:p>",
    "<w:customXml><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:customXml>",
    "<w:tbl><w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    "</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>",
    "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText> PAGEREF x </w:instrText><w:fldChar "
    "w:fldCharType='separate'/><w:t>{}</w:t><w:fldChar w:fldCharType='end'/></w:r></w:p>",
    "<w:p><w:ruby><w:rt><w:r><w:t>{}</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{}</w:t></w:r></w:rubyBase></w:ruby></w:p>",
    "<w:p><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:t>{}</w:t></w:r></w:p>",
    "<w:p><w:del><w:r><w:delText>no</w:delText></w:r></w:del><w:r><w:t>{}</w:t></w:r></w:p>",
    "<w:p><w:r><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent><w:t>{}</w:t></w:r></w:p>",
    "<w:p><w:novelty><w:r><w:t>{}</w:t></w:r></w:novelty><w:fldSimple><w:r><w:t>{}</w:t></w:r></w:fldSimple></w:p>",
    "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:fldChar w:fldCharType='separate'/><w:t>{}</w:t></w:r></w:p>",
    "<w:p><w:r><w:ruby><w:rt><w:r><w:t>{}</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{}</w:t></w:r></w:rubyBase></w:ruby>"
    "</w:r></w:p>",
    "<w:novelty><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:novelty>",
    "<w:tbl><w:sdt><w:sdtContent><w:tr><w:novelty><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:novelty></w:tr>"
    "</w:sdtContent></w:sdt></w:tbl>",
)

RTF_PIECES = (
    r"\pard {} \b {}\b0  {}\par ",
    r"{{\strike {}}}{{\i {}}} {}\line {}\par ",
    r"\trowd\cellx1\cellx2\pard\intbl {}\cell {}\par {}\cell\row\pard ",
    r"\pard\intbl\itap2 {}\nestcell{{\*\nesttableprops\trowd\cellx1\nestrow}}\pard\intbl\itap1 {}\cell\row\pard ",
    r"{}{{\footnote\pard {}\par}} {}\par ",
    r"{{\field{{\*\fldinst PAGE}}{{\fldrslt {}}}}}{}\par ",
    r"{{\shp{{\*\shpinst{{\sp{{\sn no}}{{\sv no}}}}{{\shptxt {}\par}}}}{{\shprslt no}}}}{}\par ",
    r"{{\listtext 1.\tab}}{}\par {{\listtext (a)\tab}}{}\par ",
    r"{{\*\novelty no}}{{\novelty {}}}\page {}",
    r"\intbl {}",
    r"{{{}}}}}{}",
    r"\cell\row {}",
)
OPEN_PIECES = (
    "<text:p>{} <text:span>{}<text:line-break/>{}</text:span>{}</text:p>",
    "<text:h text:outline-level='2'>{}</text:h>",
    "<text:list><text:list-item><text:p>{}</text:p><text:list><text:list-item><text:p>{}</text:p></text:list-item>"
    "</text:list></text:list-item><text:list-header><text:p>{}</text:p></text:list-header></text:list>",
    "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell>"
    "</table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:list><text:list-item>"
    "<text:p>{}</text:p></text:list-item></text:list></table:table-cell></table:table-row></table:table>",
    "<text:section><text:p>{}</text:p><text:section><text:p>{}</text:p></text:section></text:section>",
    "<text:p><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>{}</text:p>",
    "<text:p><draw:g><draw:rect><text:p>{}</text:p></draw:rect></draw:g>{}</text:p>",
    "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>",
    "<text:p>{}<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>{}</text:p>"
    "</text:note-body></text:note></text:p>",
    "<text:p><text:a>{}</text:a><text:ruby><text:ruby-base>{}</text:ruby-base></text:ruby><text:novelty>{}"
    "</text:novelty></text:p>",
    "<text:table-of-content><text:index-body><text:p>{}</text:p></text:index-body></text:table-of-content>",
    "<text:novelty><text:p>{}</text:p></text:novelty>",
)
BOOK_PIECES = (
    "<p>{} <strong>{}</strong> <strikethrough>{}</strikethrough> <novelty>{}</novelty></p>",
    "<section><title><p>{}</p><p>{}</p></title><p>{}</p><section><p>{}</p></section></section>",
    "<poem><title><p>{}</p></title><stanza><v>{}</v><v>{}</v></stanza><text-author>{}</text-author></poem>",
    "<cite><p>{}</p><text-author>{}</text-author></cite><empty-line/><subtitle>{}</subtitle>",
    "<table><tr><th>{}</th><td><p>{}</p></td></tr></table>",
    "<epigraph><poem><stanza><v>{}</v></stanza></poem></epigraph>",
    "<annotation><p>{}</p></annotation>",
)

RELAXED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
Make = Callable[[str], str | bytes]
FORMATS: Mapping[str, tuple[Sequence[str], str, Make]] = {
    ".html": (WEB_PIECES, "", lambda text: f"<title>Boats</title><body><h1>Boats</h1><p>Words.</p>{text}"),
    ".mhtml": (WEB_PIECES, "", lambda text: mhtml(f"<html><body><h1>Boats</h1><p>Words.</p>{text}")),
    ".epub": (
        WEB_PIECES,
        "",
        lambda text: epub({"one.xhtml": f"<p>One.</p>{text}", "two.xhtml": f"<p>Two.</p>{text}"}),
    ),
    ".md": (MARKDOWN_PIECES, "\n\n", lambda text: f"# Boats\n\nWords.\n\n{text}\n"),
    ".txt": (PLAIN_PIECES, "\n\n", lambda text: f"Boats\n\nWords.\n\n{text}\n"),
    ".rtf": (RTF_PIECES, "", lambda text: f"{{\\rtf1 Words.\\par {text}"),
    ".odt": (OPEN_PIECES, "", lambda text: odt(f"<text:p>Words.</text:p>{text}")),
    ".fb2": (BOOK_PIECES, "", lambda text: f"<FictionBook><body><p>Words.</p>{text}</body></FictionBook>"),
    ".docx": (WORD_PIECES, "", lambda text: docx(f"<w:p><w:r><w:t>Words.</w:t></w:r></w:p>{text}")),
}


def numbered(pieces: list[str]) -> tuple[list[str], set[str]]:
    """The pieces with a word of its own in each place, and these words."""
    filled, count = [], 0
    for piece in pieces:
        number = piece.count("{}") or 1
        filled.append(piece.format(*(f"word{count + place}" for place in range(number))))
        count += number
    return filled, {f"word{place}" for place in range(count)}


def check(kind: str, pieces: list[str]) -> None:
    """The promise, for one text: `read` asks the account, and this test looks for itself."""
    _, separator, make = FORMATS[kind]
    filled, words = numbered(pieces)
    with tempfile.TemporaryDirectory() as folder:
        article = read(Path(folder), f"a{kind}", make(separator.join(filled)))
    counted = sum(int(number) for remark in article.remarks for number in re.findall(r"(\d+) words?", remark.message))
    lost = words - set(re.findall(r"word\d+", words_in(article)))
    assert len(lost) <= counted, sorted(lost)


@pytest.mark.parametrize("kind", FORMATS)
def test_each_piece_keeps_its_words(kind: str) -> None:
    """By itself, so that a fault is seen at once."""
    for piece in FORMATS[kind][0]:
        check(kind, [piece])


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=RELAXED)
@given(data=st.data())
def test_no_word_of_a_messy_text_is_lost(kind: str, data: st.DataObject) -> None:
    """Whatever pieces stand beside and in one another."""
    check(kind, data.draw(st.lists(st.sampled_from(FORMATS[kind][0]), min_size=1, max_size=8)))


@pytest.mark.prove
@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=2000, deadline=None, suppress_health_check=RELAXED)
@given(data=st.data())
def test_no_word_of_thousands_of_messy_texts_is_lost(kind: str, data: st.DataObject) -> None:
    """The same, for longer, and in longer texts."""
    check(kind, data.draw(st.lists(st.sampled_from(FORMATS[kind][0]), min_size=1, max_size=40)))


@pytest.mark.slow
def test_the_words_of_texts_of_every_format_reach_the_tree(tmp_path: Path) -> None:
    """In the library, and in the one file for phones; what is in neither, the report counts."""
    words: set[str] = set()
    for kind, (pieces, separator, make) in FORMATS.items():
        filled, own = numbered(list(pieces))
        text = make(separator.join(filled).replace("word", f"{kind[1:]}word"))
        path = tmp_path / "b/articles" / f"{kind[1:]}{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        words |= {word.replace("word", f"{kind[1:]}word") for word in own}
    built = packager("build", "b", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    report = (tmp_path / "b-built/keep/report.txt").read_text(encoding="utf-8")
    counted = sum(int(number) for number in re.findall(r"(\d+) words?", report))
    phone = tmp_path / "b-built/b/phone"
    for pages in ({*(tmp_path / "b-built/b").rglob("*.html")} - {*phone.rglob("*.html")}, phone.rglob("*.html")):
        shown = " ".join(of_markup(page.read_text(encoding="utf-8"), is_whole=True) for page in pages)
        lost = words - set(re.findall(rf"(?:{'|'.join(kind[1:] for kind in FORMATS)})word\d+", shown))
        assert len(lost) <= counted, sorted(lost)
