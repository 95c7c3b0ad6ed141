"""A text read together with the pictures that it shows: beside it, anywhere in the bundle, or inside the text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from packager.errors import SourceError
from packager.model import Missing, Outcome, Picture, Remark, Remarks, Source
from packager.model.blocks import figures
from packager.readers.articles import pandoc
from packager.readers.articles.pictures import Answers, ParsedText, Questions
from packager.readers.articles.reading import ReadArticle
from packager.readers.articles.unshown import HOLDERS, pictures_in, unshown
from packager.readers.context import ReadContext, unrestricted_program
from packager.readers.epub import picture_names
from packager.readers.files import SourceFile
from packager.readers.unpack_jobs import pieces_of
from packager.sandbox.limits import LIMITS
from packager.text.endings import MARKDOWN
from packager.text.spelling import normal

_WITH_WORDS = re.compile(r"\{[^{}]*\w\s+\w|^element ")  # other commands of TeX say how it looks
_BY_NAME = MARKDOWN  # editors look in all of their notes, and sites in folders of their own
_MOST_NAMED, _MOST_SIGNS = 20, 60  # of what is lost of a document


def read_with_pictures(text: SourceFile, context: ReadContext) -> tuple[ReadArticle, Remarks]:
    """Return what the text holds, and what became of it and of the pictures of the bundle that it shows.

    A worker reads it once for the pictures that it asks for, and again where there are any; a book, which is long and
    lists its pictures, is given these before. Raises SourceError for a text that cannot be read.
    """
    source, kind, from_pandoc = _readable(text, context)
    answers = _of_book(text, context)
    parsed = context.ask(source, _parsed, source, kind, answers)
    more, of_pictures = _answered(parsed.questions, text, context)
    answers += more
    if more:
        parsed = context.ask(source, _parsed, source, kind, answers)
    if isinstance(parsed.result, SourceError):
        raise parsed.result
    pictures = [figure.picture for figure in figures(parsed.result.blocks)]
    cover = parsed.result.cover
    if not answers.gives(
        [*pictures, cover] if cover else pictures
    ):  # a worker may have been taken over, and name any file of this computer
        raise SourceError(
            "shows pictures that nothing gave it", where=source.label, hint="Look at it, or leave it out."
        )
    sources = (source for source in dict.fromkeys(picture.source for picture in pictures) if source in context.pictures)
    used = (Remark(source.label, Outcome.TAKEN, f"shown in {text.source.label}") for source in sources)
    is_holder = text.source.path.suffix.lower() in HOLDERS and text.source.member is None
    inner = context.ask(text.source, pictures_in, text.source) if is_holder else ()
    lost = unshown(text.source.label, inner, answers, pictures)
    return parsed.result, (*parsed.result.remarks, *from_pandoc, *of_pictures, *used, *lost)


def _readable(text: SourceFile, context: ReadContext) -> tuple[Source, str, Remarks]:
    """The text and its kind, or the saved page that pandoc makes of it, with what is to be said of pandoc."""
    kind = text.path.suffix.lower()
    if kind not in pandoc.FORMATS:
        return text.source, kind, ()
    try:
        on_disk = text.source
        if on_disk.member is not None:
            on_disk = context.scratch.keep(b"".join(context.workers.stream(pieces_of, on_disk)), on_disk.label)
        page = pandoc.page_of(on_disk.path, kind, context.workers.programs)
    except SourceError as error:
        raise error.at(text.source.label) from error
    saved = replace(context.scratch.keep(page.mail, f"{text.source.label}.mhtml"), label=text.source.label)
    unrestricted = unrestricted_program("pandoc", context.workers, text.source.label)
    return saved, ".mhtml", (*unrestricted, *_lost(page, text.source.label))


def _lost(page: pandoc.PandocPage, label: str) -> Iterator[Remark]:
    """What of the document is not in the page."""
    for name in page.not_included[:_MOST_NAMED]:
        message = f"the text of {name}, which it includes, is not in it; put it into the document"
        yield Remark(label, Outcome.WARNING, message)
    if more := page.not_included[_MOST_NAMED:]:
        message = f"it includes {len(more)} more texts that are not in it; put them into the document"
        yield Remark(label, Outcome.WARNING, message)
    if page.skipped:
        first, others = page.skipped[0][:_MOST_SIGNS], len(page.skipped) - 1
        message = f"pandoc leaves out what it does not know: {first}{f' and {others} more' if others else ''}"
        is_text = any(_WITH_WORDS.search(one) for one in page.skipped)
        yield Remark(label, Outcome.WARNING if is_text else Outcome.PASSED_OVER, message)


def _of_book(text: SourceFile, context: ReadContext) -> Answers:
    """The pictures in a book, by the names that it asks for; nothing for other texts, and where they are too many."""
    if text.path.suffix.lower() != ".epub":
        return Answers()
    path, label = text.source.path, text.source.label
    names = context.ask(text.source, picture_names, path)
    if len(names) > LIMITS.text_pictures:
        return Answers()
    sources = {name: Source(path, f"{label}/{name}", member=name) for name in names}
    pictures = context.headers(list(sources.values()))
    return Answers({name: pictures[source] for name, source in sources.items()})


def _parsed(source: Source, kind: str, answers: Answers) -> ParsedText:
    """What the text gives, in a worker, where alone its readers are loaded."""
    from packager.readers.articles.article import parse

    return parse(source, kind, answers)


def _answered(questions: Questions, text: SourceFile, context: ReadContext) -> tuple[Answers, list[Remark]]:
    """The pictures that the text asks for, and what the organizer should know of them."""
    label, scratch = text.source.label, context.scratch
    remarks: list[Remark] = []
    by_reference = {reference: _found(reference, text, context, remarks) for reference in questions.references}
    by_digest = {
        digest: context.header(scratch.keep(data, f"{label}/{name}"))
        for digest, (name, data) in questions.embedded.items()
    }
    return Answers(by_reference, by_digest), remarks


def _found(reference: str, text: SourceFile, context: ReadContext, remarks: list[Remark]) -> Picture | Missing | None:
    """The picture at a path relative to the text; None for what is not there or lies outside the bundle.

    A book asks for its own members. A text in an archive finds none: its paths are the archive's.
    """
    source = text.source
    if text.path.suffix.lower() == ".epub":
        return context.header(Source(source.path, f"{source.label}/{reference}", member=reference))
    # Windows writes backslashes; a path that leads out of the bundle starts with `..`, and no file is called so.
    named = normal(reference.strip()).replace("\\", "/")
    path = posixpath.normpath(posixpath.join(text.path.parent, named))
    file = context.picture_file(path)
    if source.member is not None:
        return None
    if file is None and text.path.suffix.lower() in _BY_NAME and (file := context.picture_elsewhere(named)):
        message = f"`{reference}` is not beside it: {file.source.label} is shown"
        remarks.append(Remark(source.label, Outcome.DECIDED, message))
        return context.pictures[file.source]
    if file is None:
        return None
    if str(file.path) != path:
        message = f"`{reference}` is called {file.path.name}: capital letters count on other systems"
        remarks.append(Remark(source.label, Outcome.WARNING, message))
    return context.pictures[file.source]
