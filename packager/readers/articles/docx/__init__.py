"""A document of Word (DOCX) -> the article in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers.articles import html
from packager.readers.articles.docx.body import WordBody
from packager.readers.articles.office.parts import read_parts
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle

_LOST = (
    *("charts", "diagrams", "drawings", "objects of other programs", "parts of other documents"),
    "signs of a font",
)
# What was not meant to be seen, and what stands on every page.
_UNSEEN = ("comments", "deleted passages", "hidden words", "headers and footers")


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
    remarks = (Remark(source.label, outcome, message) for outcome, message in _remarks(body))
    return replace(article, remarks=(*article.remarks, *remarks), account=body.account(source.label))


def _no_document(source: Source, why: str) -> SourceError:
    hint = "Open it in a word processor and save it again, as DOCX or as HTML."
    return SourceError(f"is no document of Word, or a damaged one ({why})", where=source.label, hint=hint)


def _remarks(body: WordBody) -> Iterator[tuple[Outcome, str]]:
    for message in body.pictures.remarks():
        yield Outcome.WARNING, message
    for outcome, kinds in ((Outcome.WARNING, _LOST), (Outcome.PASSED_OVER, _UNSEEN)):
        counts = [(kind, body.left_out[kind], body.words[kind]) for kind in kinds if body.left_out[kind]]
        told = [f"{kind}: {count}" + _words(words, kind) for kind, count, words in counts]
        if told:
            yield outcome, f"not taken from the document: {', '.join(told)}"


def _words(count: int, kind: str) -> str:
    return f" ({count} word{'s' * (count > 1)})" if count and kind != "hidden words" else ""
