"""What a build takes from the tree that stands in its destination, and what it leaves for the next one."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

import packager
from packager import __version__
from packager.build.request import Settings
from packager.check.known import KnownFacts
from packager.files.digests import FileDigests, hashed, stamp_of
from packager.model import Document, Outcome, Remark, Remarks
from packager.output import templates, templating
from packager.output.manifest import File, Manifest
from packager.output.marks import KEEP, REMEMBERED
from packager.output.staging import Stage
from packager.output.standing import Standing
from packager.output.writer import HeldPictures
from packager.pictures.standing import StoredPlace, place_key
from packager.sandbox.known_jobs import KnownJobs
from packager.sandbox.pool import Failure, Workers
from packager.sandbox.remembered import Remembered, key_of
from packager.text.endings import is_recorded

_CODE = frozenset((".py", ".toml", ".html", ".xml", ".xhtml", ".css", ".js", ".txt", ".typ", ".opf", ".ncx"))
_OF_LIBRARIES = ("site-packages", "dist-packages")
_BATCH = 100  # files of one job
_LARGE_BYTES = 256 << 20  # of a file that a job has no time to hash


@dataclass(frozen=True, slots=True)
class Reuse:
    """The tree that `stands`, what is `remembered` of how it was made, and the bundle's files, where all are plain."""

    stands: Standing
    remembered: Remembered
    digests: FileDigests | None

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
        key = key_of("size", sha256(pickle.dumps((document.template, document.view, document.codec))).hexdigest())
        size_bytes = self.remembered.get(key, int)
        if size_bytes is None:
            size_bytes = templating.size_of(document)
            self.remembered.put(key, size_bytes)
        return size_bytes

    def known_facts(self, manifest: Manifest) -> dict[str, KnownFacts]:
        """Return for each tree what an earlier check found in files that it has again."""
        return {
            name: KnownFacts(self.remembered, {str(_inside(file)): file.sha256 for file in files})
            for name, files in manifest.by_tree().items()
        }

    def note(self, pieces: Mapping[str, HeldPictures], manifest: Manifest) -> None:
        """Keep where the pictures lie that are in documents and archives alone."""
        for file in manifest.files:
            for piece in pieces[file.path.parts[0]].get(_inside(file), ()):
                place = StoredPlace(file.sha256, piece.start, piece.size_bytes, piece.is_base64)
                self.remembered.put(place_key(piece.sha256), place)

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
        yield Reuse(stands, remembered, _digests_of(settings, stage, workers))
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


def _inside(file: File) -> PurePosixPath:
    """Return the path of a file in its tree."""
    return PurePosixPath(*file.path.parts[1:])


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
