"""A document in RTF, of any code page -> the article in it."""

from __future__ import annotations

from dataclasses import replace

from packager.archive.read import read_source
from packager.errors import SourceError
from packager.model import Outcome, Source
from packager.readers.account import Account, words
from packager.readers.articles import html
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle, not_taken
from packager.readers.articles.rtf.document import RtfDocument
from packager.readers.articles.rtf.held import words_held
from packager.sandbox.limits import LIMITS

_SAVE = "Save it again as RTF or DOCX in a word processor."
_NOT_TAKEN = {
    Outcome.WARNING: ("drawings", "objects of other programs"),
    Outcome.PASSED_OVER: ("comments", "deleted words", "hidden words", "words of headers and footers"),
}


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the article in the document with its pictures; raises SourceError for what is no RTF."""
    data = read_source(source)
    if len(data) > LIMITS.in_memory_bytes or not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        raise SourceError("is no document in RTF", where=source.label, hint=_SAVE)
    document = RtfDocument(data)
    try:
        page = document.page()
    except SourceError as error:
        raise SourceError(error.what, where=source.label, hint=_SAVE) from error
    origin = html.PageOrigin(Attachments(document.pictures.by_address), is_whole=True)
    article = html.read(page, source.label, finder, origin=origin)
    account = Account(((source.label, words(words_held(data))),), article.account.named + words(*document.unseen))
    return replace(
        article, remarks=(*article.remarks, *not_taken(source.label, document.left_out, _NOT_TAKEN)), account=account
    )
