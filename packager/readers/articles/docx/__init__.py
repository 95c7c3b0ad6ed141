"""A document of Word (DOCX) -> the article in it."""

from __future__ import annotations

from dataclasses import replace

from packager.errors import SourceError
from packager.model import Outcome, Source, warning
from packager.readers.articles import html
from packager.readers.articles.docx.body import WordBody
from packager.readers.articles.office.parts import read_parts
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle, not_taken

_NOT_TAKEN = {
    Outcome.WARNING: (
        *("charts", "diagrams", "drawings", "objects of other programs", "parts of other documents"),
        "signs of a font",
    ),
    # What was not meant to be seen, and what stands on every page.
    Outcome.PASSED_OVER: ("comments", "deleted passages", "hidden words", "headers and footers"),
}


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the article in the document with its pictures; raises SourceError where it is no document of Word."""
    try:
        body = WordBody(read_parts(source), finder)
        page = body.page()
    except SourceError as error:
        raise _no_document(source, error.what) from error
    except RecursionError as error:
        raise _no_document(source, "its parts lie too deep in one another") from error
    origin = html.PageOrigin(Attachments(body.pictures.by_address), is_whole=True)
    article = html.read(page, source.label, finder, origin=origin)
    remarks = (
        *article.remarks,
        *(warning(source.label, message) for message in body.pictures.remarks()),
        *not_taken(source.label, _told(body), _NOT_TAKEN),
    )
    return replace(article, remarks=remarks, account=body.account(source.label))


def _no_document(source: Source, why: str) -> SourceError:
    hint = "Open it in a word processor and save it again, as DOCX or as HTML."
    return SourceError(f"is no document of Word, or a damaged one ({why})", where=source.label, hint=hint)


def _told(body: WordBody) -> dict[str, str]:
    """How many things of each kind are not taken, with the words in them; hidden words are told by their number."""
    told = {kind: str(count) for kind, count in body.left_out.items() if count}
    for kind, count in body.words.items():
        if count and kind in told and kind != "hidden words":
            told[kind] += f" ({count} word{'s' * (count > 1)})"
    return told
