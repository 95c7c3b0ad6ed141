"""The schema of ComicInfo.xml 2.0, as the Anansi Project keeps it: names, order and types of what we may write."""

from __future__ import annotations

from xmlschema import XMLSchema

STRINGS = "string"
NUMBER = "int"
ELEMENTS: dict[str, str | tuple[str, ...]] = {
    **dict.fromkeys(("Title", "Series", "Number"), STRINGS),
    **dict.fromkeys(("Count", "Volume"), NUMBER),
    **dict.fromkeys(("AlternateSeries", "AlternateNumber"), STRINGS),
    "AlternateCount": NUMBER,
    **dict.fromkeys(("Summary", "Notes"), STRINGS),
    **dict.fromkeys(("Year", "Month", "Day"), NUMBER),
    **dict.fromkeys(("Writer", "Penciller", "Inker", "Colorist", "Letterer", "CoverArtist", "Editor"), STRINGS),
    **dict.fromkeys(("Publisher", "Imprint", "Genre", "Web"), STRINGS),
    "PageCount": NUMBER,
    **dict.fromkeys(("LanguageISO", "Format"), STRINGS),
    "BlackAndWhite": ("Unknown", "No", "Yes"),
    "Manga": ("Unknown", "No", "Yes", "YesAndRightToLeft"),
}
PAGE_KINDS = ("FrontCover", "InnerCover", "Story", "Editorial", "Preview", "BackCover", "Other")


def schema() -> XMLSchema:
    """The schema, for validation."""
    elements = "".join(_element(name, kind) for name, kind in ELEMENTS.items())
    pages = (
        '<xs:element name="Pages" minOccurs="0"><xs:complexType><xs:sequence>'
        '<xs:element name="Page" minOccurs="0" maxOccurs="unbounded"><xs:complexType>'
        '<xs:attribute name="Image" type="xs:int" use="required"/>'
        f'<xs:attribute name="Type">{_choice(PAGE_KINDS)}</xs:attribute>'
        '<xs:attribute name="ImageSize" type="xs:long"/>'
        '<xs:attribute name="ImageWidth" type="xs:int"/><xs:attribute name="ImageHeight" type="xs:int"/>'
        "</xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>"
    )
    body = f"<xs:complexType><xs:sequence>{elements}{pages}</xs:sequence></xs:complexType>"
    return XMLSchema(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">'
        f'<xs:element name="ComicInfo">{body}</xs:element></xs:schema>'
    )


def _element(name: str, kind: str | tuple[str, ...]) -> str:
    if isinstance(kind, str):
        return f'<xs:element name="{name}" type="xs:{kind}" minOccurs="0"/>'
    return f'<xs:element name="{name}" minOccurs="0">{_choice(kind)}</xs:element>'


def _choice(values: tuple[str, ...]) -> str:
    listed = "".join(f'<xs:enumeration value="{value}"/>' for value in values)
    return f'<xs:simpleType><xs:restriction base="xs:string">{listed}</xs:restriction></xs:simpleType>'
