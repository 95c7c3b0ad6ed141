"""The works of one folder as a series: under one name, and in order where only what they say of themselves tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import groupby

from packager.model import Outcome, Remark, Wording
from packager.readers.files import printable
from packager.readers.found import SeriesFolder
from packager.readers.publications import ReadWork
from packager.text.order import unnumbered


def in_series(works: Sequence[ReadWork], *, is_listed: bool) -> list[ReadWork]:
    """Return the works, those of one folder in one series: the one that they agree on, else the folder's name.

    Where a list gives no order and the names of their files hold no numbers, they stand by the numbers they say.
    """
    said: dict[SeriesFolder, dict[str, Wording]] = {}
    for read in works:
        if read.work.series:
            names = said.setdefault(read.work.series, {})
            if read.series:
                names.setdefault(read.series.in_language(""), read.series)
    found: list[ReadWork] = []
    for folder, group in groupby(works, key=lambda read: read.work.series):
        of_folder = list(group)
        if folder:
            of_folder = [replace(read, series=_series_among(read, folder, said[folder])) for read in of_folder]
        found += of_folder if is_listed or not folder else _by_number(of_folder, folder)
    return found


def _series_among(read: ReadWork, folder: SeriesFolder, said: Mapping[str, Wording]) -> Wording:
    """Return the series of a work of a folder whose works have `said` theirs."""
    return next(iter(said.values())) if len(said) == 1 else read.series or Wording.plain(folder.name)


def _by_number(works: list[ReadWork], folder: SeriesFolder) -> list[ReadWork]:
    """Return the works by the numbers that they say, if only these tell an order; the first says so in a remark."""
    numbers = [_number(read) for read in works]
    known = [number for number in numbers if number is not None]
    is_told = len(unnumbered([read.work.path.name for read in works])) == len(works)
    if not is_told or len(set(known)) < len(works) or known == sorted(known):
        return works
    order = sorted(range(len(works)), key=known.__getitem__)
    message = "its works stand by the numbers in their ComicInfo.xml, for their names have none"
    remark = Remark(printable(folder.path), Outcome.DECIDED, message)
    first, *others = (works[place] for place in order)
    return [replace(first, remarks=(*first.remarks, remark)), *others]


def _number(read: ReadWork) -> Decimal | None:
    try:
        number = Decimal(read.versions[0].number)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
