"""Profiles: what a class of devices can open, read from TOML files that may extend one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, get_type_hints

from packager.config import strict_toml
from packager.config.film_limits import FilmCodec, FilmContainer, FilmLimits, SoundCodec, SoundLimits, SubtitlePlace
from packager.config.strict_toml import Reader, TomlPlace
from packager.errors import DefinitionError
from packager.model import Edition

BUILT_IN = Path(__file__).parent / "profiles"
_EXTENDS = "extends"


class Pages(StrEnum):
    """Whether the tree is a site, whose index.html leads to everything, or no document leads anywhere."""

    SITE = "site"
    NONE = "none"


class AllowedScripts(StrEnum):
    """Which scripts documents may have: those that packager puts there, or others that nobody has looked at."""

    OURS = "ours"
    ANY = "any"


class AllowedStyles(StrEnum):
    """Which styles documents may have: ours and what is on the list, or any, in files of their own too."""

    LISTED = "listed"
    ANY = "any"


class AllowedPictures(StrEnum):
    """How pictures may be written: in the one form in which nothing can hide, or in any that can be decoded."""

    CANONICAL = "canonical"
    DECODABLE = "decodable"


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Limits and defaults for pictures: pixels, bytes, and libjpeg qualities from 1 to 100.

    `baseline` asks for JPEGs that every decoder reads: baseline, three components, 4:2:0. `photo_width` is the width of
    the pages that texts are set on as pictures, which have the shape of a wide screen.
    """

    baseline: bool
    max_side: int
    max_pixels: int
    max_bytes: int
    width: int
    strip_width: int
    slice_ratio: float
    phone_width: int
    photo_width: int
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
    """Limits of files and names; `max_depth` counts the folders above a file inside the tree.

    A name matches `name_pattern` as a whole; `name_words` say the same to people.
    """

    max_file_bytes: int
    max_files: int
    max_files_in_folder: int
    max_depth: int
    max_path: int
    name_pattern: str
    name_words: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One class of devices; `types` are file extensions without the dot.

    `optional` are editions that are given up, in this order, before the quality of pictures is lowered.
    `scripts`, `styles` and `pictures` may be looser than packager's own; each then promises less.
    `ignore` holds (pattern of paths, codes of rules or their beginnings): findings that the profile does not want.
    """

    name: str
    summary: str
    editions: tuple[Edition, ...]
    pages: Pages
    types: tuple[str, ...]
    picture: PictureLimits
    document: DocumentLimits
    tree: TreeLimits
    film: FilmLimits
    sound: SoundLimits
    ignore: tuple[tuple[str, tuple[str, ...]], ...] = ()
    optional: tuple[Edition, ...] = ()
    scripts: AllowedScripts = AllowedScripts.OURS
    styles: AllowedStyles = AllowedStyles.LISTED
    pictures: AllowedPictures = AllowedPictures.CANONICAL

    @property
    def plays_films(self) -> bool:
        """Whether films may lie in its trees."""
        return self.film.container in self.types

    @property
    def plays_sound(self) -> bool:
        """Whether pieces of sound may lie in its trees."""
        return SoundCodec.MP3 in self.types

    @property
    def can_be_built(self) -> bool:
        """Whether there is an edition for it, and a tree as we make it, with index.html on top where it has pages."""
        if self.pages is Pages.NONE:
            return bool(self.editions)
        return bool(self.editions) and re.fullmatch(self.tree.name_pattern, "index.html") is not None


def load(name: str, folder: Path | None = None) -> Profile:
    """Return the built-in profile `name`, or the one in the TOML file `name`, in `folder` or in the current one.

    Raises DefinitionError for an unknown name, for a profile that extends itself, and for whatever in its files is
    unknown, missing, contradictory or of the wrong type.
    """
    chain = files(name, folder)
    every, place = strict_toml.load(BUILT_IN / "any.toml")
    values: dict[str, Any] = {
        "optional": (),
        "scripts": AllowedScripts.OURS,
        "styles": AllowedStyles.LISTED,
        "pictures": AllowedPictures.CANONICAL,
        # Profiles that stand alone and were written before there were films say nothing of them.
        "film": _read(FilmLimits, every["film"], place.at("film")),
        "sound": _read(SoundLimits, every["sound"], place.at("sound")),
    }
    for file in reversed(chain):
        values = _overlaid(values, _read(Profile, file.values, file.place))
    values |= {"name": chain[0].name, "ignore": tuple(values.get("ignore", {}).items())}
    place = chain[0].place
    profile: Profile = _instance(Profile, values, place)
    if profile.pages is Pages.SITE and "html" not in profile.types:
        raise place.at("pages").error('is "site", but `types` has no html', 'Add it, or write pages = "none".')
    return profile


def names() -> tuple[str, ...]:
    """Return the names of the built-in profiles, sorted."""
    return tuple(sorted(file.stem for file in BUILT_IN.glob("*.toml")))


def refuse_unbuildable(profile: Profile) -> None:
    """Raise DefinitionError for a profile whose trees can only be checked; it names those that can be built."""
    if not profile.can_be_built:
        ready = ", ".join(name for name in names() if load(name).can_be_built)
        raise DefinitionError(f'for the profile "{profile.name}" trees can only be checked; these are built: {ready}')


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One of the files that a profile is made of: its name, the table it holds, and where that stands."""

    name: str
    values: Mapping[str, Any]
    place: TomlPlace


def files(name: str, folder: Path | None = None) -> tuple[ProfileFile, ...]:
    """Return the file of the profile called `name` and those that it extends, nearest first.

    A file is looked for in `folder` and in the current one; one that is extended, beside the file that names it.
    Raises DefinitionError for what cannot be found or read, and for a profile that extends itself.
    """
    file = _file_of(name, folder)
    chain: list[ProfileFile] = []
    while True:
        values, place = strict_toml.load(file)
        chain.append(ProfileFile(file.stem, values, place))
        if _EXTENDS not in values:
            return tuple(chain)
        where = place.at(_EXTENDS)
        file = _extended(strict_toml.text(values[_EXTENDS], where), where)
        if any(file.resolve() == one.place.file.resolve() for one in chain):
            names_in_turn = " -> ".join([*(one.name for one in chain), file.stem])
            raise where.error(f"leads round in a circle: {names_in_turn}", "Let one of them stand on its own.")


def _file_of(name: str, folder: Path | None) -> Path:
    if name in names():
        return BUILT_IN / f"{name}.toml"
    if name.endswith(".toml"):
        places = [place / name for place in (folder, Path()) if place is not None]
        return next((place for place in places if place.is_file()), places[0])
    hint = strict_toml.nearest(name, names())
    raise DefinitionError(f'no profile is called "{name}"', hint=f"{hint} A profile of your own: its file, `my.toml`.")


def _extended(name: str, where: TomlPlace) -> Path:
    try:
        return _file_of(name, where.file.parent)
    except DefinitionError as error:
        raise where.error(f'names no profile: "{name}"', error.hint) from error


def _read(kind: type[Any], value: object, place: TomlPlace) -> dict[str, Any]:
    """The entries of a table for the fields of a dataclass, which is its schema; tables inside it as dicts."""
    hints = get_type_hints(kind)
    readers: dict[str, Reader[Any]] = {}
    for name in (field.name for field in fields(kind)):
        is_table = is_dataclass(hints[name])
        readers[name] = partial(_read, hints[name]) if is_table else _READERS_BY_NAME.get(name) or _READERS[hints[name]]
    if kind is Profile:
        del readers["name"]
        readers[_EXTENDS] = strict_toml.text
    entries = strict_toml.fields(value, place, readers)
    entries.pop(_EXTENDS, None)
    return entries


def _overlaid(base: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` over those of `base`: tables key by key, all else whole."""
    return {
        **base,
        **{key: _overlaid(base.get(key, {}), new) if isinstance(new, dict) else new for key, new in values.items()},
    }


def _instance(kind: type[Any], values: Mapping[str, Any], place: TomlPlace) -> Any:
    """The dataclass with these values; DefinitionError where one of its fields has none."""
    hints = get_type_hints(kind)
    arguments = {}
    for field in fields(kind):
        if field.name not in values:
            raise strict_toml.missing(field.name, place)
        value = values[field.name]
        is_table = is_dataclass(hints[field.name])
        arguments[field.name] = _instance(hints[field.name], value, place.at(field.name)) if is_table else value
    return kind(**arguments)


def _quality(value: object, place: TomlPlace) -> int:
    number = strict_toml.whole(value, place)
    if number > 100:
        raise place.error("must be a quality from 1 to 100")
    return number


def _pattern(value: object, place: TomlPlace) -> str:
    pattern = strict_toml.text(value, place)
    try:
        re.compile(pattern)
    except re.error as error:
        raise place.error(f"is not a regular expression: {error}") from error
    return pattern


_code = strict_toml.matching(r"[A-Z]\d{0,3}|ALL", "the code of a rule, such as J203, or its beginning")


def _ignore(value: object, place: TomlPlace) -> dict[str, tuple[str, ...]]:
    """Codes of rules by pattern of paths."""
    codes = strict_toml.items(_code)
    return {pattern: codes(entry, place.at(pattern)) for pattern, entry in strict_toml.table(value, place).items()}


_CHOICES = (Pages, AllowedScripts, AllowedStyles, AllowedPictures, FilmContainer, FilmCodec, SoundCodec)
_READERS: Mapping[Any, Reader[Any]] = {
    bool: strict_toml.flag,
    int: strict_toml.whole,
    float: strict_toml.decimal,
    str: strict_toml.text,
    **{kind: strict_toml.choice(kind) for kind in _CHOICES},
    tuple[str, ...]: strict_toml.items(strict_toml.text),
    tuple[Edition, ...]: strict_toml.items(strict_toml.choice(Edition)),
    tuple[SubtitlePlace, ...]: strict_toml.items(strict_toml.choice(SubtitlePlace)),
}

_READERS_BY_NAME: Mapping[str, Reader[Any]] = {
    "name": strict_toml.text,
    "ignore": _ignore,
    "quality": _quality,
    "phone_quality": _quality,
    "cover_quality": _quality,
    "name_pattern": _pattern,
}
