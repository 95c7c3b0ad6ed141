"""Profiles: what a class of devices can open, read from TOML files that may extend one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_type_hints

from packager.config import strict_toml
from packager.config.profile.chain import BUILT_IN, EXTENDS, chain, names
from packager.config.profile.resolved import resolved
from packager.config.profile.values import DocumentLimits, Pages, PictureLimits, Profile, TreeLimits
from packager.config.strict_toml import Place, Reader
from packager.errors import DefinitionError
from packager.model import Edition

__all__ = [
    "BUILT_IN",
    "DocumentLimits",
    "Pages",
    "PictureLimits",
    "Profile",
    "TreeLimits",
    "load",
    "names",
    "refuse_unbuildable",
    "resolved",
]


def load(name: str, folder: Path | None = None) -> Profile:
    """The built-in profile called `name`, or the one in the TOML file `name`, in `folder` or in the current one.

    Raises DefinitionError for an unknown name, for a profile that extends itself, and for whatever in its files is
    unknown, missing, contradictory or of the wrong type.
    """
    links = chain(name, folder)
    said: dict[str, Any] = {}
    for link in reversed(links):
        said = _over(said, _said(Profile, link.values, link.place))
    said["name"] = links[0].name
    said.setdefault("optional", ())
    said["ignore"] = tuple(said.get("ignore", {}).items())
    place = links[0].place
    profile: Profile = _made(Profile, said, place)
    if profile.pages is Pages.SITE and "html" not in profile.types:
        raise place.at("pages").error('is "site", but `types` has no html', 'Add it, or write pages = "none".')
    return profile


def refuse_unbuildable(profile: Profile) -> None:
    """DefinitionError for a profile whose trees can only be checked as yet; it names those that can be built."""
    if not profile.can_be_built:
        ready = ", ".join(name for name in names() if load(name).can_be_built)
        raise DefinitionError(f'for the profile "{profile.name}" trees can only be checked; these are built: {ready}')


def _said(kind: type[Any], value: object, place: Place) -> dict[str, Any]:
    """What a table says of the fields of a dataclass, which is its schema; tables inside it as dicts."""
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name], field.name) for field in fields(kind)}
    if kind is Profile:
        del readers["name"]
        readers[EXTENDS] = strict_toml.text
    said = strict_toml.fields(value, place, readers)
    said.pop(EXTENDS, None)
    return said


def _over(base: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with what is said in its place: tables key by key, all else whole."""
    return {
        **base,
        **{key: _over(base.get(key, {}), new) if isinstance(new, dict) else new for key, new in said.items()},
    }


def _made(kind: type[Any], said: Mapping[str, Any], place: Place) -> Any:
    """The dataclass, when all that it must have was said."""
    hints = get_type_hints(kind)
    made = {}
    for field in fields(kind):
        if field.name not in said:
            raise place.error(f"lacks `{field.name}`" if place.keys else f"`{field.name}` is missing")
        inner = said[field.name]
        is_table = is_dataclass(hints[field.name])
        made[field.name] = _made(hints[field.name], inner, place.at(field.name)) if is_table else inner
    return kind(**made)


def _reader(kind: type[Any], name: str) -> Reader[Any]:
    if is_dataclass(kind):
        return partial(_said, kind)
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


_code = strict_toml.matching(r"[A-Z]\d{0,3}|ALL", "the code of a rule, such as J203, or its beginning")


def _ignore(value: object, place: Place) -> dict[str, tuple[str, ...]]:
    """Codes of rules by pattern of paths."""
    codes = strict_toml.items(_code)
    return {pattern: codes(entry, place.at(pattern)) for pattern, entry in strict_toml.table(value, place).items()}


_READERS: Mapping[Any, Reader[Any]] = {
    bool: strict_toml.flag,
    int: strict_toml.whole,
    float: strict_toml.decimal,
    str: strict_toml.text,
    Pages: strict_toml.choice(Pages),
    tuple[str, ...]: strict_toml.items(strict_toml.text),
    tuple[Edition, ...]: strict_toml.items(strict_toml.choice(Edition)),
}

_READERS_BY_NAME: Mapping[str, Reader[Any]] = {
    "name": strict_toml.text,
    "ignore": _ignore,
    "quality": _quality,
    "phone_quality": _quality,
    "cover_quality": _quality,
    "name_pattern": _pattern,
}
