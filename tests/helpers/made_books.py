"""Books that the layout makes of publications, written as a build writes them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from PIL import Image

from packager.config import media
from packager.config.definition import Definition
from packager.config.profile import Profile, load
from packager.layout import lay_out
from packager.layout.build_input import BuildInput
from packager.model import (
    Comic,
    Edition,
    Entry,
    Library,
    MissingRendition,
    PaperSize,
    Picture,
    Publication,
    Remarks,
    Rendition,
    RenditionOrGap,
    Renditions,
    Role,
    RoleRenditions,
    Version,
    VersionKey,
    Wording,
)
from packager.output import templating
from packager.output.writer import write_tree
from packager.pictures.jpeg_header import is_grey
from packager.plan.typesetting import Typesetter
from packager.sandbox.pool import Workers
from tests.helpers.clean_tree import encoded

EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
EREADER = load("ereader")
WORDS = templating.dictionary()


def publication(id_: str, *versions: Version) -> Publication:
    """A publication in these versions."""
    return Publication(id_, versions)


def rendered(version: Version, folder: Path, stem: str) -> Renditions:
    """Each picture of a version as a page of its size, and the cover of an article."""
    shown = [
        _rendition(Role.PAGE, picture, folder / f"{stem}-{index}.jpg", index)
        for index, picture in enumerate(version.pictures)
    ]
    sets = [RoleRenditions(Role.PAGE, tuple(shown))]
    if version.work.cover and not isinstance(version.work, Comic):
        cover = _rendition(Role.BOOK_COVER, version.work.cover, folder / f"{stem}-cover.jpg", -1)
        sets.append(RoleRenditions(Role.BOOK_COVER, (cover,)))
    return Renditions(tuple(sets))


def _rendition(role: Role, picture: object, path: Path, index: int) -> RenditionOrGap:
    if not isinstance(picture, Picture):
        return MissingRendition(index)
    colour = (index * 37 % 256, index * 91 % 256, 120)
    drawn = Image.new("RGB", (picture.width, picture.height), colour)
    jpeg = encoded(drawn.convert("L"), quality=80, subsampling=0) if index % 4 == 3 else encoded(drawn, quality=80)
    path.write_bytes(jpeg)
    return Rendition(role, str(path), picture.width, picture.height, len(jpeg), index, 80, is_grey=is_grey(jpeg))


def entries_of(
    folder: Path, editions: tuple[Edition, ...], *publications: Publication, profile: Profile = EREADER
) -> tuple[Entry, ...]:
    """The files of a tree for e-readers; pictures come into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    definition = Definition(Path(), "window", Wording.plain("A window"), editions=editions)
    library = Library(publications, ())
    build = BuildInput(definition, profile, library, WORDS, templating.size_of, media.space(0), editions)
    renditions: dict[VersionKey, Renditions] = {
        key: rendered(version, folder, f"{key[0]}-{key[1]}") for key, version in library.versions
    }
    return tuple(entry for group in lay_out(build, renditions) for entry in group.entries)


def set_on_paper(
    folder: Path, version: Version, workers: Workers, size: PaperSize = PaperSize.A5
) -> tuple[Path, Renditions, Remarks]:
    """An article set as a PDF, its pictures and the remarks on it; all of it comes into `folder`."""
    pictures = folder / "scratch" / "pictures-0"
    pictures.mkdir(parents=True)
    definition = Definition(Path(), "window", Wording.plain("A window"), editions=(Edition.PDF,), pdf=size)
    library = Library((publication("w1", version),), ())
    build = BuildInput(definition, EREADER, library, WORDS, templating.size_of, media.space(0), editions=(Edition.PDF,))
    renditions = rendered(version, pictures, "00000")
    made, remarks = Typesetter(build, workers).paper(version, renditions, pictures / "00000")
    paper = made.of(Role.PDF)[0]
    assert isinstance(paper, Rendition)
    return paper.path, made, remarks


def write_books(
    folder: Path, *publications: Publication, edition: Edition = Edition.EPUB, profile: Profile = EREADER
) -> list[Path]:
    """The books of these publications, in the order of the layout."""
    entries = entries_of(folder / "pictures", (edition,), *publications, profile=profile)
    write_tree(entries, folder / "tree")
    return [folder / "tree" / PurePosixPath(entry.path) for entry in entries]


def epubcheck(books: Sequence[Path]) -> list[str]:
    """What EPUBCheck finds in the books."""
    with ThreadPoolExecutor(2) as threads:
        return list(filter(None, threads.map(_epubcheck, books)))


def _epubcheck(book: Path) -> str:
    command = ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(EPUBCHECK), "--quiet"]
    run = subprocess.run([*command, str(book)], capture_output=True, text=True, timeout=300, check=False)
    said = run.stdout + run.stderr
    return f"{book.name}: {said}" if run.returncode or said else ""
