"""A document of a book -> HTML: it is XML, whether or not it says so, and HTML where it is not well-formed."""

from __future__ import annotations

import re
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING

from packager.archive.xml import XmlError, local_name, parse, without_declaration
from packager.errors import SourceError
from packager.readers.encodings import decode
from packager.sandbox.limits import LIMITS, Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PREFIXES = {
    "{http://www.idpf.org/2007/ops": "epub:",
    "{http://www.w3.org/1999/xlink": "xlink:",
    "{http://www.w3.org/XML/1998/namespace": "xml:",
}
_SWITCH = "{http://www.idpf.org/2007/ops}switch"
_CASE, _DEFAULT = "{http://www.idpf.org/2007/ops}case", "{http://www.idpf.org/2007/ops}default"
# Elements whose content a parser of HTML takes for text, and whose names mean nothing else in a book.
_RAW = frozenset(("noembed", "noframes", "noscript", "plaintext", "xmp"))
_ENTITY = re.compile("&([A-Za-z][A-Za-z0-9]{1,31};)")
_OF_XML = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def xml_of(data: bytes, name: str, limits: Limits = LIMITS) -> Element:
    """Return the root element of XML in a book; raises SourceError, as XmlError where it is not well-formed.

    Names of characters that HTML knows are known: document types declare them, and nobody fetches those.
    """
    return parse(_text_of(data, name, limits).encode(), limits)


def html_of(data: bytes, name: str, limits: Limits = LIMITS) -> str:
    """Return the document in `data` as HTML; raises SourceError for one that is too large or no text."""
    from xml.etree.ElementTree import tostring

    from packager.readers.articles.html.markup import prepared

    text = _text_of(data, name, limits)
    try:
        root = parse(text.encode(), limits)
    except XmlError:
        return prepared(text, is_xml=True)
    for element in list(root.iter()):
        _rename(element)
    return tostring(root, encoding="unicode", method="html")


def _text_of(data: bytes, name: str, limits: Limits) -> str:
    from packager.readers.articles.html import declared_encoding

    if len(data) > limits.xml_bytes:
        raise SourceError(f"holds a document that is larger than {limits.xml_bytes >> 20} MiB ({name})")
    text = decode(data, declared=declared_encoding(data), label=name)
    return _ENTITY.sub(_character, without_declaration(text))


def _character(entity: re.Match[str]) -> str:
    """The character that HTML calls so: books name a document type that declares it, and that nobody fetches."""
    name = entity[1]
    return escape(html5[name], quote=False) if name in html5 and name not in _OF_XML else entity[0]


def _rename(element: Element) -> None:
    """Give an element and its attributes the names that they have in HTML."""
    if element.tag == _SWITCH:
        element[:] = [child for child in element if child.tag == _DEFAULT] or element[:1]
    is_of_switch = element.tag in (_SWITCH, _CASE, _DEFAULT)
    name = local_name(element.tag)
    element.tag = "div" if is_of_switch or name in _RAW else name
    named = {_attribute(key): value for key, value in element.attrib.items()}
    element.attrib.clear()
    element.attrib.update(named)


def _attribute(key: str) -> str:
    namespace, _, name = key.rpartition("}")
    return _PREFIXES.get(namespace, "") + name
