"""`bundle.toml` -> Definition: parsed once, at the edge; unknown keys are refused with the nearest known one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packager.model import Direction, Edition, Flow, LinkStyle, NameStyle, Wording


@dataclass(frozen=True, slots=True)
class PublicationDefinition:
    """What the organizer says of one publication; None and "" mean: not said."""

    source: Path
    id: str = ""
    title: Wording = Wording()
    section: Wording = Wording()
    series: Wording = Wording()
    authors: tuple[str, ...] = ()
    language: str = ""
    flow: Flow | None = None
    direction: Direction | None = None
    summary: Wording = Wording()
    credit: Wording = Wording()
    cover: Path | None = None
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Definition:
    """A bundle as its organizer describes it. `folder` is where sources lie, `name` the name of the tree.

    `fit_bytes` is the space on the medium when `fit` gives it. `words` holds, by language, the interface words that
    the bundle overrides. `publications` is None when the bundle lists none: then everything found is taken.
    """

    folder: Path
    name: str
    title: Wording
    languages: tuple[str, ...] = ()
    profile: str = "any"
    medium: str = ""
    fit_bytes: int | None = None
    editions: tuple[Edition, ...] | None = None
    names: NameStyle = NameStyle.NUMBERS
    prefix: str = ""
    links: LinkStyle = LinkStyle.DROP
    words: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    publications: tuple[PublicationDefinition, ...] | None = None
