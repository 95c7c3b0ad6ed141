"""An OpenDocument text (ODT) -> the article in it."""

from __future__ import annotations

from dataclasses import replace

from packager.archive.xml import parse
from packager.errors import SourceError
from packager.model import Outcome, Source
from packager.readers.account import Account, of_markup, words
from packager.readers.articles import html
from packager.readers.articles.odt.text import OdtText
from packager.readers.articles.office.parts import OF_OFFICE, OfficeParts, read_parts
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle, not_taken

_SAVE = "Open it in a word processor and save it again, as ODT or as DOCX."
_NOT_TAKEN = {
    Outcome.WARNING: ("charts", "drawings", "objects of other programs", "pictures that lie elsewhere"),
    Outcome.PASSED_OVER: ("comments", "words of comments", "deleted words", "hidden words"),
}


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the article in the document with its pictures; raises SourceError where it is none."""
    try:
        parts = read_parts(source)
        text = _text(parts)
        page = text.page()
    except SourceError as error:
        what = f"is no OpenDocument text, or a damaged one ({error.what})"
        raise SourceError(what, where=source.label, hint=_SAVE) from error
    origin = html.PageOrigin(Attachments(text.pictures), is_whole=True)
    article = html.read(page, source.label, finder, origin=origin)
    body = parts.bytes_of("content.xml").decode("utf-8", "replace").partition("<office:body>")[2]
    account = Account(((source.label, words(of_markup(body, is_whole=True))),), words(*text.unseen))
    return replace(
        article, remarks=(*article.remarks, *not_taken(source.label, text.left_out, _NOT_TAKEN)), account=account
    )


def _text(parts: OfficeParts) -> OdtText:
    if b"manifest:encryption-data" in parts.bytes_of("META-INF/manifest.xml"):
        raise SourceError("it is locked with a password")
    content, styles = parts.bytes_of("content.xml"), parts.bytes_of("styles.xml")
    if not content:
        raise SourceError("it has no text")
    return OdtText(parts, parse(content, OF_OFFICE), parse(styles, OF_OFFICE) if styles else None)
