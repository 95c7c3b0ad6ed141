"""What a text says of itself at its head: title, authors, language and the like."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from packager.model import Outcome, Remark, warning
from packager.readers.articles import front_forms
from packager.readers.articles.front_forms import FrontMatterEntry
from packager.readers.articles.reading import ReadArticle, direction_of, names
from packager.readers.language import language_called

_FIELDS = {
    "title": "title",
    "language": "language",
    "lang": "language",
    "direction": "direction",
    "dir": "direction",
    "author": "authors",
    "authors": "authors",
    "summary": "summary",
    "description": "summary",
    "abstract": "summary",
    "credit": "credit",
    "section": "section",
    "series": "series",
}
_EXAMPLES = {"language": "en, ko or zh-Hant", "direction": "ltr or rtl"}
_NOT_SHOWN = "date"
_ALIKE = 0.75  # of a key's letters: what is nearer to one of ours is a slip of the pen
_UNFINISHED = {"draft": ("true", "yes"), "private": ("true", "yes"), "publish": ("false", "no")}
_UNFINISHED["published"] = _UNFINISHED["publish"]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a text says of itself; `lines` is how many lines of the text it takes."""

    entries: tuple[FrontMatterEntry, ...] = ()
    lines: int = 0
    remarks: tuple[Remark, ...] = ()

    @property
    def title(self) -> str:
        """The title; "" where none is given."""
        return next((entry.text for entry in reversed(self.entries) if entry.key == "title"), "")


def split(text: str, label: str) -> tuple[FrontMatter, str]:
    """Return the front matter of a text, empty where there is none, and the rest.

    It is YAML between `---`, TOML between `+++`, a JSON object, or lines of keys before the first empty one. What is
    not written as its form wants is read line by line, as it stands, and a remark says so.
    """
    head = front_forms.head_of(text, _FIELDS)
    if head is None:
        return FrontMatter(), text
    remarks = tuple(Remark(label, Outcome.DECIDED, f"front matter: {what}", line) for what, line in head.slips)
    return FrontMatter(head.entries, text.count("\n", 0, head.end), remarks), text[head.end :]


def apply(front: FrontMatter, article: ReadArticle, label: str) -> ReadArticle:
    """Return the article with what its front matter says; what means nothing here becomes remarks."""
    told = list(front.remarks)
    unknown: list[str] = []
    for entry in front.entries:
        if field := _FIELDS.get(entry.key):
            value, problem = _value(field, entry)
            if value:
                article = replace(article, **{field: value})
            if problem:
                told.append(warning(label, f"front matter: {problem}", entry.line))
        elif near := difflib.get_close_matches(entry.key, _FIELDS, n=1, cutoff=_ALIKE):
            message = f"front matter: `{entry.key}` is not known; the nearest is `{near[0]}`"
            told.append(warning(label, message, entry.line))
        elif entry.text.lower() in _UNFINISHED.get(entry.key, ()):
            message = f"front matter says `{entry.key}: {entry.text}`: is it meant for readers?"
            told.append(warning(label, message, entry.line))
        elif entry.key != _NOT_SHOWN:
            unknown.append(entry.key)
    told += _twice(front, label)
    if unknown:
        keys = ", ".join(dict.fromkeys(unknown))
        told.append(Remark(label, Outcome.PASSED_OVER, f"front matter that means nothing here: {keys}"))
    return replace(article, remarks=(*article.remarks, *told))


def _twice(front: FrontMatter, label: str) -> Iterator[Remark]:
    last = {entry.key: entry for entry in front.entries}
    for entry in front.entries:
        other = last[entry.key]
        if entry.key in _FIELDS and entry is not other and entry.values != other.values:
            message = f"front matter: `{entry.key}` stands there twice; line {other.line} counts, not this one"
            yield warning(label, message, entry.line)


def _value(field: str, entry: FrontMatterEntry) -> tuple[Any, str]:
    """What a field is given, nothing where it cannot be, and what is wrong with it."""
    if entry.is_nested:
        return None, f'`{entry.key}` must be a text: write `{entry.key}: "..."` on one line'
    if field == "authors":
        return tuple(name for value in entry.values for name in names(value)), ""
    if field not in _EXAMPLES or not entry.text:
        return entry.text, ""
    value = language_called(entry.text) if field == "language" else direction_of(entry.text)
    return value, "" if value else f"`{entry.text}` is no {field}: write {_EXAMPLES[field]}, or leave the line out"
