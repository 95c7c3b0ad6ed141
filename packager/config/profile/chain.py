"""The files that a profile is made of: its own, and those that it extends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packager.config import strict_toml
from packager.config.strict_toml import Place
from packager.errors import DefinitionError

BUILT_IN = Path(__file__).parents[1] / "profiles"
EXTENDS = "extends"


@dataclass(frozen=True, slots=True)
class Link:
    """One file of a chain: the profile's name, the table it holds, and where that stands."""

    name: str
    values: Mapping[str, Any]
    place: Place


def chain(name: str, folder: Path | None = None) -> tuple[Link, ...]:
    """The profile called `name` and those that it extends, nearest first.

    A file is looked for in `folder` and in the current one; one that is extended, beside the file that names it.
    Raises DefinitionError for what cannot be found or read, and for a profile that extends itself.
    """
    file = _file_of(name, folder)
    links: list[Link] = []
    while True:
        values, place = strict_toml.load(file)
        links.append(Link(file.stem, values, place))
        if EXTENDS not in values:
            return tuple(links)
        where = place.at(EXTENDS)
        file = _extended(strict_toml.text(values[EXTENDS], where), where)
        if any(file.resolve() == link.place.file.resolve() for link in links):
            names_in_turn = " -> ".join([*(link.name for link in links), file.stem])
            raise where.error(f"leads round in a circle: {names_in_turn}", "Let one of them stand on its own.")


def names() -> tuple[str, ...]:
    """The names of the built-in profiles, sorted."""
    return tuple(sorted(file.stem for file in BUILT_IN.glob("*.toml")))


def _file_of(name: str, folder: Path | None) -> Path:
    if name in names():
        return BUILT_IN / f"{name}.toml"
    if name.endswith(".toml"):
        places = [place / name for place in (folder, Path()) if place is not None]
        return next((place for place in places if place.is_file()), places[0])
    hint = strict_toml.nearest(name, names())
    raise DefinitionError(f'no profile is called "{name}"', hint=f"{hint} A profile of your own: its file, `my.toml`.")


def _extended(name: str, where: Place) -> Path:
    try:
        return _file_of(name, where.file.parent)
    except DefinitionError as error:
        raise where.error(f'names no profile: "{name}"', error.hint) from error
