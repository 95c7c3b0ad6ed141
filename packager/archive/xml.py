"""XML from outside -> elements: without entities, nothing fetched, and within limits on its growth."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from packager.errors import SourceError
from packager.sandbox.limits import LIMITS, Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


# Rules on sizes name the documents that are too large.
_CHECKED = replace(LIMITS, xml_bytes=64 << 20, xml_elements=2_000_000, xml_depth=1_000)


class XmlError(SourceError):
    """XML that is refused, in `line` counted from 1, where one is to blame."""

    line: int | None = None


def parse(data: bytes, limits: Limits = LIMITS, *, may_have_type: bool = True) -> Element:
    """Return the root element, names as `{namespace}name`; raises XmlError for what is no plain, well-formed XML.

    Where it `may_have_type`, a document type may be named, as books do; one that declares anything is refused.
    """
    if len(data) > limits.xml_bytes:
        raise XmlError(f"is larger than {limits.xml_bytes >> 20} MiB of XML")
    from xml.parsers import expat

    builder = _Builder(limits)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_declarations if may_have_type else _refuse_type
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
        return builder.close()
    except expat.ExpatError as error:
        refusal = XmlError(f"is not well-formed XML: {error}")
        refusal.line = error.lineno
        raise refusal from error
    except XmlError as refusal:
        refusal.line = parser.CurrentLineNumber
        raise
    except (ValueError, LookupError, AssertionError) as error:
        raise XmlError(f"is XML that cannot be read: {error}") from error


def checked_root(data: bytes) -> Element:
    """The root of the XML in `data`, which is judged whole, whatever its size; raises XmlError as `parse`."""
    return parse(data, _CHECKED)


def xml_error(data: bytes) -> tuple[str, int | None]:
    """What is wrong with the XML in `data` and in which line; "" when nothing is."""
    try:
        checked_root(data)
    except XmlError as problem:
        return f"it {problem.what}", problem.line
    return "", None


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


class _Builder:
    """Builds the tree of elements as they come, within limits."""

    def __init__(self, limits: Limits) -> None:
        from xml.etree.ElementTree import TreeBuilder

        self._limits = limits
        self._tree = TreeBuilder()
        self._depth = self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > self._limits.xml_depth or self._count > self._limits.xml_elements:
            raise XmlError("holds too many XML elements, or nests them too deeply")
        self._tree.start(_named(name), {_named(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(_named(name))

    def data(self, text: str) -> None:
        self._tree.data(text)

    def close(self) -> Element:
        return self._tree.close()


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse_declarations(_name: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
    if has_declarations:
        _refuse_entities()


def _refuse_entities(*_: object) -> None:
    raise XmlError("declares entities, which no book needs")


def _refuse_type(*_: object) -> None:
    raise XmlError("names a document type, which such a file never needs")
