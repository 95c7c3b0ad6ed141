"""An archive -> the files in it, by the first of several readers that reads it, within what its work may ask for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from filecmp import cmp
from itertools import groupby
from math import ceil
from pathlib import Path

from packager.archive import (
    BY_HAND,
    CUT,
    INSTALL,
    NO_READER,
    DamagedArchive,
    DamagedMember,
    Member,
    UnusualArchive,
    names,
)
from packager.archive.converted import Converter
from packager.archive.volumes import VolumeForm, sets_among
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers import pdf
from packager.readers.context import Scratch, unrestricted_program
from packager.readers.files import SourceFile, member_file, printable
from packager.readers.recognition import recognised
from packager.readers.unpack_jobs import (
    Unpacked,
    UnpackMethod,
    contents,
    damage_in,
    is_unpacked,
    methods_for,
    pages,
    pieces_of,
    pieces_of_volumes,
    salvage,
    unpack,
    unpack_by_library,
    unpack_converted,
)
from packager.sandbox.limits import Limits
from packager.sandbox.pool import Workers
from packager.text.spelling import first_of

_MOST_NAMED = 5
ALL_PARTS = "Put all parts beside it, or unpack them and put the folder in their place."


class ExcessiveWork(SourceError):
    """A work that asks for more than its bytes are worth, whichever of its archives it was found in."""


@dataclass(slots=True)
class Spending:
    """What a work of `stored_bytes`, which messages call `label`, has asked for, with all archives in it."""

    label: str
    stored_bytes: int
    limits: Limits
    members: int = 0
    unpacked_bytes: int = 0
    drawing_seconds: float = 0

    def count(self, members: int) -> None:
        """Count members; raises ExcessiveWork beyond the limit."""
        self.members += members
        most = self.limits.most_members(self.stored_bytes)
        if self.members > most:
            what = f"holds more than {most:,} members, with the archives inside it: too many for its"
            raise self.excess(what, "Leave out files that are not pages, or split it into several.")

    def count_bytes(self, unpacked: int) -> None:
        """Count bytes that came out; raises ExcessiveWork beyond the limit."""
        self.unpacked_bytes += unpacked
        if self.unpacked_bytes > self.limits.archive_bytes:
            what = f"unpacks to more than {self.limits.archive_bytes >> 30} GiB"
            raise ExcessiveWork(what, where=self.label, hint=BY_HAND)

    def excess(self, what: str, hint: str) -> ExcessiveWork:
        """Return the error of a work that is not worth `what`."""
        return ExcessiveWork(f"{what} {self.stored_bytes:,} bytes", where=self.label, hint=hint)


@dataclass(frozen=True, slots=True)
class _File:
    """A member, where its bytes lie, how many they are, and what there is to object to them."""

    member: Member
    source: Source
    size_bytes: int
    objection: str = ""


@dataclass(frozen=True, slots=True)
class _InFiles:
    """An archive, which messages call `label`, in a file of its own, or in several; `is_set` where it was divided."""

    label: str
    path: Path
    volumes: tuple[Path, ...] = ()
    is_set: bool = False


@dataclass(slots=True)
class Unpacker:
    """Reads the archives of one work; with `skip_damaged`, of damaged ones what is left.

    `remarks` grows with what there is to say of them; `is_pdf` says whether one of them was a PDF.
    """

    workers: Workers
    scratch: Scratch
    spending: Spending
    skip_damaged: bool
    remarks: list[Remark] = field(default_factory=list)
    is_pdf: bool = False

    def files(self, archive: SourceFile) -> list[SourceFile]:
        """Return the files in an archive, in its own order; raises SourceError where nothing here reads it."""
        files = self._by_first(self._in_files(archive))
        told = names.told([file.member for file in files])
        label = archive.source.label
        files = [
            replace(file, member=member, source=replace(file.source, label=_member_label(label, member.name)))
            for file, member in zip(files, told, strict=True)
        ]
        self.remarks += _on_names(label, told)
        self.remarks += _on_objections(label, files)
        last = {file.member.name: file for file in files}
        if len(last) < len(files):
            self.remarks.append(_on_twins(label, files))
        members = (member_file(archive.path, name, file.source, file.size_bytes) for name, file in last.items())
        return recognised(members, self.workers)

    def _in_files(self, archive: SourceFile) -> _InFiles:
        """Return an archive as files of its own: it may lie in another one, or be cut into pieces."""
        label, parts = archive.source.label, [self._in_file(source) for source in archive.volumes or (archive.source,)]
        if not archive.volumes:
            return _InFiles(label, parts[0])
        self.remarks += _on_volumes(archive)
        (volumes,) = sets_among(source.label.rpartition("/")[2] for source in archive.volumes)
        if volumes.form in (VolumeForm.NUMBERED, VolumeForm.LETTERED):
            return _InFiles(label, parts[0], tuple(parts[1:]), is_set=True)
        whole = self._kept(label, self.workers.stream(pieces_of_volumes, parts, volumes.form))
        return _InFiles(label, whole, is_set=True)

    def _in_file(self, source: Source) -> Path:
        if source.member is None:
            return source.path
        return self._kept(source.label, self.workers.stream(pieces_of, source))

    def _kept(self, label: str, pieces: Iterable[bytes]) -> Path:
        path = self.scratch.reserve(label).path
        self._write(path, pieces)
        return path

    def _by_first(self, archive: _InFiles) -> list[_File]:
        """Return what the first method gives that reads the archive whole, or where damage is salvaged the most."""
        methods = deque(self.workers.submit(methods_for, archive.path).result())
        last = [UnpackMethod.SALVAGE] if self.skip_damaged and UnpackMethod.PDF not in methods else []
        problem, best, is_salvaged = SourceError("cannot be read"), list[_File](), False
        while methods or last:
            method, files = methods.popleft() if methods else last.pop(), list[_File]()
            before = self.spending.members, self.spending.unpacked_bytes
            is_salvaged = method is UnpackMethod.SALVAGE
            try:
                for file in self._by_method(archive, method):
                    files.append(file)
                best = files
                break
            except (DamagedArchive, UnusualArchive) as error:
                problem = problem if is_salvaged else _plainest(problem, error)
                if isinstance(error, DamagedArchive):
                    methods.clear()
            self.spending.members, self.spending.unpacked_bytes = before
            best = max(best, files, key=len)
        else:
            if not (best and self.skip_damaged):
                raise _of_set(problem) if archive.is_set else problem
        if is_salvaged and not isinstance(problem, DamagedMember):
            self.remarks.append(_on_rest(archive.label, len(best), problem))
        return best

    def _by_method(self, archive: _InFiles, method: UnpackMethod) -> Iterator[_File]:
        path, label = archive.path, archive.label
        if method is UnpackMethod.MEMBERS:
            members = self.workers.submit(contents, path).result()
            if self.skip_damaged and (what := next(filter(None, self.workers.stream(damage_in, path)), "")):
                raise DamagedMember(f"is damaged ({what})", hint=BY_HAND)
            self.spending.count(len(members))
            yield from (_File(one, Source(path, label, member=one.name), one.size_bytes) for one in members)
            return
        for _, items in groupby(self._unpacked(archive, method), _numbers_of_files()):
            member = next(items)
            assert isinstance(member, Member)
            self.spending.count(1)
            if len(member.name) > self.spending.limits.name_characters:  # the worker refuses it, unless taken over
                raise SourceError("holds a name that is too long", hint=BY_HAND)
            yield from self._stored(member, items)  # noqa: B031 - what follows the first

    def _stored(self, member: Member, items: Iterator[Unpacked]) -> Iterator[_File]:
        """Yield the file that the bytes of a member make, also where an error ends them."""
        source, failure = self.scratch.reserve(member.name), None
        objections = list[str]()
        try:
            self._write(source.path, _bytes_among(items, objections))
        except (DamagedArchive, UnusualArchive) as error:
            failure = error
        size_bytes = source.path.stat().st_size
        if failure and size_bytes < member.size_bytes:
            objections.append(CUT)
        if not size_bytes and not is_unpacked(member.name):
            source.path.unlink()
            size_bytes = member.size_bytes
        yield _File(member, source, size_bytes, *objections[:1])
        if failure:
            raise failure

    def _unpacked(self, archive: _InFiles, method: UnpackMethod) -> Iterator[Unpacked]:
        path, label = archive.path, archive.label
        match method:
            case UnpackMethod.PDF:
                self.is_pdf = True
                return self._pages(path)
            case UnpackMethod.STREAM:
                return self.workers.stream(unpack, path)
            case UnpackMethod.LIBRARY:
                return self.workers.stream(unpack_by_library, path, archive.volumes)
            case UnpackMethod.SALVAGE:
                return self.workers.stream(salvage, path, archive.volumes)
            case _:
                converter = Converter(self.workers.programs, lambda: self.scratch.reserve(label).path)
                converted = converter.convert(path, archive.volumes)
                self.remarks += unrestricted_program(converted.program, self.workers, label)
                return self.workers.stream(unpack_converted, converted)

    def _pages(self, path: Path) -> Iterator[Unpacked]:
        """Yield the pages of a PDF, some in each job; together they have the time that their bytes are worth."""
        spending, progress = self.spending, pdf.PdfProgress()
        most = ceil(spending.limits.drawing_seconds(spending.stored_bytes))
        while not progress.is_done:
            if spending.drawing_seconds > most:
                what = f"drawing its pages takes more than {most} seconds of the processor, too much for its"
                raise spending.excess(what, "Print it into a new PDF, or save its pages as pictures.")
            seconds, before = min(spending.limits.processor_seconds, most), progress.seconds
            batch, progress = self.workers.submit_within(seconds, pages, path, progress).result()
            spending.drawing_seconds += progress.seconds - before
            yield from batch

    def _write(self, path: Path, pieces: Iterable[bytes]) -> None:
        with path.open("xb") as file:
            for piece in pieces:
                self.spending.count_bytes(len(piece))
                file.write(piece)


def _numbers_of_files() -> Callable[[Unpacked], int]:
    """Return what gives all that belongs to one file of an archive the same number."""
    number = 0

    def number_of(item: Unpacked) -> int:
        nonlocal number
        number += isinstance(item, Member)
        return number

    return number_of


def _bytes_among(items: Iterable[Unpacked], objections: list[str]) -> Iterator[bytes]:
    for item in items:
        if isinstance(item, bytes):
            yield item
        else:
            objections.append(str(item))


def _plainest(before: SourceError, error: SourceError) -> SourceError:
    """Return what to say of an archive that several readers refuse: the first one names its method."""
    if not isinstance(before, UnusualArchive) or before.what == NO_READER:
        return error
    return UnusualArchive(before.what, hint=INSTALL if error.hint == INSTALL else before.hint)


def _of_set(problem: SourceError) -> SourceError:
    """Return the error of an archive in parts."""
    return type(problem)(f"{problem.what}; it is in several parts, of which one may be missing", hint=ALL_PARTS)


def _on_volumes(archive: SourceFile) -> Iterator[Remark]:
    """Yield a remark on each other part of an archive, that it is used."""
    for number, source in enumerate(archive.volumes, start=1):
        if source != archive.source:
            yield Remark(source.label, Outcome.TAKEN, f"part {number} of {archive.source.label}")


def _member_label(label: str, name: str) -> str:
    return f"{label}/{printable(name)}"


def _on_names(label: str, members: Sequence[Member]) -> Iterator[Remark]:
    """Yield the remark on the code page that names were guessed to be in."""
    guessed = next((member for member in members if member.code_page), None)
    if guessed is None:
        return
    if guessed.code_page == names.UNKNOWN:
        message = "the code page of its names is not known: numbers stand in the place of what cannot be read in them"
    else:
        message = f'its names are read in the code page {guessed.code_page}; the first is "{printable(guessed.name)}"'
    yield Remark(label, Outcome.DECIDED, message)


def _on_twins(label: str, files: Sequence[_File]) -> Remark:
    """Return the remark on files of one name, of which the last counts: programs that add to an archive mean that."""
    last = {file.member.name: file for file in files}
    twins = [file for file in files if file is not last[file.member.name]]
    differ = any(not _are_same(file, last[file.member.name]) for file in twins)
    how = "the last of each is taken" if differ else "they are the same"
    return Remark(label, Outcome.DECIDED, f"holds several files of one name, and {how}: {_some(twins)}")


def _are_same(one: _File, other: _File) -> bool:
    if one.source.member is not None or not one.source.path.exists() or not other.source.path.exists():
        return (one.size_bytes, one.member.crc) == (other.size_bytes, other.member.crc)
    return cmp(one.source.path, other.source.path, shallow=False)


def _on_objections(label: str, files: Sequence[_File]) -> Iterator[Remark]:
    """Yield a remark for each kind of damage on the files that are taken all the same."""
    for objection in dict.fromkeys(file.objection for file in files if file.objection):
        which = [file for file in files if file.objection == objection]
        yield Remark(label, Outcome.WARNING, f"taken although damaged ({objection}): {_some(which)}")


def _on_rest(label: str, count: int, problem: SourceError) -> Remark:
    are = f"{count} files" if count > 1 else "one file"
    message = f"{problem.what}: {are} could be read; look whether the others are missing"
    return Remark(label, Outcome.WARNING, message)


def _some(files: Sequence[_File]) -> str:
    return first_of(list(dict.fromkeys(printable(file.member.name) for file in files)), _MOST_NAMED)
