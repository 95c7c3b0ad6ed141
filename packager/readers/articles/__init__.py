"""Texts that differ in their language alone -> the versions of one article."""

from __future__ import annotations

from collections.abc import Iterator

from packager.config.definition import PublicationDefinition
from packager.model import Article, Outcome, Remark, Remarks, Version, warning
from packager.model.blocks import words_of
from packager.readers.articles.finder import read_with_pictures
from packager.readers.articles.reading import NoText, ReadArticle
from packager.readers.context import ReadContext
from packager.readers.files import SourceFile
from packager.readers.found import FoundWork
from packager.readers.language import guess, language_name, script_doubt, split_language
from packager.readers.publications import ReadVersion, ReadWork, bind, cover_of, credit_of, decided
from packager.text.spelling import UNDETERMINED, title_of_name


def read(work: FoundWork, context: ReadContext) -> ReadWork:
    """Return the versions of an article, none where no file that nobody listed holds more than a title.

    Raises SourceError for a text that cannot be read and for two in one language.
    """
    is_listed = context.definition.publications is not None and work.defined.source.is_file()
    versions: list[ReadVersion] = []
    remarks = list(_for_comics_only(work))
    for file in work.files:
        try:
            versions.append(_version(file, work, context))
        except NoText as error:
            if is_listed:
                raise
            remarks.append(warning(file.source.label, f"{error.what}: not taken as an article"))
    return bind(work, versions, context, remarks)


def _version(file: SourceFile, work: FoundWork, context: ReadContext) -> ReadVersion:
    article, remarks = read_with_pictures(file, context)
    tag, why_language = _language(file, article, work)
    credit, from_credit = credit_of(work, tag, context, from_text=article.credit)
    cover, from_cover = cover_of(work, context)
    version = Version(
        language=tag,
        title=work.defined.title.in_language(tag) or article.title or title_of_name(split_language(file.path.stem)[0]),
        work=Article(article.blocks, cover or article.cover, article.direction),
        authors=work.defined.authors or article.authors,
        summary=work.defined.summary.in_language(tag) if work.defined.summary else article.summary,
        credit=credit,
    )
    as_article = Remark(file.source.label, Outcome.TAKEN, f"an article in {language_name(tag)}")
    remarks = (as_article, *why_language, *from_cover, *from_credit, *remarks)
    return ReadVersion(version, file.source.label, remarks, section=article.section, series=article.series)


def _language(file: SourceFile, article: ReadArticle, work: FoundWork) -> tuple[str, Remarks]:
    """The language that the definition, the name or the text says, else the one it seems to be written in."""
    by_name = split_language(file.path.stem)[1]
    by_definition = work.defined.language if len(work.files) == 1 or not by_name else ""
    tag = by_definition or by_name or article.language
    if tag:
        letters = script_doubt(tag, words_of(article.blocks))
        doubt = f"said to be in {language_name(tag)}, and its letters are {letters}: is that right? (`language`)"
        return tag, (warning(file.source.label, doubt),) if letters else ()
    tag = guess(words_of(article.blocks))
    message = f"assumed to be in {language_name(tag)}, from its words"
    if tag == UNDETERMINED:
        message = "its language is not known"
    return tag, (decided(file.source.label, message, "language"),)


def _for_comics_only(work: FoundWork) -> Iterator[Remark]:
    """What the definition says of it that only comics have."""
    unsaid = PublicationDefinition(work.defined.source)
    for key in ("flow", "direction", "spreads", "crop"):
        if getattr(work.defined, key) != getattr(unsaid, key):
            yield Remark(work.label, Outcome.WARNING, f"`{key}` in bundle.toml is for comics: this is an article")
