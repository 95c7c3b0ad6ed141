"""The texts that differ in their language alone -> the versions of one article."""

from __future__ import annotations

from packager.errors import SourceError
from packager.layout.blocks import words_of
from packager.model import Article, Outcome, Remark, Version, Wording
from packager.readers import language
from packager.readers.article import ReadArticle
from packager.readers.credits import credit_of
from packager.readers.discovery import Work
from packager.readers.files import File
from packager.readers.finder import read_with_pictures
from packager.readers.shelf import Reading, Shelf, VersionRead
from packager.readers.titles import readable

Remarks = tuple[Remark, ...]


def read(work: Work, shelf: Shelf) -> Reading:
    """The versions of an article; raises SourceError for a text that cannot be read and for two in one language."""
    read_texts = [(file, *_read(file, work, shelf)) for file in work.files]
    versions = [version for _, version, _ in read_texts]
    _refuse_equals(read_texts, work)
    forms = tuple((read.version.language, section) for _, read, section in read_texts if section)
    return Reading(
        work,
        tuple(sorted(versions, key=lambda read: shelf.rank(read.version.language))),
        section=work.defined.section or Wording(forms),
        series=work.defined.series,
    )


def _read(file: File, work: Work, shelf: Shelf) -> tuple[VersionRead, str]:
    """One version, and the section that its text names."""
    article, remarks = read_with_pictures(file, shelf)
    tag, why_language = _language(file, article, work)
    credit, from_credit = (
        (article.credit, ()) if article.credit and not work.defined.credit else credit_of(work, tag, shelf.files)
    )
    version = Version(
        language=tag,
        title=work.defined.title.in_language(tag)
        or article.title
        or readable(language.split_language(file.path.stem)[0]),
        work=Article(article.blocks),
        authors=work.defined.authors or article.authors,
        summary=work.defined.summary.in_language(tag) if work.defined.summary else article.summary,
        credit=credit,
    )
    taken = Remark(file.source.label, Outcome.TAKEN, f"an article, {tag}")
    return VersionRead(version, (taken, *why_language, *from_credit, *remarks)), article.section


def _language(file: File, article: ReadArticle, work: Work) -> tuple[str, Remarks]:
    """The language that the definition, the name or the text says, else the one it seems to be written in."""
    by_name = language.split_language(file.path.stem)[1]
    by_definition = work.defined.language if len(work.files) == 1 or not by_name else ""
    said = by_definition or by_name or article.language
    if said:
        return said, ()
    tag = language.guess(words_of(article.blocks))
    message = f"its language is taken to be {tag}, by its words (`language` in bundle.toml can say it)"
    return tag, (Remark(file.source.label, Outcome.DECIDED, message),)


def _refuse_equals(texts: list[tuple[File, VersionRead, str]], work: Work) -> None:
    first: dict[str, File] = {}
    for file, read, _ in texts:
        other = first.setdefault(read.version.language, file)
        if other is not file:
            raise SourceError(
                f"{other.path.name} and {file.path.name} are both in {read.version.language}",
                where=work.label,
                hint="Name each `<name>.<language>.md`, or give them different names.",
            )
