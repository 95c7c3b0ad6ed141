"""XML from outside -> elements: without entities, nothing fetched, and within limits on its growth."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from packager.errors import SourceError
from packager.sandbox.limits import LIMITS, Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element, TreeBuilder

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
# Of what is only judged; rules on sizes name the documents that are too large.
CHECKED = replace(LIMITS, xml_bytes=64 << 20, xml_elements=2_000_000, xml_depth=1_000)


class XmlError(SourceError):
    """XML that is refused, in `line` counted from 1, where one is to blame."""

    line: int | None = None


def parse(data: bytes, limits: Limits = LIMITS, *, may_have_type: bool = True, has_namespaces: bool = True) -> Element:
    """Return the root element, names as `{namespace}name`; raises XmlError for what is no plain, well-formed XML.

    Where it `may_have_type`, a document type may be named, as books do; one that declares anything is refused. Without
    namespaces, names are as they are written, and a prefix that nothing declares is a part of them.
    """
    from xml.etree.ElementTree import TreeBuilder

    tree = TreeBuilder()
    _parse(data, _Tree(limits, tree), _refuse_declarations if may_have_type else _refuse_type, has_namespaces)
    return tree.close()


def _parse(data: bytes, elements: _Elements, on_type: Callable[..., None], has_namespaces: bool = True) -> None:
    if len(data) > elements.limits.xml_bytes:
        raise XmlError(f"is larger than {elements.limits.xml_bytes >> 20} MiB of XML")
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator="}" if has_namespaces else None)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = elements.start, elements.end
    parser.CharacterDataHandler = elements.data
    parser.StartDoctypeDeclHandler = on_type
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        refusal = XmlError(f"is not well-formed XML: {error}")
        refusal.line = error.lineno
        raise refusal from error
    except XmlError as refusal:
        refusal.line = parser.CurrentLineNumber
        raise
    except (ValueError, LookupError, AssertionError) as error:
        raise XmlError(f"is XML that cannot be read: {error}") from error


def xml_error(data: bytes) -> tuple[str, int | None]:
    """Return what is wrong with the XML in `data` and in which line, "" when nothing is; no tree is built."""
    try:
        _parse(data, _Elements(CHECKED), _refuse_declarations)
    except XmlError as problem:
        return f"it {problem.what}", problem.line
    return "", None


def without_declaration(text: str) -> str:
    """Return XML that was decoded without the declaration of an encoding that it is not in any more."""
    return _DECLARATION.sub("", text, count=1)


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


class _Elements:
    """Counts elements as they come, within limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._depth = self._count = 0

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > self.limits.xml_depth or self._count > self.limits.xml_elements:
            raise XmlError("holds too many XML elements, or nests them too deeply")

    def end(self, _name: str) -> None:
        self._depth -= 1

    def data(self, text: str) -> None:
        """What stands between elements is well-formed where the parser gives it."""


class _Tree(_Elements):
    """Builds the tree of elements as well."""

    def __init__(self, limits: Limits, tree: TreeBuilder) -> None:
        super().__init__(limits)
        self._tree = tree

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        self._tree.start(_named(name), {_named(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        super().end(name)
        self._tree.end(_named(name))

    def data(self, text: str) -> None:
        self._tree.data(text)


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse_declarations(_name: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
    if has_declarations:
        _refuse_entities()


def _refuse_entities(*_: object) -> None:
    raise XmlError("declares entities, which no book needs")


def _refuse_type(*_: object) -> None:
    raise XmlError("names a document type, which such a file never needs")
