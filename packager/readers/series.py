"""The works of one folder as a series: under one name, and in order where only what they say of themselves tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import groupby

from packager.errors import SourceError
from packager.model import Outcome, Remark, Remarks, Wording
from packager.readers.comics.info import read_comic_info
from packager.readers.context import ReadContext
from packager.readers.files import FileKind, printable
from packager.readers.found import SeriesFolder
from packager.readers.publications import ReadWork
from packager.text.order import unnumbered


def in_series(works: Sequence[ReadWork], context: ReadContext) -> list[ReadWork]:
    """Return the works, those of one folder in one series: the one that they agree on, else the folder's name.

    A ComicInfo.xml beside them goes before the folder's name. Where no list gives an order and the names of their files
    hold no numbers, they stand by the numbers they say.
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
            name, remarks = _name_beside(folder, context)
            if folder.doubt:
                remarks = (*remarks, Remark(printable(folder.path), Outcome.DECIDED, folder.doubt))
            of_folder = [replace(read, series=_series_among(read, name, said[folder])) for read in of_folder]
            of_folder[0] = replace(of_folder[0], remarks=(*of_folder[0].remarks, *remarks))
            if context.definition.publications is None:
                of_folder = _by_number(of_folder, folder)
        found += of_folder
    return found


def _name_beside(folder: SeriesFolder, context: ReadContext) -> tuple[str, Remarks]:
    """Return what a ComicInfo.xml in the folder says of the series, else the folder's name; and what became of it."""
    places = (file for file in context.files if file.kind is FileKind.COMIC_INFO and file.path.parent == folder.path)
    source = next((file.source for file in places), None)
    if source is None:
        return folder.name, ()
    try:
        info = context.ask(source, read_comic_info, source)
    except SourceError as error:
        return folder.name, (Remark(source.label, Outcome.WARNING, f"{error.what}: nothing of it is used"),)
    message = "its name for the series is used; the file itself is not passed on"
    return info.series or info.title or folder.name, (Remark(source.label, Outcome.TAKEN, message),)


def _series_among(read: ReadWork, name: str, said: Mapping[str, Wording]) -> Wording:
    """Return the series of a work of a folder whose works have `said` theirs, else `name`."""
    return next(iter(said.values())) if len(said) == 1 else read.series or Wording.plain(name)


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
