"""The lines of YAML between `---` at the head of a text."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import Any

import yaml

from packager.errors import SourceError
from packager.readers.articles.reading import ReadArticle, direction_of, names, warning
from packager.text.spelling import language_tag
from packager.text.terminal import clean

MAX_LETTERS = 16_384
MAX_DEPTH = 8

_FENCED = re.compile(r"---[ \t]*\n(?=\S)(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELDS = {
    "title": "title",
    "language": "language",
    "lang": "language",
    "direction": "direction",
    "author": "authors",
    "authors": "authors",
    "summary": "summary",
    "description": "summary",
    "credit": "credit",
    "section": "section",
    "series": "series",
    "date": "",  # known, and not shown
}
_EXAMPLES = {"language": "en, ko or zh-Hant", "direction": "ltr or rtl"}


@dataclass(frozen=True, slots=True)
class FrontMatterEntry:
    """A key of the front matter with the text or texts behind it, and the line of the file that it stands on."""

    key: str
    values: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.values).split())


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a text says of itself; `lines` is how many lines of the text it takes."""

    entries: tuple[FrontMatterEntry, ...] = ()
    lines: int = 0

    @property
    def title(self) -> str:
        """The title; "" where none is given."""
        return next((entry.text for entry in self.entries if entry.key == "title"), "")


def split(text: str, label: str) -> tuple[FrontMatter, str]:
    """Return the front matter of a text, empty where there is none, and the rest.

    Raises SourceError, naming the line, where it cannot be read.
    """
    match = _FENCED.match(text[: MAX_LETTERS + 8])
    node = _compose(match[1], label) if match else None
    if match is None or node is None:
        return FrontMatter(), text
    entries = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _unreadable("a key must be a word", label, _line(key))
        name = key.value.strip().lower()
        entries.append(FrontMatterEntry(name, _values(value, name, label), _line(key)))
    return FrontMatter(tuple(entries), match[0].count("\n")), text[match.end() :]


def apply(front: FrontMatter, article: ReadArticle, label: str) -> ReadArticle:
    """Return the article with what its front matter says; keys that mean nothing here become remarks.

    Raises SourceError for a language or direction that is none.
    """
    for entry in front.entries:
        if entry.key not in _FIELDS:
            near = difflib.get_close_matches(entry.key, _FIELDS, n=1, cutoff=0)[0]
            remark = warning(label, f"front matter: `{entry.key}` is not known; the nearest is `{near}`", entry.line)
            article = replace(article, remarks=(*article.remarks, remark))
        elif entry.text and (field := _FIELDS[entry.key]):
            article = replace(article, **{field: _value(field, entry, label)})
    return article


def _value(field: str, entry: FrontMatterEntry, label: str) -> Any:
    if field == "authors":
        return tuple(name for value in entry.values for name in names(value))
    if field not in _EXAMPLES:
        return entry.text
    value = language_tag(entry.text) if field == "language" else direction_of(entry.text)
    if not value:
        what, hint = f"`{entry.text}` is no {field}", f"Write {_EXAMPLES[field]}, or leave the line out."
        raise SourceError(f"front matter: {what}", where=f"{label}, line {entry.line}", hint=hint)
    return value


def _compose(text: str, label: str) -> yaml.MappingNode | None:
    """The mapping that the YAML holds; None where it is no mapping, so that the text only begins with a line."""
    try:
        _refuse_depth(text, label)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        raise _unreadable(" ".join(str(problem).split()), label, mark.line + 2 if mark is not None else 1) from error
    return node if isinstance(node, yaml.MappingNode) else None


def _refuse_depth(text: str, label: str) -> None:
    """Composing calls itself for each level, and aliases let a few lines stand for millions."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 2 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _unreadable("too deeply nested", label, line)
        if isinstance(event, yaml.AliasEvent):
            raise _unreadable("aliases (`*name`) are not read", label, line)


def _values(node: yaml.Node, key: str, label: str) -> tuple[str, ...]:
    """The text or the list of texts that stands after a key, as written: `no` is Norwegian here, 007 a title."""
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if all(isinstance(item, yaml.ScalarNode) for item in items):
        return tuple(clean(item.value).strip() for item in items)
    if key not in _FIELDS:
        return ()
    hint = f'Write `{key}: "..."` on one line.'
    raise SourceError(f"front matter: `{key}` must be a text", where=f"{label}, line {_line(node)}", hint=hint)


def _line(node: yaml.Node) -> int:
    """The line of the source that a node begins on: the mark counts from 0, after the fence."""
    return node.start_mark.line + 2 if node.start_mark else 1


def _unreadable(problem: str, label: str, line: int) -> SourceError:
    hint = "Put texts that hold a colon or a quotation mark into quotation marks."
    return SourceError(f"front matter cannot be read: {problem}", where=f"{label}, line {line}", hint=hint)
