"""Documents that tests make: of Word, and pages saved as one file."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from html import escape

from PIL import Image

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def png(colour: str = "#9c3d2e", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


def docx(
    body: str,
    files: Mapping[str, bytes] | None = None,
    *,
    notes: str = "",
    links: Mapping[str, str] | None = None,
    parts: Mapping[str, str] | None = None,
    styles: str = "",
    main: str = "document.xml",
) -> bytes:
    """A document of Word with this XML for its body; `files` lie in its media folder and have their names for ids.

    `links` are addresses of pictures elsewhere, by their ids; `parts` hold the XML of further parts, by their kinds,
    `styles` that of further styles. `main` is the name of the part with the text.
    """
    files = files or {}
    relations = "".join(
        f'<Relationship Id="{name.partition(".")[0]}" Type="{_OFFICE}/image" Target="media/{name}"/>' for name in files
    )
    relations += "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/image" Target="{escape(target)}" TargetMode="External"/>'
        for name, target in (links or {}).items()
    )
    relations += f'<Relationship Id="notes" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>' if notes else ""
    relations += f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    for kind in parts or {}:
        relations += f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>'
    names = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2", "Quote": "Quote"}
    styles += "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{names[key]}"/></w:style>' for key in names
    )
    every = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="emf" ContentType="image/x-emf"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
        f'Type="{_OFFICE}/officeDocument" Target="word/{main}"/></Relationships>',
        f"word/_rels/{main}.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        f"word/{main}": f'<w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" xmlns:a="{_DRAWING}/main" '
        f'xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:pic="{_DRAWING}/picture" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram">'
        f"<w:body>{body}</w:body></w:document>",
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_WORD}">{notes}</w:footnotes>',
        **{
            f"word/{kind}.xml": f'<w:{kind} xmlns:w="{_WORD}" xmlns:a="{_DRAWING}/main">{xml}</w:{kind}>'
            for kind, xml in (parts or {}).items()
        },
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in every.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
        for name, data in files.items():
            archive.writestr(f"word/media/{name}", data)
    return stream.getvalue()


def paragraph(text: str, style: str = "", *, properties: str = "") -> str:
    """A paragraph of Word."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{styled}{properties}</w:pPr><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def shown(picture: str, words: str = "") -> str:
    """A paragraph that shows the picture with this id."""
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="{escape(words)}"/><a:graphic><a:graphicData>'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{picture}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def mhtml(
    page: str, pictures: Mapping[str, bytes] | None = None, address: str = "https://example.org/a/b.html"
) -> bytes:
    """A page saved as browsers do it, with its pictures by their addresses."""
    lines = [
        "From: <Saved by Blink>",
        f"Snapshot-Content-Location: {address}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="----x"',
        "",
        "------x",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        f"Content-Location: {address}",
        "",
        base64.encodebytes(page.encode()).decode(),
    ]
    for location, data in (pictures or {}).items():
        named = f"Content-ID: <{location[4:]}>" if location.startswith("cid:") else f"Content-Location: {location}"
        lines += ["------x", "Content-Type: image/png", "Content-Transfer-Encoding: base64", named, ""]
        lines += [base64.encodebytes(data).decode()]
    return "\r\n".join([*lines, "------x--", ""]).encode()


def epub(
    chapters: Mapping[str, str], files: Mapping[str, bytes] | None = None, *, titles: Mapping[str, str] | None = None
) -> bytes:
    """A book with these bodies of chapters by name, its pictures, and the lines of its table of contents by chapter."""
    files = files or {}
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters)
    items += "".join(f'<item id="{name}" href="{name}" media-type="image/png"/>' for name in files)
    lines = "".join(f'<li><a href="{name}">{escape(title)}</a></li>' for name, title in (titles or {}).items())
    order = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    parts = {
        "META-INF/container.xml": '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="book/package.opf"/></rootfiles></container>',
        "book/package.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The book</dc:title><dc:creator>Min Lee</dc:creator>'
        "<dc:language>en</dc:language></metadata><manifest>"
        f'<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}</manifest>'
        f"<spine>{order}</spine></package>",
        "book/nav.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
        f'<nav epub:type="toc"><ol>{lines}</ol></nav></body></html>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, body in chapters.items():
            head = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
            archive.writestr(f"book/{name}", f"{head}<body>{body}</body></html>")
        for name, data in files.items():
            archive.writestr(f"book/{name}", data)
    return stream.getvalue()
