"""Texts as their readers see them: without markup, all codes for letters undone, letters that look alike made one."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from packager.check.tables import words

# What old texts are written in and readers have their programs guess: all that browsers know beside UTF-8, by families.
LEGACY = (
    *("cp949", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp1252", "cp1250", "cp1251", "koi8_r", "cp866", "cp1253"),
    *("cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
)
MOST_LEGACY_BYTES = 2 * 1024 * 1024  # of longer ones it is said that they are not UTF-8, and that must do
ESCAPED = ("iso2022_jp", "iso2022_kr")  # seven bits, with ESC in front of what is no ASCII

# Letters that show nothing (Unicode's default ignorables and controls), and marks that stand above, below or in others:
# not those of Hangul, Kana or Indic letters, which make another letter.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
ALIKE = str.maketrans("аеорсхуіјѕԁһԛԝɡαορνικυχıȷ\u2800", "aeopcxyijsdhqwgaopvikuxij ")
LOOKING_LATIN = re.compile(f"[{''.join(map(chr, ALIKE))}]")

# A comment, of which browsers know short ones too; what only XML shows; code; a tag with its attributes.
MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<!\[CDATA\[|\]\]>|<(script|style)\b.*?(?:</\1\s*>|\Z)"
    r"|<(?:/?([a-z][^\s/>]*)|[/!?])(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?)*+(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
BLOCKS = words(
    "address article aside audio blockquote body br button canvas caption center dd details dialog dir div dl dt",
    "fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li main menu",
    "nav noframes object ol optgroup option p plaintext pre script search section select style summary svg table tbody",
    "td text textarea tfoot th thead title tr ul video xmp",
)
RUBY = re.compile(r"<r[tp]\b.*?(?:</r[tp]\s*>|(?=<(?:r[tpb]|/ruby)\b)|\Z)", re.DOTALL | re.IGNORECASE)
LAID_OUT = re.compile(r"<(?:\w+:)?(?:html|svg)\b", re.IGNORECASE)
HEAD_LETTERS = 4096
ENTITY = re.compile(r"<!ENTITY\s+([\w:.-]+)\s+(?:\"([^\"]*)\"|'([^']*)')")
MOST_ENTITIES, MOST_GROWTH = 200, 4  # of its own that are put in, and how many times longer a text may get by them
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
IN_SCRIPT = re.compile(r"\\(?:u([0-9a-f]{4})|u\{0*([0-9a-f]{1,6})\}|x([0-9a-f]{2})|([0-3]?[0-7]{1,2})|\r?\n)", re.I)
IN_STYLE = re.compile(r"\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|\r?\n|(.))", re.IGNORECASE | re.DOTALL)
JOINT = re.compile(r"[\"'`]\s*\+\s*[\"'`]|([\"'`])\s+\1")  # of strings that are put together


def folded(text: str) -> str:
    """`text` so that it equals all that looks like it: case, width, accents, unseen letters and spaces aside."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    text = UNSEEN.sub("", text.casefold())
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = text.translate(ALIKE) if LOOKING_LATIN.search(text) else text  # translating takes longest
    return " ".join(text.split())


def texts(data: bytes) -> Iterator[str]:
    """What is written in `data`, several where nobody can tell its encoding."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield data.decode("utf-16", errors="replace")
        return
    others: tuple[str, ...] = ESCAPED if b"\x1b" in data else ()
    try:
        yield data.decode()
    except UnicodeDecodeError:
        others = (*others, *(LEGACY if len(data) <= MOST_LEGACY_BYTES else ("latin-1",)))
    for codec in others:
        yield data.decode(codec, errors="replace")


def readings(source: str) -> Iterator[str]:
    """`source` in each way in which programs show it."""
    source = _with_entities(source)
    plain = html.unescape(html.unescape(source)) if "&" in source else source
    yield plain
    if "<" in source:
        yield _without_markup(source)
        if "<rt" in source.lower():
            yield _without_markup(RUBY.sub("", source))
    if PERCENT.search(plain):
        yield unquote(plain, errors="replace")
    if "\\" in plain or JOINT.search(plain):
        yield JOINT.sub("", IN_SCRIPT.sub(_letter, plain))
        yield JOINT.sub("", IN_STYLE.sub(_letter, plain))


def _with_entities(source: str) -> str:
    """XML with the entities put in that it declares itself, the last of them first, so that each is put in once."""
    most = MOST_GROWTH * len(source)
    for name, one, two in reversed(ENTITY.findall(source)[:MOST_ENTITIES]) if "<!ENTITY" in source else ():
        grown = source.replace(f"&{name};", one or two)
        source = grown if len(grown) <= most else source
    return source


def _without_markup(source: str) -> str:
    """The text between tags: parts of a word come together, blocks and the fields of XML stand apart."""
    head = source[:HEAD_LETTERS]
    is_fields = head.lstrip("\ufeff \r\n\t").startswith("<?xml") and not LAID_OUT.search(head)

    def gap(markup: re.Match[str]) -> str:
        name = markup[2]
        if name is None:
            return " " if markup[1] else ""
        return " " if is_fields or name.rpartition(":")[2].lower() in BLOCKS else ""

    return html.unescape(MARKUP.sub(gap, source))


def _letter(escape: re.Match[str]) -> str:
    """The letter that an escape of a script or a style stands for; nothing where it breaks a line."""
    first, *others = escape.groups()
    if escape.re is IN_STYLE:
        return _sign(first, 16) if first else others[0] or ""
    code = first or others[0] or others[1]
    return _sign(code, 16) if code else _sign(others[2], 8) if others[2] else ""


def _sign(digits: str, base: int) -> str:
    code = int(digits, base)
    return chr(code) if code < 0x110000 else "\ufffd"
