"""The forms in which the head of a text says what it is: YAML, TOML, JSON, and lines of keys (MultiMarkdown)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import yaml

from packager.text.terminal import clean

MAX_LETTERS = 16_384
MAX_DEPTH = 8

_YAML = re.compile(r"\s*---[ \t]*\n(.*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_JSON = re.compile(r"\s*(?=\{\s*[\"}])")
_KEY = r"[^\W\d_][\w .-]{0,60}?"
_LINE = re.compile(rf"[\"']?({_KEY})[\"']?[ \t]*[:=](?:[ \t]+(.*)|)")
_KEYED = re.compile(rf"(?:[ \t]*(?:#.*)?\n)*[\"']?{_KEY}[\"']?[ \t]*:(?:\s|\Z)")
_BARE = re.compile(rf"(?:({_KEY}):[ \t]+\S.*\n(?:[ \t]+\S.*\n)*)+(?:[ \t]*\n|\Z)")
_BLOCK_SIGNS = re.compile(r"[>|][-+]?\d?")
_ANCHOR = re.compile(r"&[\w-]+[ \t]+")


@dataclass(frozen=True, slots=True)
class FrontMatterEntry:
    """A key of the front matter with the text or texts behind it, and the line of the file that it stands on.

    `is_nested` where there is no text, but more keys.
    """

    key: str
    values: tuple[str, ...]
    line: int
    is_nested: bool = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.values).split())


@dataclass(frozen=True, slots=True)
class Head:
    """The entries at the head of a text, where it ends, and what was not as it should be, with its line."""

    entries: tuple[FrontMatterEntry, ...]
    end: int
    slips: tuple[tuple[str, int], ...] = ()


def head_of(text: str, known: Collection[str]) -> Head | None:
    """Return what stands at the head of a text; None where it begins with the text itself.

    Keys that are `known` tell lines of keys from a text that begins so.
    """
    start = text[: MAX_LETTERS + 8]
    if match := _YAML.match(start):
        return _between_lines(match, known)
    if match := _TOML.match(start):
        return _read(_of_toml, match)
    if (match := _JSON.match(start)) and (head := _of_json(start, match.end())):
        return head
    match = _BARE.match(start)
    if match and start.partition(":")[0].lower() in known:
        return Head(tuple(_by_lines(match[0], 1)), match.end())
    return None


def _between_lines(match: re.Match[str], known: Collection[str]) -> Head | None:
    """What stands between two rules; a text may begin with a rule too, and go on behind an empty line."""
    inside = match[1]
    if not inside.strip():
        return Head((), match.end()) if "\n\n" not in match[0] else None
    if not _KEYED.match(inside):
        return None
    if inside.startswith("\n") and not any(entry.key in known for entry in _by_lines(inside, 1)):
        return None
    return _read(_of_yaml, match)


def _read(read: Callable[[str, int], Iterator[FrontMatterEntry]], match: re.Match[str]) -> Head:
    """What a form gives, or else what stands on its lines, and what kept it from being read."""
    line = match.string.count("\n", 0, match.start(1)) + 1
    try:
        return Head(tuple(read(match[1], line)), match.end())
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as error:
        entries = tuple(_by_lines(match[1], line))
        is_open = "quoted" in (getattr(error, "context", None) or "")
        mark = getattr(error, "context_mark" if is_open else "problem_mark", None)
        place = line + mark.line if mark else _number_in(str(error), line)
        at = next((entry for entry in reversed(entries) if entry.line <= place), entries[0] if entries else None)
        return Head(entries, match.end(), (_slip(at, match[1].split("\n")[at.line - line]),) if at else ())


def _slip(entry: FrontMatterEntry, written: str) -> tuple[str, int]:
    if re.match(r"[^\t]*:\t", written):
        return f"a tab stands behind `{entry.key}:`; write a space", entry.line
    return f"what stands behind `{entry.key}` was taken as it is; put it into quotation marks", entry.line


def _number_in(message: str, first: int) -> int:
    found = re.search(r"at line (\d{1,6})", message)
    return first + int(found[1]) - 1 if found else first


def _of_yaml(text: str, first: int) -> Iterator[FrontMatterEntry]:
    _refuse_depth(text)
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        raise yaml.YAMLError("no keys")
    for key, value in node.value:
        line = first + key.start_mark.line
        if isinstance(key, yaml.ScalarNode):
            values = _texts(value)
            yield FrontMatterEntry(key.value.strip().lower(), values or (), line, values is None)


def _texts(node: yaml.Node) -> tuple[str, ...] | None:
    """The text or texts after a key, as written: `no` is Norwegian here, 007 a title; of persons the names."""
    items = [_text(item) for item in (node.value if isinstance(node, yaml.SequenceNode) else [node])]
    return tuple(clean(item).strip() for item in items if item) if None not in items else None


def _text(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if not isinstance(node, yaml.MappingNode):
        return None
    parts = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    if "name" in parts:
        return _text(parts["name"])
    called = [parts[key].value for key in ("literal", "given", "family") if isinstance(parts.get(key), yaml.ScalarNode)]
    return " ".join(called) or None


def _refuse_depth(text: str) -> None:
    """Composing calls itself for each level, and aliases let a few lines stand for millions."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem_mark=event.start_mark)  # type: ignore[arg-type]


def _of_toml(text: str, first: int) -> Iterator[FrontMatterEntry]:
    return _of_table(tomllib.loads(text), text, first, "=")


def _of_json(text: str, start: int) -> Head | None:
    with suppress(ValueError, RecursionError):
        table, end = json.JSONDecoder().raw_decode(text, start)
        rest = re.compile(r"[ \t]*(?:\n|\Z)").match(text, end)
        if isinstance(table, dict) and rest:
            line = text.count("\n", 0, start) + 1
            return Head(tuple(_of_table(table, text[start:end], line, ":")), rest.end())
    return None


def _of_table(table: Mapping[str, object], text: str, first: int, sign: str) -> Iterator[FrontMatterEntry]:
    for key, value in table.items():
        found = re.search(rf"^[ \t{{,]*[\"']?{re.escape(key)}[\"']?[ \t]*{sign}", text, re.MULTILINE)
        line = first + (text.count("\n", 0, found.start()) if found else 0)
        items = [_plain(item) for item in (value if isinstance(value, list) else [value])]
        kept = tuple(clean(item).strip() for item in items if item is not None)
        yield FrontMatterEntry(key.strip().lower(), kept, line, len(kept) < len(items))


def _plain(value: object) -> str | None:
    if isinstance(value, dict):
        return str(value["name"]) if isinstance(value.get("name"), str) else None
    if isinstance(value, bool):
        return str(value).lower()
    return None if isinstance(value, list) else str(value)


def _by_lines(text: str, first: int) -> Iterator[FrontMatterEntry]:
    """The keys that begin lines, each with what stands behind it and on the lines below it."""
    key, values, line = "", [""], first
    for number, written in enumerate(text.split("\n"), first):
        match = _LINE.fullmatch(written.rstrip())
        if match:
            if key:
                yield _entry(key, values, line)
            key, values, line = match[1].strip().lower(), [match[2] or ""], number
        elif (item := re.fullmatch(r"[ \t]*-[ \t]+(.*)", written)) is not None:
            values.append(item[1])
        elif written.strip() and not written.lstrip().startswith("#"):
            values[-1] = f"{values[-1]} {written.strip()}"
    if key:
        yield _entry(key, values, line)


def _entry(key: str, values: list[str], line: int) -> FrontMatterEntry:
    first, *items = (
        _ANCHOR.sub("", value, count=1) for value in (_BLOCK_SIGNS.sub("", values[0], count=1), *values[1:])
    )
    if not items and (several := re.fullmatch(r"\[([^\[\]]*)\]", first.strip())):
        first, *items = several[1].split(",")
    texts = (_unquoted(clean(text).strip()) for text in (first, *items))
    return FrontMatterEntry(key, tuple(filter(None, texts)), line)


def _unquoted(text: str) -> str:
    sign = text[:1]
    return text[1:].removesuffix(sign) if sign in ('"', "'") else text
