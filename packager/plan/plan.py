"""The plan of a tree: its files with their exact sizes, and what they occupy on its medium; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from packager.config.definition import Definition
from packager.config.filesystems import KIB, occupied_bytes, unholdable
from packager.config.media import Medium
from packager.config.profile import Pages, Profile
from packager.errors import DefinitionError, DoesNotFit
from packager.film.jobs import Rates
from packager.layout import lay_out, search
from packager.layout.build_input import BuildInput
from packager.layout.page_text import column
from packager.model import (
    AllRenditions,
    Article,
    Comic,
    Copy,
    Document,
    Edition,
    Entry,
    Flow,
    Rendition,
    RenditionSpec,
    Role,
    StoredZip,
    VersionKey,
    Work,
)
from packager.model.packed import PackedValues

TYPES = {
    Edition.SITE: "html",
    Edition.PHONE: "html",
    Edition.CBZ: "cbz",
    Edition.EPUB: "epub",
    Edition.PDF: "pdf",
    Edition.PHOTO: "jpg",
}
"""The type of file without which an edition cannot be opened."""

OF_PAGES = frozenset((Edition.SITE, Edition.CBZ, Edition.EPUB, Edition.PDF))
"""The editions that hold pictures as pages, each once."""

BOOK_COVER_WIDTH = 800  # as wide as readers of books show it

FIGURE_QUALITY = 92  # of a figure on its way to the picture of a page, which is encoded once more


RECORDED = frozenset((Role.FILM, Role.TRACK))
"""The roles of what is no picture."""

FULL = 1_000
"""The share at which films and sound have their best."""

SMALL_CLUSTER = 4 * KIB  # the smallest that formatters choose for sticks and cards: docs/devices.md section 1


@dataclass(frozen=True, slots=True)
class Share:
    """What one version of a publication takes in all editions; the mean `quality` of its pictures, 0 without any."""

    key: VersionKey
    pictures: int
    size_bytes: int
    quality: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An edition for which there is no space: the `ids` of the publications that do without it, in their order.

    `size_bytes` is what it takes for `all_ids`, those of all publications that it knows, in the quality reached.
    """

    edition: Edition
    size_bytes: int
    ids: tuple[str, ...]
    all_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lowered:
    """A recording that has fewer bit/s than its best, for lack of space: of a version, by its `number` from 0."""

    key: VersionKey
    number: int
    given: Rates
    best: Rates


@dataclass(frozen=True, slots=True)
class Advice:
    """One step where space is short: the `option` that does it, and `words` on what comes of it.

    `frees_bytes` is 0 where it makes no tree smaller;
    `quality` is about what pictures have on average after it, 0 where it does not suffice alone.
    """

    option: str
    frees_bytes: int
    quality: int
    words: str


class PlannedFile(NamedTuple):
    """What most ask of an entry: gone through many times, these are loaded much sooner than documents."""

    name: str
    size_bytes: int
    content: type[Document | Copy | StoredZip]

    @property
    def path(self) -> PurePosixPath:
        """The path relative to the tree."""
        return PurePosixPath(self.name)


@dataclass(frozen=True)
class Plan:
    """What will be written. `occupied_bytes` are whole clusters, directories included; `editions` what each takes.

    `level` is that of the pictures' quality (plan/sizes.py), 0 where they have the profile's; `film_share` is that of
    films and sound (plan/rates.py), and `lowered` are those with less than their best; `given_up` is what there
    was no space for; `dropped` the ids of publications that had to go; `advice` what would help where any is lost.
    `refused` is why it cannot be written at any size: more files than the profile's devices show, or one that the
    medium cannot hold.
    """

    entries: PackedValues[Entry]
    files: PackedValues[PlannedFile]
    medium: Medium
    occupied_bytes: int
    editions: tuple[tuple[Edition, int], ...]
    shares: tuple[Share, ...] = ()
    level: int = 0
    film_share: int = FULL
    lowered: tuple[Lowered, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    dropped: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    refused: DoesNotFit | None = None

    @cached_property
    def size_bytes(self) -> int:
        """The bytes of all files."""
        return sum(file.size_bytes for file in self.files)

    @cached_property
    def search_bytes(self) -> int:
        """The bytes of what finds words in texts."""
        return sum(file.size_bytes for file in self.files if file.name.startswith(f"{search.FOLDER}/"))

    @cached_property
    def written_bytes(self) -> int:
        """The bytes that writing takes: renditions lie in the scratch folder already and only get another name."""
        return sum(file.size_bytes for file in self.files if file.content is not Copy)

    @property
    def quality(self) -> int:
        """The mean quality of the pictures, as libjpeg counts it; 0 without any."""
        pictures = sum(share.pictures for share in self.shares)
        return round(sum(share.quality * share.pictures for share in self.shares) / pictures) if pictures else 0

    @property
    def fits(self) -> bool:
        """Whether the medium holds it; one of no particular size holds everything that is not refused."""
        has_room = not self.medium.payload_bytes or self.occupied_bytes <= self.medium.payload_bytes
        return has_room and not self.refused


@dataclass(frozen=True, slots=True)
class ClusterWaste:
    """What a tree loses to clusters that its files do not fill: `lost_bytes` are in no file.

    `with_small_bytes` is what would be lost with clusters of 4 KiB, never more.
    """

    files: int
    lost_bytes: int
    with_small_bytes: int


def cluster_waste(tree: Plan, folder: str) -> ClusterWaste:
    """What the plan loses to clusters in the top folder `folder` on its medium, directories counted as lost."""
    medium = tree.medium
    clusters = min(SMALL_CLUSTER, medium.cluster_bytes)
    small = occupied_bytes(_sizes(tree.files), folder, medium.filesystem, clusters)
    return ClusterWaste(len(tree.files), tree.occupied_bytes - tree.size_bytes, small - tree.size_bytes)


def plan(build: BuildInput, renditions: AllRenditions) -> Plan:
    """The files of the tree, with sizes, and what they occupy, whether they fit or not."""
    of_editions, of_works = Counter[Edition](), Counter[VersionKey]()

    def counted() -> Iterator[Entry]:
        for group in lay_out(build, renditions):
            of_editions[group.edition] += group.size_bytes
            if group.work:
                of_works[group.work] += group.size_bytes
            yield from group.entries

    entries = PackedValues(counted())
    files = PackedValues(PlannedFile(one.name, one.size_bytes, type(one.content)) for one in entries)
    medium, name = build.medium, build.definition.name
    occupied = occupied_bytes(_sizes(files), name, medium.filesystem, medium.cluster_bytes)
    ids = [publication.id for publication in build.library.publications]
    made = [edition for edition in build.editions if any(edition in build.editions_of(id_) for id_ in ids)]
    sizes = tuple((edition, of_editions[edition]) for edition in made)
    shares, refused = tuple(_shares(of_works, renditions)), _refusal(build, len(entries))
    if not refused and (broken := next(unholdable(_sizes(files), name, medium.filesystem), "")):
        refused = DoesNotFit(broken, hint="Divide the work into several.")
    return Plan(entries, files, medium, occupied, sizes, shares, refused=refused)


def _sizes(files: Iterable[PlannedFile]) -> Iterator[tuple[PurePosixPath, int]]:
    return ((file.path, file.size_bytes) for file in files)


def _refusal(build: BuildInput, files: int) -> DoesNotFit | None:
    """The error of more files than the profile's devices show; None where they show them all."""
    if files <= build.profile.tree.max_files:
        return None
    return DoesNotFit(
        f'there are {files:,} files, and devices of the profile "{build.profile.name}" show '
        f"{build.profile.tree.max_files:,}"
    )


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
    if not are_enough(definition.editions, profile):
        made = ", ".join(definition.editions)
        raise DefinitionError(
            f"the library leads to documents, and the editions {made} have none", hint='Add "site" or "phone" to them.'
        )
    return definition.editions


def are_enough(editions: Collection[Edition], profile: Profile) -> bool:
    """Whether a tree can be made in these editions alone: a library in documents leads to documents."""
    return bool(editions) if profile.pages is Pages.NONE else not {Edition.SITE, Edition.PHONE}.isdisjoint(editions)


def specs(work: Work, profile: Profile, editions: tuple[Edition, ...]) -> tuple[RenditionSpec, ...]:
    """How to encode the pictures of a work, for every role that its editions need; the cover comes last.

    Of films and sound it is the poster that has roles.

    The site edition of a comic is a folder of numbered pictures already, so beside it there is no photo edition of one.
    """
    limits = profile.picture
    is_page_by_page = isinstance(work, Comic) and work.flow is Flow.PAGES
    width = limits.width if is_page_by_page else limits.strip_width
    roles = []
    if not OF_PAGES.isdisjoint(editions):
        roles.append((Role.PAGE, width, limits.quality))
    if Edition.PHONE in editions:
        roles.append((Role.PHONE, limits.phone_width, limits.phone_quality))
    if Edition.PHOTO in editions and isinstance(work, Article):
        roles.append((Role.PHOTO, column(limits.photo_width), FIGURE_QUALITY))
    elif Edition.PHOTO in editions and Edition.SITE not in editions:
        roles.append((Role.PHOTO, width, limits.quality))
    if Edition.EPUB in editions and isinstance(work, Article) and work.cover:
        roles.append((Role.BOOK_COVER, min(BOOK_COVER_WIDTH, limits.width), limits.quality))
    if profile.pages is Pages.SITE:
        roles.append((Role.COVER, limits.cover_width, limits.cover_quality))
    return tuple(
        RenditionSpec(
            role=role,
            width=width,
            max_side=limits.max_side,
            max_pixels=limits.max_pixels,
            quality=quality,
            slice_ratio=limits.slice_ratio,
            max_bytes=limits.max_cover_bytes if role is Role.COVER else limits.max_bytes,
        )
        for role, width, quality in roles
    )


def _shares(sizes: Mapping[VersionKey, int], renditions: AllRenditions) -> Iterator[Share]:
    for key, size_bytes in sizes.items():
        pictures = [one for one in renditions[key].sets if one.role not in (*RECORDED, Role.PDF)]
        by_role = [[shown for shown in one.shown if isinstance(shown, Rendition)] for one in pictures]
        longest = max(by_role, key=len, default=[])
        quality = round(sum(shown.quality or 0 for shown in longest) / len(longest)) if longest else 0
        yield Share(key, len(longest), size_bytes, quality)
