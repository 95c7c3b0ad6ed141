"""Texts as their readers see them: without markup, all codes for letters undone, letters that look alike made one."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from packager.check.containers import DamageError
from packager.check.markup import BLOCKS, MARKUP, parse_html, visible_separator
from packager.check.words.pieces import SHORTEST_IN_BINARY, encoded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

# What old texts are written in and readers have their programs guess: all that browsers know beside UTF-8, by families.
LEGACY = (
    *("cp949", "johab", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp1252", "cp1250", "cp1251", "koi8_r", "cp866"),
    *("iso8859_5", "mac_cyrillic", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_6", "cp1257", "cp1258", "cp874"),
)
MOST_LEGACY_BYTES = 2 * 1024 * 1024  # of longer ones it is said that they are not UTF-8, and that must do
ESCAPED = ("iso2022_jp", "iso2022_kr")  # seven bits, with ESC in front of what is no ASCII

# Letters that show nothing (Unicode's default ignorables and controls), and the points of vowels.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4]"
)
# Marks above, below or in letters: not those of Hangul, Kana or Indic letters, which make another letter.
MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
SHORT, LONG = 3, 8  # letters: up to the first a word is a part of many, from the second on marks tell no words apart
CASED = "[A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff]"
ALIKE = str.maketrans("аеорсхуіјѕԁһԛԝɡαορνικυχıȷ\u2800", "aeopcxyijsdhqwgaopvikuxij ")
LOOKING_LATIN = re.compile(f"[{''.join(map(chr, ALIKE))}]")

BEFORE_BLOCK = re.compile(rf"(?=</?(?:\w+:)?(?:{'|'.join(sorted(BLOCKS))})[\s/>])", re.IGNORECASE)
TAG = re.compile(r"<[A-Za-z/!?]")
# What stands in a tag and is shown, or read out; and what holds a document of its own.
SPOKEN = re.compile(
    r"[\s\"'/](?:alt|title|label|placeholder|content|value|summary|aria-label)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')",
    re.IGNORECASE,
)
HOLDERS = frozenset("srcdoc src href data".split())
MOST_HELD = 3  # documents in one another
RUBY = re.compile(r"<r[tp]\b.*?(?:</r[tp]\s*>|(?=<(?:r[tpb]|/ruby)\b)|\Z)", re.DOTALL | re.IGNORECASE)
PROLOG = re.compile(
    r"[\ufeff\s]*+(?:(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)\s*+)*", re.S | re.I
)
LAID_OUT = re.compile(r"<(?:\w+:)?(?:html|svg)\b", re.IGNORECASE)
ENTITY = re.compile(r"<!ENTITY\s+([\w:.-]+)\s+(?:\"([^\"]*)\"|'([^']*)')")
MOST_ENTITIES, MOST_GROWTH = 200, 4  # of its own that are put in, and how many times longer a text may get by them
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
IN_SCRIPT = re.compile(r"\\(?:u([0-9a-f]{4})|u\{0*([0-9a-f]{1,6})\}|x([0-9a-f]{2})|([0-3]?[0-7]{1,2})|\r?\n)", re.I)
IN_STYLE = re.compile(r"\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|\r?\n|(.))", re.IGNORECASE | re.DOTALL)
CODE = re.compile(
    r"<(script|style)\b[^>]*+(?:>|\Z)(.*?)(?:</\1|\Z)|[\s\"'/](?:style|on[a-z]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')",
    re.S | re.I,
)
GAP = r"(?:\s++|/\*(?:(?!\*/)[\s\S]){0,200}\*/|//[^\n]{0,200}+\n)*"
JOINT = re.compile(rf"[\"'`]{GAP}\+{GAP}[\"'`]|[\"'`]{GAP}[\"'`]")  # of strings that are put together
# A word that goes on in the next line: with a hyphen, or in a script that needs none.
BROKEN = re.compile(r"(?:(?<=\w)[-\u2010][ \t]*|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])[ \t]*)\r?\n[ \t]*(?=\w)")


class TextKind(Enum):
    """What a text is, which decides how programs show it."""

    DOCUMENT = auto()  # or any other text, which browsers show too
    CODE = auto()  # a script or a style
    NAME = auto()  # of a file, or a comment of an archive
    METADATA = auto()  # letters among other bytes, where short words come up by chance


def find_readable(data: bytes, words: Iterable[str], kind: TextKind) -> list[str]:
    """Return those of the words that readers find in the text in `data`, in whatever encoding it is."""
    left = dict.fromkeys(words)
    found = []
    for text, codec in _decodings(data) if left and data else ():
        is_metadata = kind is TextKind.METADATA
        long_enough = [word for word in left if not is_metadata or len(encoded(word, codec)) >= SHORTEST_IN_BINARY]
        texts = [(text, True)] if is_metadata and codec != "utf-8" else list(readings(text, kind))
        for word in _words_in(texts, long_enough):
            del left[word]
            found.append(word)
    return found


def _words_in(texts: list[tuple[str, bool]], words: Iterable[str]) -> Iterator[str]:
    folded_texts: dict[tuple[bool, bool], str] = {}
    for word in words:
        shown_only, keeps_marks = key = is_short(word), _keeps_marks(word)
        if key not in folded_texts:
            chosen = (text for text, is_shown in texts if is_shown or not shown_only)
            folded_texts[key] = "\n".join(_folded(text, keeps_marks=keeps_marks) for text in chosen)
        if _pattern(word).search(folded_texts[key]):
            yield word


def is_short(word: str) -> bool:
    """Return whether a word is looked for as a whole alone, and not in markup: where letters are syllables none is."""
    return len(word) <= SHORT and re.fullmatch(f"{CASED}+", unicodedata.normalize("NFC", word)) is not None


def _keeps_marks(word: str) -> bool:
    has_marks = MARKS.search(unicodedata.normalize("NFKD", word)) is not None
    return is_short(word) or (has_marks and len(word) < LONG)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    form = re.escape(_folded(word, keeps_marks=_keeps_marks(word)) or word)  # of what nobody sees nothing would be left
    return re.compile(f"(?<!{CASED}){form}(?!{CASED})" if is_short(word) else form)


def _folded(text: str, *, keeps_marks: bool = False) -> str:
    """Return `text` so that it equals all that looks like it: case, width, marks, unseen letters and spaces aside."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    text = UNSEEN.sub("", text.casefold())
    if not text.isascii():
        text = unicodedata.normalize("NFC", text if keeps_marks else MARKS.sub("", text))
        text = text.translate(ALIKE) if LOOKING_LATIN.search(text) else text  # translating takes longest
    return " ".join(text.split())


def _decodings(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what is written in `data` with its encoding, in several encodings where nobody can tell which it is."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield data.decode("utf-16", errors="replace"), "utf-16"
        return
    others: tuple[str, ...] = ESCAPED if b"\x1b" in data else ()
    try:
        yield data.decode(), "utf-8"
    except UnicodeDecodeError:
        yield data.decode(errors="replace"), "utf-8"
        others = (*others, *(LEGACY if len(data) <= MOST_LEGACY_BYTES else ("latin-1",)))
    for codec in others:
        yield data.decode(codec, errors="replace"), codec


def readings(source: str, kind: TextKind) -> Iterator[tuple[str, bool]]:
    """Yield `source` in each way in which programs show it, and whether that is without markup and code."""
    source = _with_entities(source)
    plain = html.unescape(html.unescape(source)) if "&" in source else source
    has_tags = TAG.search(source) is not None
    is_code = kind is TextKind.CODE
    is_shown = not has_tags and not is_code
    yield plain, is_shown
    if has_tags:
        yield from ((reading, True) for reading in _shown(source, parses=is_code or kind is TextKind.DOCUMENT))
    elif BROKEN.search(plain):
        yield BROKEN.sub("", plain), is_shown
    if PERCENT.search(plain):
        yield unquote(unquote(plain, errors="replace"), errors="replace"), is_shown
    code = plain if is_code else "\n".join("".join(parts[1:]) for parts in CODE.findall(source)) if has_tags else ""
    for text, pattern in ((plain, None), (html.unescape(code), JOINT)):
        if "\\" in text or (pattern and pattern.search(text)):
            for escapes in (IN_SCRIPT, IN_STYLE):
                letters = escapes.sub(_letter, text)
                yield pattern.sub("", letters) if pattern else letters, is_shown


def _shown(source: str, *, parses: bool, held: int = 0) -> Iterator[str]:
    """What is shown of a document: by its tags, and as a parser finds it, who knows which of them are none."""
    yield "\n".join(html.unescape(one or two) for one, two in SPOKEN.findall(source))
    sources = [source, RUBY.sub("", source)] if "<rt" in source.lower() else [source]
    is_fields = _is_fields(source)
    is_xml = "<?xml" in source or "xmlns" in source
    for one in sources:
        document = _parsed(one) if parses and not is_fields else None
        if is_xml or document is None:
            yield _without_markup(one, is_fields=is_fields)
        if document is not None:
            yield from _document_texts(document, one.lower(), held)


def _parsed(source: str) -> LexborHTMLParser | None:
    """The document as browsers parse it, with blocks apart; None for one that would take them too long."""
    try:
        return parse_html(BEFORE_BLOCK.sub(" ", source))
    except DamageError:  # which the file's own finding says
        return None


def _document_texts(document: LexborHTMLParser, lowered: str, held: int) -> Iterator[str]:
    """The text of a document, and of those that stand in its attributes."""
    document.strip_tags(["script", "style"])
    if document.root is None:
        return
    yield document.root.text()
    if held < MOST_HELD and ("srcdoc" in lowered or "data:" in lowered):
        for node in document.css(",".join(f"[{name}]" for name in sorted(HOLDERS))):
            for name in HOLDERS & node.attributes.keys():
                value = node.attributes[name] or ""
                if name == "srcdoc" or value.strip().lower().startswith("data:"):
                    inner = value if name == "srcdoc" else unquote(value, errors="replace")
                    yield from _shown(inner, parses=True, held=held + 1)


def _is_fields(source: str) -> bool:
    """Whether it is XML of fields that stand apart, and not of a text that is laid out."""
    start = PROLOG.match(source)
    end = start.end() if start else 0
    return source[:end].lstrip("\ufeff \r\n\t").startswith("<?xml") and not LAID_OUT.match(source, end)


def _with_entities(source: str) -> str:
    """XML with the entities put in that it declares itself, the last of them first, so that each is put in once."""
    most = MOST_GROWTH * len(source)
    for name, one, two in reversed(ENTITY.findall(source)[:MOST_ENTITIES]) if "<!ENTITY" in source else ():
        grown = source.replace(f"&{name};", one or two)
        source = grown if len(grown) <= most else source
    return source


def _without_markup(source: str, *, is_fields: bool) -> str:
    """The text between tags: parts of a word come together, blocks and the fields of XML stand apart."""

    def space(markup: re.Match[str]) -> str:
        return " " if is_fields and markup[2] else visible_separator(markup)

    return html.unescape(MARKUP.sub(space, source))


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
