"""The part of the schema of Jenkins' xUnit plugin (junit-10.xsd) that reports of ours use: names, order, what must be.

https://github.com/jenkinsci/xunit-plugin, src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd
"""

from __future__ import annotations

from xmlschema import XMLSchema

# element -> (attributes that must be, attributes that may be, elements in it, any number in any order)
ELEMENTS: dict[str, tuple[str, str, str]] = {
    "testsuites": ("", "name time tests failures errors", "testsuite"),
    "testsuite": (
        "name tests failures errors",
        "group time skipped timestamp hostname id package file log url version",
        "testsuite properties testcase system-out system-err",
    ),
    "testcase": ("name", "time classname group", "skipped error failure system-out system-err"),
}
NOTES = ("failure", "error", "skipped")  # text with a type and a message
TEXTS = ("system-out", "system-err")


def schema() -> XMLSchema:
    """The schema, for validation."""
    elements = "".join(_element(name, *parts) for name, parts in ELEMENTS.items())
    notes = "".join(
        f'<xs:element name="{name}"><xs:complexType mixed="true">{_attributes("", "type message")}</xs:complexType>'
        "</xs:element>"
        for name in NOTES
    )
    texts = "".join(f'<xs:element name="{name}" type="xs:string"/>' for name in TEXTS)
    properties = '<xs:element name="properties"/>'
    return XMLSchema(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{elements}{notes}{texts}{properties}</xs:schema>'
    )


def _element(name: str, required: str, optional: str, inner: str) -> str:
    choices = "".join(f'<xs:element ref="{one}"/>' for one in inner.split())
    return (
        f'<xs:element name="{name}"><xs:complexType>'
        f'<xs:choice minOccurs="0" maxOccurs="unbounded">{choices}</xs:choice>{_attributes(required, optional)}'
        "</xs:complexType></xs:element>"
    )


def _attributes(required: str, optional: str) -> str:
    must = "".join(f'<xs:attribute name="{name}" type="xs:string" use="required"/>' for name in required.split())
    return must + "".join(f'<xs:attribute name="{name}" type="xs:string"/>' for name in optional.split())
