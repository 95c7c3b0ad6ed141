"""What the names of a comic's pages and chapters tell besides their order: gaps, two counts, names without a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath

from packager.model import Missing, Outcome, Picture, Remark, Source
from packager.readers.comics.pages import is_wide
from packager.readers.files import Files, printable
from packager.readers.found import FoundWork
from packager.text.counts import NumberGap, counted_twice, gaps
from packager.text.order import is_called_cover, ordered, unnumbered
from packager.text.spelling import first_of

_MOST_NAMED = 3


def on_names(
    pages: Files, top: PurePosixPath, label: str, pictures: Mapping[Source, Picture | Missing]
) -> Iterator[Remark]:
    """Yield remarks on the pages of a comic below `top`, which messages call `label`: few, and none on usual names."""
    levels: defaultdict[PurePosixPath, dict[str, Source | None]] = defaultdict(dict)
    for page in pages:
        if page.path.is_relative_to(top):
            levels[page.path.parent].setdefault(page.path.name, page.source)
            for folder in page.path.parents[: len(page.path.parts) - len(top.parts) - 1]:
                levels[folder.parent].setdefault(folder.name, None)
    for folder, names in levels.items():
        place = label if folder == top else printable(folder)
        files = [name for name, source in names.items() if source]
        folders = [name for name, source in names.items() if not source]
        spreads = {name for name in files if _is_spread(names[name], pictures)}
        yield from on_gaps(place, "page", (gap for gap in gaps(files) if gap.missing > 1 or gap.before not in spreads))
        if pair := counted_twice(files):
            message = f"its pages are counted twice, from {printable(pair[0])} and from {printable(pair[1])}"
            yield Remark(place, Outcome.WARNING, f"{message}: give each a folder of its own if these are two comics")
        yield from on_gaps(place, "chapter", gaps(folders))
        yield from on_unnumbered(place, folders)


def on_archives(works: Iterable[FoundWork]) -> Iterator[Remark]:
    """Yield remarks on the archives and books that lie beside each other as works of their own."""
    levels: defaultdict[PurePosixPath, list[str]] = defaultdict(list)
    for work in works:
        if work.archive:
            levels[work.path.parent].append(work.path.name)
    for folder, names in levels.items():
        yield from on_gaps(printable(folder), "part", gaps(names))


def on_gaps(place: str, what: str, found: Iterable[NumberGap]) -> Iterator[Remark]:
    """Yield one remark on all gaps of one place."""
    every = list(found)
    if every:
        some = [f"{printable(gap.before)} and {printable(gap.after)}" for gap in islice(every, _MOST_NAMED)]
        more = f" and in {len(every) - _MOST_NAMED} more places" if len(every) > _MOST_NAMED else ""
        yield Remark(place, Outcome.WARNING, f"no {what} between {', '.join(some)}{more}: is one missing?")


def on_unnumbered(place: str, names: Sequence[str]) -> Iterator[Remark]:
    """Yield where chapters stand whose names have no number; that all have none, for they may be several comics."""
    in_order = [name for name in ordered(names) if not is_called_cover(name)]
    without = unnumbered(in_order)
    if len(without) == len(in_order):
        if len(without) > 1:
            message = f"its folders are chapters of one comic: {first_of(list(map(printable, without)), _MOST_NAMED)}"
            yield Remark(place, Outcome.DECIDED, f"{message} (put each into comics/ if they are several)")
        return
    if not without:
        return
    before = dict(zip(in_order[1:], in_order, strict=False))
    told = [
        f"{printable(name)} {f'behind {printable(before[name])}' if name in before else 'first'}" for name in without
    ]
    message = f"what has no number in its name stands where its name suggests: {first_of(told, _MOST_NAMED)}"
    yield Remark(place, Outcome.DECIDED, f"{message} (give it a number to move it)")


def _is_spread(source: Source | None, pictures: Mapping[Source, Picture | Missing]) -> bool:
    picture = pictures.get(source) if source else None
    return isinstance(picture, Picture) and is_wide(picture)
