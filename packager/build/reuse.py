"""What a build takes from the tree that stands in its destination, and what it leaves for the next one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import packager
from packager import __version__
from packager.build.request import Settings
from packager.check.known import KnownFacts
from packager.files.digests import FileDigests, hashed, stamp_of
from packager.model import Document, Outcome, Remark, Remarks
from packager.output import manifest, templates, templating
from packager.output.manifest import Manifest
from packager.output.marks import KEEP, REMEMBERED
from packager.output.recipes import HeldPicture, text_key
from packager.output.staging import Stage
from packager.output.standing import Standing
from packager.pictures.standing import StandingPieces, StoredPlace, place_key
from packager.sandbox.known_jobs import KnownJobs
from packager.sandbox.pool import Failure, Workers
from packager.sandbox.remembered import Remembered, key_of
from packager.text.endings import is_recorded

_CODE = frozenset((".py", ".toml", ".html", ".xml", ".xhtml", ".css", ".js", ".txt", ".typ", ".opf", ".ncx"))
_OF_LIBRARIES = ("site-packages", "dist-packages")
_BATCH = 100  # files of one job
_LARGE_BYTES = 256 << 20  # of a file that a job has no time to hash


@dataclass(frozen=True, slots=True)
class WrittenBefore:
    """A document or archive that was written: its SHA-256, and the pictures in it that have no file of their own."""

    sha256: str
    pictures: tuple[HeldPicture, ...]


@dataclass(frozen=True, slots=True)
class Reuse:
    """The trees that `stand` in a destination, what is `remembered` of how they were made, and the bundle's files.

    The `pieces` are pictures that lie in files of the trees; `digests` is None where not all files are plain.
    """

    destination: Path
    stands: Standing
    remembered: Remembered
    pieces: StandingPieces
    digests: FileDigests | None
    sizes: dict[bytes, int] = field(default_factory=dict)

    @property
    def known_jobs(self) -> KnownJobs | None:
        """What is known of jobs that read files of the bundle."""
        return KnownJobs(self.remembered, self.digests) if self.digests else None

    @property
    def remarks(self) -> Remarks:
        """A warning about files of the tree that somebody has changed since it was built."""
        changed = self.stands.changed
        if not changed:
            return ()
        others = f", and {len(changed) - 1:,} other files" if changed[1:] else ""
        message = f"was not as it was built any more{others}: made again"
        return (Remark(changed[0], Outcome.WARNING, message),)

    def size_of(self, document: Document) -> int:
        """Return what `templating.size_of` does; a text that was in a document of the tree is not rendered for it."""
        text = text_key(document)
        if text not in self.sizes:
            key = key_of("size", text.hex())
            size_bytes = self.remembered.get(key, int)
            if size_bytes is None:
                size_bytes = templating.size_of(document)
                self.remembered.put(key, size_bytes)
            self.sizes[text] = size_bytes
        return self.sizes[text]

    def known_facts(self, manifest: Manifest) -> dict[str, KnownFacts]:
        """Return for each tree what an earlier check found in files that it has again."""
        return {
            name: KnownFacts(self.remembered, {file.name_in_tree: file.sha256 for file in files})
            for name, files in manifest.by_tree().items()
        }

    def digest_at(self, file: str) -> str:
        """Return the SHA-256 of a picture in the tree, in a document of it, or in the scratch folder."""
        return self.pieces.digest_at(file) or self.hash_file(Path(file))

    def hash_file(self, path: Path) -> str:
        """Return the SHA-256 of a file; one of the tree that stands, or a second name of it, is not hashed again."""
        return self.stands.digest_at(path) or manifest.hash_file(path)

    def fetched(self, file: Path) -> Path:
        """Return the file of a picture, which is there from now on."""
        return self.pieces.fetched(file)

    def made_from(self, recipe: str) -> Path | None:
        """Return the file of the tree that was made from a recipe; None for none."""
        before = self.remembered.get(key_of("file", recipe), WrittenBefore)
        file = self.stands.find(before.sha256) if before else None
        if before and file:
            self._note_places(before)
        return file

    def note(self, recipe: str, file: Path, pictures: Sequence[HeldPicture]) -> None:
        """Keep what a file was made from, and where the pictures lie that are in it alone."""
        written = WrittenBefore(manifest.hash_file(file), tuple(pictures))
        self.remembered.put(key_of("file", recipe), written)
        self._note_places(written)

    def _note_places(self, written: WrittenBefore) -> None:
        for one in written.pictures:
            place = StoredPlace(written.sha256, one.start, one.size_bytes, one.is_base64)
            self.remembered.put(place_key(one.sha256), place)

    def keep(self, folder: Path) -> None:
        """Leave what the next build needs in the organizer's own folder."""
        self.remembered.finish().rename(folder / REMEMBERED)


@contextmanager
def reuse(settings: Settings, stage: Stage, workers: Workers) -> Iterator[Reuse]:
    """Yield what stands in the destination: nothing, where all is to be made anew."""
    is_wanted = not settings.request.makes_anew
    is_build = not settings.request.is_preview
    stands = Standing(stage.destination if is_wanted else None, workers.jobs, with_recorded=is_build)
    old = stage.destination / KEEP / REMEMBERED if is_wanted else None
    workers.only_read(settings.definition.folder, stage.scratch, stage.output, *stands.trees)
    remembered = Remembered(old, stage.scratch / REMEMBERED, _fingerprint(), settings.definition.folder)
    try:
        pieces = StandingPieces(remembered, stands.find, stage.scratch / "pieces")
        yield Reuse(stage.destination, stands, remembered, pieces, _digests_of(settings, stage, workers))
    finally:
        remembered.close()


def _digests_of(settings: Settings, stage: Stage, workers: Workers) -> FileDigests | None:
    """Return those of the bundle's files, which workers read; None where one of them is no file that can be read.

    Films and sound, of which no job reads more than the beginning, are hashed when it is asked whether any has changed.
    """
    built = {os.path.realpath(path) for path in (stage.destination, stage.folder.path)}
    try:
        files = sorted(_files(settings.definition.folder, built))
        stamps = {file: stamp_of(file.stat()) for file in files}
    except OSError:
        return None
    large = {str(file): stamp for file, stamp in stamps.items() if is_recorded(file.name) or stamp[1] > _LARGE_BYTES}
    files = [file for file in files if str(file) not in large]
    batches = [tuple(files[start : start + _BATCH]) for start in range(0, len(files), _BATCH)]
    digests: list[str] = []
    for batch in workers.map(hashed, batches):
        if isinstance(batch, Failure):
            return None
        digests += batch
    known = ((str(file), digest, stamps[file]) for file, digest in zip(files, digests, strict=True))
    return FileDigests(known, large, workers.jobs)


def _files(folder: Path, left_out: set[str]) -> Iterator[Path]:
    """Yield all files in a folder; OSError where something in it is neither a file nor a folder."""
    for entry in os.scandir(folder):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if os.path.realpath(path) not in left_out:
                yield from _files(path, left_out)
        elif entry.is_file(follow_symlinks=False):
            yield path
        else:
            raise OSError(f"{path} is no file")


def _libraries() -> list[str]:
    """Return what is installed, with versions, by the names of the folders that say so: none of them is opened."""
    folders = (Path(each) for each in sys.path if Path(each).name in _OF_LIBRARIES)  # not where the command was called
    found = (one.name for folder in folders if folder.is_dir() for one in folder.iterdir())
    return sorted(name for name in found if name.endswith((".dist-info", ".egg-info")))


def _fingerprint() -> str:
    """Return a sum of our own code and templates, and the versions of all libraries."""
    ours = Path(packager.__file__).parent
    files = [path for path in (*ours.rglob("*"), *templates.folder().rglob("*")) if path.suffix in _CODE]
    found = sha256(repr((__version__, sys.version, _libraries())).encode())
    for file in sorted(files):
        found.update(sha256(file.read_bytes()).digest())
    return found.hexdigest()
