"""Publications, candidate renditions, profile and medium -> the entries of a tree that fits (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from packager import media
from packager.definition import Definition
from packager.errors import DefinitionError, DoesNotFit
from packager.layout import languages, lay_out
from packager.layout.brief import Brief
from packager.layout.places import Key
from packager.layout.words import Dictionary
from packager.medium import Medium, occupied_bytes
from packager.model import (
    Article,
    Comic,
    Copy,
    Document,
    Edition,
    Entry,
    Flow,
    Library,
    Renditions,
    RenditionSpec,
    Role,
)
from packager.profile import Pages, Profile

TYPES = {Edition.SITE: "html", Edition.PHONE: "html", Edition.CBZ: "cbz", Edition.PHOTO: "jpg"}
"""The type of file without which an edition cannot be opened."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be written. `occupied_bytes` are whole clusters, directories included; `editions` what each takes."""

    entries: tuple[Entry, ...]
    medium: Medium
    occupied_bytes: int
    editions: tuple[tuple[Edition, int], ...]

    @property
    def size_bytes(self) -> int:
        """The bytes of all files."""
        return sum(entry.size_bytes for entry in self.entries)

    @property
    def written_bytes(self) -> int:
        """The bytes that writing takes: renditions lie in the scratch folder already and only get another name."""
        return sum(entry.size_bytes for entry in self.entries if not isinstance(entry.content, Copy))


def plan(
    definition: Definition,
    profile: Profile,
    library: Library,
    renditions: Mapping[Key, Renditions],
    dictionary: Dictionary,
    size_of: Callable[[Document], int],
) -> Plan:
    """The files of the tree, with sizes; DoesNotFit when they occupy more than the medium holds."""
    brief = Brief(
        title=definition.title,
        languages=definition.languages or languages(library.publications, dictionary),
        names=definition.names,
        links=definition.links,
        editions=editions_of(definition, profile),
        profile=profile,
        dictionary=dictionary,
        publications=library.publications,
        renditions=renditions,
        size_of=size_of,
    )
    entries = lay_out(brief)
    medium = medium_of(definition)
    occupied = occupied_bytes(
        ((entry.path, entry.size_bytes) for entry in entries),
        definition.name,
        medium.filesystem,
        medium.cluster_bytes,
    )
    made = Plan(entries, medium, occupied, _edition_sizes(entries, brief))
    if len(entries) > profile.tree.max_files:
        raise _too_many(entries, profile)
    if medium.payload_bytes and occupied > medium.payload_bytes:
        raise _too_large(made)
    return made


def editions_of(definition: Definition, profile: Profile) -> tuple[Edition, ...]:
    """The editions that will be made: the organizer's, else the profile's; DefinitionError for what it cannot open."""
    if definition.editions is None:
        return profile.editions
    for edition in definition.editions:
        if TYPES[edition] not in profile.types:
            raise DefinitionError(
                f'the profile "{profile.name}" opens no {TYPES[edition]} files, so there can be no edition "{edition}"',
                hint=f"Leave `editions` out of bundle.toml, and it gets {', '.join(profile.editions)}.",
            )
    return definition.editions


def medium_of(definition: Definition) -> Medium:
    """The medium that the definition names; without one, a FAT32 stick of no particular size (payload 0)."""
    if definition.fit_bytes is not None:
        return media.space(definition.fit_bytes, definition.format)
    if not definition.medium:
        return media.space(0, definition.format)
    return media.load(definition.medium, definition.folder, definition.format)


def specs(work: Comic | Article, profile: Profile, editions: tuple[Edition, ...]) -> tuple[RenditionSpec, ...]:
    """How to encode the pictures of a work, for every role that its editions need; the cover comes last.

    The site edition of a comic is a folder of numbered pictures already, so beside it there is no photo edition of one.
    """
    limits = profile.picture
    is_page_by_page = isinstance(work, Comic) and work.flow is Flow.PAGES
    width = limits.width if is_page_by_page else limits.strip_width
    wanted = []
    if Edition.SITE in editions or Edition.CBZ in editions:
        wanted.append((Role.PAGE, width, limits.quality))
    if Edition.PHONE in editions:
        wanted.append((Role.PHONE, limits.phone_width, limits.phone_quality))
    if Edition.PHOTO in editions and Edition.SITE not in editions and isinstance(work, Comic):
        wanted.append((Role.PHOTO, width, limits.quality))
    if profile.pages is Pages.SITE:
        wanted.append((Role.COVER, limits.cover_width, limits.cover_quality))
    return tuple(
        RenditionSpec(
            role=role,
            width=width,
            max_side=limits.max_side,
            max_pixels=limits.max_pixels,
            quality=quality,
            slice_ratio=limits.slice_ratio,
        )
        for role, width, quality in wanted
    )


def _edition_sizes(entries: tuple[Entry, ...], brief: Brief) -> tuple[tuple[Edition, int], ...]:
    sizes = dict.fromkeys(brief.editions, 0)
    on_top = Edition.SITE if brief.profile.pages is Pages.SITE else Edition.PHOTO
    for entry in entries:
        top = entry.path.parts[0]
        edition = Edition(top) if top in (Edition.PHONE, Edition.CBZ, Edition.PHOTO) else on_top
        if edition in sizes:
            sizes[edition] += entry.size_bytes
    return tuple(sizes.items())


def _too_many(entries: tuple[Entry, ...], profile: Profile) -> DoesNotFit:
    folders = Counter(entry.path.parts[0] for entry in entries)
    most = ", ".join(f"{folder} {count}" for folder, count in folders.most_common(3))
    return DoesNotFit(
        f'there are {len(entries)} files, and devices of the profile "{profile.name}" show {profile.tree.max_files}; '
        f"most are in {most}",
        hint="Leave out publications in bundle.toml, or build one language at a time with --language.",
    )


def _too_large(made: Plan) -> DoesNotFit:
    over = made.occupied_bytes - made.medium.payload_bytes
    name = made.medium.name or "the space given"
    costs = ", ".join(f"{edition} {size / 1e6:.1f} MB" for edition, size in made.editions)
    return DoesNotFit(
        f"the bundle occupies {made.occupied_bytes / 1e6:.1f} MB, {over / 1e6:.1f} MB more than {name} holds "
        f"({made.medium.payload_bytes / 1e6:.1f} MB)",
        hint=f"Leave out an edition ({costs}) or publications in bundle.toml, or choose a larger stick.",
    )
