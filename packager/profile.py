"""Profiles: what a class of devices can open, read from TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from packager import strict_toml
from packager.errors import DefinitionError
from packager.model import Edition
from packager.strict_toml import Place, Reader


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Limits and defaults for pictures: pixels, bytes, and libjpeg qualities from 1 to 100."""

    max_side: int
    max_pixels: int
    max_bytes: int
    width: int
    strip_width: int
    slice_ratio: float
    phone_width: int
    cover_width: int
    quality: int
    phone_quality: int
    cover_quality: int
    max_cover_bytes: int


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """`max_pixels` of all pictures one document shows; `max_single_file_bytes` of a one-file edition."""

    max_pixels: int
    max_single_file_bytes: int


@dataclass(frozen=True, slots=True)
class TreeLimits:
    """Limits of files and names; `max_depth` counts the folders above a file inside the tree."""

    max_file_bytes: int
    max_files: int
    max_files_in_folder: int
    max_depth: int
    max_path: int
    name_pattern: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One class of devices; `types` are file extensions without the dot."""

    name: str
    editions: tuple[Edition, ...]
    types: tuple[str, ...]
    picture: PictureLimits
    document: DocumentLimits
    tree: TreeLimits


_BUILT_IN = Path(__file__).parent / "profiles"


def load(name: str, folder: Path | None = None) -> Profile:
    """The built-in profile called `name`, or the one in the TOML file `name`, in `folder` or in the current one.

    Raises DefinitionError for an unknown name and for whatever in the file is unknown, missing or of the wrong type.
    """
    file = _file_of(name, folder)
    values, place = strict_toml.load(file)
    return Profile(name=file.stem, **_read_values(Profile, values, place, given=("name",)))


def names() -> tuple[str, ...]:
    """The names of the built-in profiles, sorted."""
    return tuple(sorted(file.stem for file in _BUILT_IN.glob("*.toml")))


def _file_of(name: str, folder: Path | None) -> Path:
    if name in names():
        return _BUILT_IN / f"{name}.toml"
    if name.endswith(".toml"):
        places = [place / name for place in (folder, Path()) if place is not None]
        return next((place for place in places if place.is_file()), places[0])
    hint = strict_toml.nearest(name, names())
    raise DefinitionError(f'no profile is called "{name}"', hint=f"{hint} A profile of your own: its file, `my.toml`.")


def _read_values(kind: type[Any], value: object, place: Place, given: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the fields of a dataclass get from a table: the dataclass is the schema."""
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name], field.name) for field in fields(kind) if field.name not in given}
    return strict_toml.fields(value, place, readers, required=readers)


def _reader(kind: type[Any], name: str) -> Reader[Any]:
    if is_dataclass(kind):
        return lambda value, place: kind(**_read_values(kind, value, place))
    return _READERS_BY_NAME.get(name) or _READERS[kind]


def _quality(value: object, place: Place) -> int:
    number = strict_toml.whole(value, place)
    if number > 100:
        raise place.error("must be a quality from 1 to 100")
    return number


def _pattern(value: object, place: Place) -> str:
    pattern = strict_toml.text(value, place)
    try:
        re.compile(pattern)
    except re.error as error:
        raise place.error(f"is not a regular expression: {error}") from error
    return pattern


_READERS: Mapping[Any, Reader[Any]] = {
    int: strict_toml.whole,
    float: strict_toml.decimal,
    str: strict_toml.text,
    tuple[str, ...]: strict_toml.items(strict_toml.text),
    tuple[Edition, ...]: strict_toml.items(strict_toml.choice(Edition)),
}

_READERS_BY_NAME: Mapping[str, Reader[Any]] = {
    "quality": _quality,
    "phone_quality": _quality,
    "cover_quality": _quality,
    "name_pattern": _pattern,
}
