"""Reads bundles for tests as a build does: real pictures, real worker processes."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from packager import readers
from packager.archive.read import read_source
from packager.config import definition
from packager.model import Article, Comic, Header, Library, Outcome, Remark, Source, Version
from packager.pictures import vips
from packager.readers.context import missing_restrictions
from packager.sandbox.pool import Workers
from tests.helpers.articles import open_lines
from tests.helpers.builders import make_picture

FINAL = (Outcome.TAKEN, Outcome.PASSED_OVER, Outcome.LEFT_OUT)


def look(source: Source) -> Header:
    """The header of one picture, as a job for a worker."""
    return vips.probe(read_source(source))


def read_bundle(folder: Path, workers: Workers, *, language: str = "", skip_damaged: bool = False) -> Library:
    """Everything in the bundle, with no word lost; what the processes may read beside it is not limited, nor told."""
    scratch, options = Path(tempfile.mkdtemp()), readers.ReadOptions(language, skip_damaged)
    library = readers.read(definition.load(folder), workers, scratch, look, options=options)
    assert open_lines(library.remarks) == []
    ours = missing_restrictions(workers)
    return replace(library, remarks=tuple(remark for remark in library.remarks if remark not in ours))


def make_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files; those whose names are a picture's and that are given as "" become small pictures."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content == "":
            make_picture(path, (30, 42))
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def make_archive(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """An archive that holds what `make_files` makes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = make_files(Path(tempfile.mkdtemp()), files)
    with zipfile.ZipFile(path, "w") as archive:
        for name in files:
            archive.write(folder / name, name)
    return path


def only_version(library: Library) -> Version:
    """The one version of the one publication."""
    ((version,),) = [publication.versions for publication in library.publications]
    return version


def comic_of(version: Version) -> Comic:
    """The comic that a version holds."""
    assert isinstance(version.work, Comic)
    return version.work


def article_of(version: Version) -> Article:
    """The article that a version holds."""
    assert isinstance(version.work, Article)
    return version.work


def page_names(version: Version) -> list[str]:
    """The names of a comic's pictures in reading order."""
    return [picture.source.label.rsplit("/", 1)[-1] for picture in comic_of(version).pictures]


def outcomes(library: Library) -> dict[str, Outcome]:
    """What became of each source: two outcomes are an error; one that is only warned of has the warning."""
    found = [remark for remark in library.remarks if remark.outcome in FINAL]
    assert len({remark.source for remark in found}) == len(found)
    warned = {remark.source: remark.outcome for remark in library.remarks if remark.outcome is Outcome.WARNING}
    return warned | {remark.source: remark.outcome for remark in found}


def messages(library: Library, outcome: Outcome) -> list[str]:
    """The remarks of one kind as text."""
    return [_line(remark) for remark in library.remarks if remark.outcome is outcome]


def _line(remark: Remark) -> str:
    return f"{remark.source}: {remark.message}"
