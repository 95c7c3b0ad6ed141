"""Parts of a document of Word that are pages of HTML: programs that export to Word put the whole text into one."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from packager.errors import SourceError
from packager.readers.articles.mhtml import page_in

_MAIL = (b"mime-version:", b"content-type:", b"from:", b"subject:")


def chunk_html(data: bytes) -> tuple[str, dict[str, bytes]]:
    """Return what stands in the body of a page, saved as HTML or MHTML, and the pictures that came with it.

    "" where it is in another form.
    """
    begin = data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not begin.startswith((b"<", *_MAIL)) or (begin.startswith(b"<?xml version") and b"<html" not in data[:2000]):
        return "", {}
    try:
        text, pictures = page_in(data, is_mail=not begin.startswith(b"<"))
    except SourceError:
        return "", {}
    tree = LexborHTMLParser(text)
    styles = "".join(node.html or "" for node in tree.css("head style"))
    body = (tree.body.inner_html or "") if tree.body is not None else ""
    return styles + body, pictures
