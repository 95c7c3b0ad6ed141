"""How many files a tree has: known from headers, so that too many are refused before any picture is decoded (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from packager.config import profile
from packager.errors import DefinitionError, DoesNotFit
from packager.layout import lay_out
from packager.layout.build_input import BuildInput
from packager.layout.photo import key
from packager.model import (
    AllRenditions,
    Article,
    Comic,
    Edition,
    Flow,
    Missing,
    MissingRendition,
    Picture,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    Role,
    RoleRenditions,
    Version,
)
from packager.model.renditions import COVERS
from packager.plan.advice import as_lines
from packager.plan.optional import without_optional
from packager.plan.plan import TYPES, Advice, are_enough, editions_of, specs
from packager.plan.rates import foretold

_NAMED = 3  # of the works with most files


@dataclass(frozen=True, slots=True)
class FileCounts:
    """The files of a tree: those of no work, and those of each publication, by its id, in each edition."""

    shared: int
    of_works: Mapping[tuple[Edition, str], int]

    @property
    def total(self) -> int:
        """All of them."""
        return self.shared + sum(self.of_works.values())

    @property
    def by_work(self) -> Counter[str]:
        """The files of each publication in all its editions."""
        counts = Counter[str]()
        for (_, id_), count in self.of_works.items():
            counts[id_] += count
        return counts


def counted(build: BuildInput, renditions: AllRenditions) -> FileCounts:
    """Return how many files the tree has, none of which is rendered for it."""
    shared, of_works = 0, Counter[tuple[Edition, str]]()
    for group in lay_out(replace(build, size_of=lambda _: 0, has_search=False), renditions):
        if group.work:
            of_works[group.edition, group.work[0]] += len(group.entries)
        else:
            shared += len(group.entries)
    return FileCounts(shared, of_works)


def fewest_files(build: BuildInput) -> FileCounts:
    """Return how many files there will be at the least, as the headers of pictures let us expect."""
    pictures = {key: _least_renditions(key[0], version, build) for key, version in build.library.versions}
    lists = {key(language): Renditions(()) for language in build.languages}
    return counted(build, {**foretold(build, pictures, 0), **lists})


def require_few(build: BuildInput, media: int = 1) -> None:
    """Raise DoesNotFit where so many media, 0 for any number, cannot do with so few files as the profile allows."""
    least, most = without_optional(build), build.profile.tree.max_files
    counts = fewest_files(least)
    largest = max(counts.by_work.values(), default=0)
    if counts.shared + largest > most or (media and counts.total > media * most):
        raise too_many(least, counts, "at least ")


def too_many(build: BuildInput, counts: FileCounts, about: str = "") -> DoesNotFit:
    """Return the error of more files than the profile's devices show, with all that would help."""
    steps = (*_editions(build), *_profiles(build), *_media(build, counts))
    by_id = {each.id: each for each in build.library.publications}
    largest = sorted(counts.by_work.items(), key=lambda one: -one[1])[:_NAMED]
    works = (f"  {count:>7,}  {id_:<16}  {by_id[id_].versions[0].title}" for id_, count in largest)
    error = DoesNotFit(
        f'there are {about}{counts.total:,} files, and devices of the profile "{build.profile.name}" show '
        f"{build.profile.tree.max_files:,}{'. What helps:' if steps else ';'}"
        + "".join(f"\n  {line}" for line in (*as_lines(steps), "most files have:", *works)),
        hint="Leave out works in bundle.toml, or divide the library into several bundles.",
    )
    error.has_advice = bool(steps)
    return error


def _editions(build: BuildInput) -> Iterator[Advice]:
    """The most editions with few enough files: such as one file for each work in the place of a folder."""
    device, most = build.profile, build.profile.tree.max_files
    known = [each for each in Edition if each in (*build.editions, *device.editions, Edition.PHONE, Edition.CBZ)]
    known = [each for each in known if TYPES[each] in device.types]
    counts = fewest_files(replace(build, editions=tuple(known), lacking=frozenset()))
    for number in range(len(known), 0, -1):
        for some in combinations(known, number):
            files = counts.shared + sum(
                count for (edition, id_), count in counts.of_works.items() if edition in some or id_ in build.recorded
            )
            if files <= most and are_enough(some, device):
                yield Advice(f"--editions {','.join(some)}", 0, 0, f"{files:,} files")
                return


def _profiles(build: BuildInput) -> Iterator[Advice]:
    """The built-in profiles whose devices show so many files."""
    for name in profile.names():
        other = profile.load(name)
        if other.pages is not build.profile.pages or not other.can_be_built or name == build.profile.name:
            continue
        try:
            editions = editions_of(build.definition, other)
        except DefinitionError:  # it cannot open what the organizer wants
            continue
        files = fewest_files(without_optional(replace(build, profile=other, editions=editions))).total
        if files <= other.tree.max_files:
            yield Advice(f"--profile {name}", 0, 0, f"{files:,} files of {other.tree.max_files:,}: {other.summary}")


def _media(build: BuildInput, counts: FileCounts) -> Iterator[Advice]:
    """So many media as it takes, where each work finds space on one."""
    room = build.profile.tree.max_files - counts.shared
    if build.elsewhere or max(counts.by_work.values(), default=0) > room:
        return
    number = -(-(counts.total - counts.shared) // room)
    if 1 < number <= len(build.library.publications):
        option = "--split" if build.medium.payload_bytes else f"--split {number}"
        yield Advice(
            option, 0, 0, f"{number} folders of about {counts.total // number:,} files, each for its own medium"
        )


def _least_renditions(id_: str, version: Version, build: BuildInput) -> Renditions:
    """Return no more pictures of a version than it will have, of no size."""
    wanted = specs(version.work, build.profile, build.editions_of(id_))
    sets = [RoleRenditions(spec.role, _shown(version, spec)) for spec in wanted if spec.role not in COVERS]
    if isinstance(version.work, Article) and Edition.PDF in build.editions_of(id_):
        sets.append(RoleRenditions(Role.PDF, (_picture(Role.PDF),)))
    return Renditions(tuple(sets))


def _shown(version: Version, spec: RenditionSpec) -> tuple[RenditionOrGap, ...]:
    if isinstance(version.work, Article) and spec.role is Role.PHOTO:
        return (_picture(spec.role),)  # the pages that its text takes are at least one
    if isinstance(version.work, Comic) and version.work.flow is Flow.STRIP:
        return (_picture(spec.role),) * _least_slices(
            [each for each in version.pictures if isinstance(each, Picture)], spec
        )
    return tuple(
        MissingRendition(index) if isinstance(each, Missing) else _picture(spec.role, index, *_shrunk(each, spec))
        for index, each in enumerate(version.pictures)
    )


def _least_slices(tiles: list[Picture], spec: RenditionSpec) -> int:
    """The strip is as wide as most of its tiles are: no tile becomes lower than by the narrowest and the widest."""
    widths = [tile.width for tile in tiles]
    if not widths:
        return 0
    height = sum(tile.height for tile in tiles) * min(*widths, spec.width) // max(widths)
    return -(-height // max(spec.tallest_slice(min(width, spec.width)) for width in set(widths)))


def _shrunk(picture: Picture, spec: RenditionSpec) -> tuple[int, int]:
    width = min(picture.width, spec.width)
    return width, min(picture.height * width // picture.width, spec.max_pixels // width)


def _picture(role: Role, first: int = 0, width: int = 0, height: int = 0) -> Rendition:
    return Rendition(role, "", width, height, 0, first)
