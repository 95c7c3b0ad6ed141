"""EPUBs as packager writes them: which files, in which order, and what may stand in each; all else is a finding.

What a book says of itself and its pages of pictures have one form each; its texts are held against `check/book.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from packager.archive import Member, Packing
from packager.check.facts import ArchiveProblem
from packager.check.findings import show
from packager.output.templates import folder, is_own_style

PACKAGE, NAVIGATION, CONTENTS, STYLE = "book.opf", "nav.xhtml", "toc.ncx", "style.css"
CONTAINER = "META-INF/container.xml"
_HEADING = ("mimetype", CONTAINER, PACKAGE, NAVIGATION, CONTENTS, STYLE)

_TEXT = r"""(?:[^<>&"'\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]++|&(?:amp|lt|gt|#34|#39);)+"""  # as Jinja escapes it
_LANGUAGE = "[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
_XML = r'<\?xml version="1\.0" encoding="utf-8"\?>\n'
_XHTML = "http://www.w3.org/1999/xhtml"
_OPS = 'xmlns:epub="http://www.idpf.org/2007/ops"'
_SHEET = '<link rel="stylesheet" href="style.css"/>'
_LANG = f'lang="(?P<language>{_LANGUAGE})" xml:lang="(?P=language)"'

_PACKAGE = re.compile(
    rf'{_XML}<package xmlns="http://www\.idpf\.org/2007/opf" version="3\.0" unique-identifier="id" '
    rf'xml:lang="(?P<language>{_LANGUAGE})">\n<metadata xmlns:dc="http://purl\.org/dc/elements/1\.1/">\n'
    r'<dc:identifier id="id">(?P<identifier>urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12})'
    rf"</dc:identifier>\n<dc:title>(?P<title>{_TEXT})</dc:title>\n<dc:language>(?P=language)</dc:language>\n"
    rf"(?:<dc:creator>{_TEXT}</dc:creator>\n)*"
    r'<meta property="dcterms:modified">2020-01-01T00:00:00Z</meta>\n'
    r'(?P<fixed><meta property="rendition:layout">pre-paginated</meta>\n'
    r'<meta property="rendition:spread">(?:landscape|none)</meta>\n'
    r'(?:<meta property="rendition:flow">scrolled-continuous</meta>\n)?)?'
    r'(?:<meta name="cover" content="(?P<cover>p\d{1,5})"/>\n)?</metadata>\n<manifest>\n'
    r'<item id="nav" href="nav\.xhtml" media-type="application/xhtml\+xml" properties="nav"/>\n'
    r'<item id="ncx" href="toc\.ncx" media-type="application/x-dtbncx\+xml"/>\n'
    r'<item id="css" href="style\.css" media-type="text/css"/>\n'
    r'(?P<documents>(?:<item id="(?:d\d{1,5}|words)" href="(?:\d{1,5}|words)\.xhtml" '
    r'media-type="application/xhtml\+xml"/>\n)+)'
    r'(?P<pictures>(?:<item id="p\d{1,5}" href="(?:\d{1,5}|cover)\.jpg" media-type="image/jpeg"'
    r'(?: properties="cover-image")?/>\n)*)</manifest>\n<spine toc="ncx" page-progression-direction="(?:ltr|rtl)">\n'
    r'(?P<spine>(?:<itemref idref="(?:d\d{1,5}|words)"(?: properties="(?:page-spread-(?:left|right)'
    r'|rendition:(?:page-spread-center|layout-reflowable))")?/>\n)+)</spine>\n</package>',
    re.ASCII,
)
_NAVIGATION = re.compile(
    rf'{_XML}<!DOCTYPE html>\n<html xmlns="{_XHTML}" {_OPS} {_LANG} dir="(?:ltr|rtl)">\n'
    rf"<head>\n<title>(?P<title>{_TEXT})</title>\n{_SHEET}\n</head>\n"
    r'<body>\n<nav epub:type="toc" role="doc-toc">\n'
    rf'<h1 lang="(?P<own>{_LANGUAGE})" xml:lang="(?P=own)">{_TEXT}</h1>\n<ol>\n'
    rf'(?P<lines>(?:<li><a href="\d{{1,5}}\.xhtml(?:#h\d{{1,6}})?">{_TEXT}</a></li>\n)+)</ol>\n</nav>\n'
    "</body>\n</html>",
    re.ASCII,
)
_NAVIGATION_LINE = re.compile('<a href="([^"]+)">([^<]+)</a>')
_CONTENTS = re.compile(
    rf'{_XML}<ncx xmlns="http://www\.daisy\.org/z3986/2005/ncx/" version="2005-1" xml:lang="(?P<language>{_LANGUAGE})">'
    r'\n<head>\n<meta name="dtb:uid" content="(?P<identifier>[a-z0-9:-]+)"/>\n</head>\n'
    rf"<docTitle>\n<text>(?P<title>{_TEXT})</text>\n</docTitle>\n<navMap>\n(?P<lines>"
    r'(?:<navPoint id="t(\d{1,6})" playOrder="\5">\n<navLabel>\n'
    rf'<text>{_TEXT}</text>\n</navLabel>\n<content src="[^"<>]+"/>\n</navPoint>\n)+)</navMap>\n</ncx>',
    re.ASCII,
)
_CONTENTS_LINE = re.compile(
    'id="t([0-9]+)"[^>]*>\n<navLabel>\n<text>([^<]+)</text>\n</navLabel>\n<content src="([^"]+)"'
)
_PAGE = re.compile(
    rf'<!DOCTYPE html>\n<html xmlns="{_XHTML}" {_LANG}(?: dir="rtl")?>\n<head><title>(?P<title>{_TEXT})</title>'
    rf'<meta name="viewport" content="width=[1-9]\d{{0,5}}, height=[1-9]\d{{0,5}}"/>{_SHEET}</head>\n'
    rf'<body class="leaf">(?:<img src="(?P<picture>\d{{1,5}}\.jpg)" alt="{_TEXT}"/>|<p class="gap">{_TEXT}</p>)'
    "</body>\n</html>",
    re.ASCII,
)
_BEGINNING = re.compile(
    rf'{_XML}<!DOCTYPE html>\n<html xmlns="{_XHTML}" {_OPS} {_LANG}(?: dir="rtl")?>\n'
    rf"<head>\n<title>(?P<title>{_TEXT})</title>\n{_SHEET}\n</head>\n<body>\n",
    re.ASCII,
)
_END = "</body>\n</html>"
_ATTRIBUTE = r' ([a-z:]+)="((?:[^<>&"]++|&(?:amp|lt|gt|#34|#39);)*)"'
_PART = re.compile(
    rf"</(?P<end>[a-z0-9]+)>|<(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?:{_ATTRIBUTE.replace('(', '(?:', 1)})*)/?>"
    rf"|(?P<text>{_TEXT})"
)


@dataclass(slots=True)
class BookForm:
    """One reading of a book; `read` gives the bytes of a file, and may raise OSError or DamageError."""

    read: Callable[[str], bytes]
    members: Sequence[Member]
    shown: set[str] = field(default_factory=set)

    def problems(self) -> Iterator[ArchiveProblem]:
        """Yield what is not as packager writes it, of each file the first."""
        wrong = [PACKAGE] if (said := _PACKAGE.fullmatch(self.text(PACKAGE))) is None else list(self.files(said))
        yield from (("A210", path, f"{show(path)} is not as packager writes it") for path in dict.fromkeys(wrong))
        packed = [one.name for one in self.members if one.packing is not Packing.STORED]
        if packed and not wrong:
            yield "A210", "", f"{len(packed)} of its files are packed, and packager stores them"

    def text(self, path: str) -> str:
        return self.read(path).decode(errors="replace")

    def files(self, said: re.Match[str]) -> Iterator[str]:
        """Yield the files that are not as this package has them."""
        documents = re.findall('id="([^"]+)" href="([^"]+)"', said["documents"])
        pictures = re.findall('id="p([^"]+)" href="([^".]+)[^"]+"[^/]+?/jpeg"( prop)?', said["pictures"])
        order = re.findall('idref="([^"]+)"', said["spine"])
        names = [name for _, name in documents]
        covers = [f"p{number}" for number, _, is_cover in pictures if is_cover]
        if (
            order != [id_ for id_, _ in documents]
            or any(name != f"{id_.removeprefix('d')}.xhtml" for id_, name in documents)
            or any(int(number) != (0 if stem == "cover" else int(stem)) for number, stem, _ in pictures)
            or covers != ([said["cover"]] if said["cover"] else [])
        ):
            yield PACKAGE
        if self.text(CONTAINER) != (folder() / "epub" / "container.xml").read_text(encoding="utf-8").rstrip("\n"):
            yield CONTAINER
        if not is_own_style(self.text(STYLE)):
            yield STYLE
        yield from self.contents(said, names)
        for name in names:
            is_page = said["fixed"] and name != "words.xhtml"
            if not (self.is_page(name, said) if is_page else self.is_text(name, said)):
                yield name
        stems = [f"{stem}.jpg" for _, stem, _ in pictures]
        yield from (name for name in stems if name not in self.shown and name != "cover.jpg")
        if [one.name for one in self.members] != [*_HEADING, *names, *stems]:
            yield PACKAGE

    def contents(self, said: re.Match[str], names: list[str]) -> Iterator[str]:
        """Yield the tables of contents that do not say what the other one says, or lead elsewhere."""
        navigation, contents = _NAVIGATION.fullmatch(self.text(NAVIGATION)), _CONTENTS.fullmatch(self.text(CONTENTS))
        lines = _NAVIGATION_LINE.findall(navigation["lines"]) if navigation else []
        if not (navigation and _is_of(navigation, said)) or any(href.split("#")[0] not in names for href, _ in lines):
            yield NAVIGATION
        numbered = [(str(number), text, href) for number, (href, text) in enumerate(lines, 1)]
        if (
            not (contents and _is_of(contents, said))
            or contents["identifier"] != said["identifier"]
            or _CONTENTS_LINE.findall(contents["lines"]) != numbered
        ):
            yield CONTENTS

    def is_page(self, name: str, said: re.Match[str]) -> bool:
        page = _PAGE.fullmatch(self.text(name))
        self.shown |= {page["picture"]} if page and page["picture"] else set()
        return page is not None and _is_of(page, said)

    def is_text(self, name: str, said: re.Match[str]) -> bool:
        text = self.text(name)
        beginning = _BEGINNING.match(text)
        if beginning is None or not _is_of(beginning, said) or not text.endswith(_END):
            return False
        at, end = beginning.end(), len(text) - len(_END)
        while at < end:
            part = _PART.match(text, at, end)
            if part is None or not (part["name"] is None or self.is_allowed(part["name"], part["attributes"])):
                return False
            at = part.end()
        return True

    def is_allowed(self, name: str, attributes: str) -> bool:
        forms = _table()["elements"].get(name)
        if forms is None:
            return False
        pairs = re.findall(_ATTRIBUTE, attributes)
        self.shown |= {value for key, value in pairs if key == "src"}
        every = _table()["everywhere"] | forms
        said = dict(pairs)
        is_one_language = said.get("lang") == said.get("xml:lang")
        return is_one_language and all(key in every and re.fullmatch(every[key], value) for key, value in pairs)


def _is_of(document: re.Match[str], said: re.Match[str]) -> bool:
    return (document["title"], document["language"]) == (said["title"], said["language"])


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "book.toml").read_text(encoding="utf-8"))
