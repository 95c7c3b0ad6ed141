"""What became of each drive: one line a drive, and below it what is wrong there."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from packager.build.since import since_of
from packager.config.media import Medium
from packager.drive.copy_plan import CopyResult, Updated
from packager.drive.expected import ExpectedTree
from packager.drive.held import HeldTree
from packager.drive.image import Image
from packager.drive.plugged import PluggedDrive
from packager.drive.private import PRIVATE
from packager.drive.source import CopySource
from packager.drive.verify import EXTRA, UNFINISHED, ProofLevel, Verification, errors
from packager.output.manifest import TABLE_NAME
from packager.report.findings import findings_text
from packager.report.words import Line, as_json, count, labelled
from packager.text.spelling import size
from packager.text.terminal import escaped

SHOWN_FINDINGS = 5  # below the line of a drive; `packager verify` tells all


def copied(results: tuple[CopyResult, ...], source: CopySource) -> str:
    """One line a drive: proven, read but not proven, or failed, and why."""
    width = max(len(str(result.drive)) for result in results)
    lines = [line for result in results for line in _copied_drive(result, source, width)]
    whole = sum(result.level is not ProofLevel.FAILED for result in results)
    if len(results) > 1:
        lines.append(f"{whole} of {len(results)} drives hold all of {source.name}, {size(source.size_bytes)}.")
    return "\n".join(lines)


def image_made(image: Image, medium: Medium) -> str:
    """What was made, and how each system writes it to a stick, as its user types it."""
    name = str(image.path)
    quoted = shlex.quote(name)
    lines: list[Line] = [
        ("Made", f"{name}   {size(image.size_bytes)}, FAT32; {count(image.files, 'file')} occupy "
                 f"{size(image.occupied_bytes)} of it"),
        ("Next", f"write it to any {medium.name} or larger: all that is on it will be lost. Unplug other sticks first, "
                 "and put the stick's own name for N"),
        ("Linux", f"lsblk shows it; then: sudo umount /dev/sdN?; sudo dd if={quoted} of=/dev/sdN bs=4M conv=fsync"),
        ("macOS", f"diskutil list shows it; then: diskutil unmountDisk /dev/diskN && sudo dd if={quoted} "
                  "of=/dev/rdiskN bs=4m"),
        ("Windows", "has no command for it: open the file in Rufus or Win32 Disk Imager, choose the stick, and write"),
    ]  # fmt: skip
    return labelled(lines)


def copied_json(results: tuple[CopyResult, ...]) -> str:
    """The same for programs, with every finding."""
    return as_json({"drives": [{**asdict(result), "drive": str(result.drive)} for result in results]})


def verified(drive: Path, verification: Verification, expected: ExpectedTree, mending: str) -> str:
    """What is wrong on the drive, then what was added to it, then the verdict, and `mending`, how to mend it."""
    wrong = errors(verification.findings)
    spoiled = tuple(finding for finding in wrong if finding.code not in EXTRA)
    private = tuple(finding for finding in verification.findings if finding.code == PRIVATE)
    added = tuple(finding for finding in verification.findings if finding not in (*wrong, *private))
    lines = [findings_text(wrong)] if wrong else []
    if added:
        lines += [f"Added by the systems it was plugged into ({count(len(added), 'name')}):", findings_text(added)]
    if private:
        lines += ["For you alone, and not to be handed on:", findings_text(private)]
    lines.append(f"{escaped(str(drive))}  {verification.level}: {verification.why}")
    if expected.edition:
        lines.append(escaped(_edition(expected, is_whole=not spoiled, is_alone=not wrong)))
    elif (since := since_of(expected.source.name)) and not wrong:
        lines.append(escaped(f"This is what is new in `{since[0]}` since edition {since[1]}, whole."))
    if not spoiled and expected.edition < expected.newest:
        lines.append(f"To bring it to that one: {escaped(expected.source.updating(drive))}")
    if spoiled and not any(finding.code == UNFINISHED for finding in wrong):
        lines.append(escaped(mending))
    return "\n".join(lines)


def verified_json(drive: Path, verification: Verification, expected: ExpectedTree) -> str:
    """The same for programs."""
    editions = {"edition": expected.edition or None, "newest_edition": expected.newest or None}
    return as_json({**asdict(verification), "drive": str(drive), "tree": expected.source.name, **editions})


def _edition(expected: ExpectedTree, *, is_whole: bool, is_alone: bool) -> str:
    """Which edition lies on a drive, and whether there is a newer one."""
    name = f"edition {expected.edition} of `{expected.source.name}`"
    newest = "the newest" if expected.edition == expected.newest else f"the newest is {expected.newest}"
    if not is_whole:
        return f"It is most like {name}; {newest}."
    return f"{'This' if is_alone else 'All else'} is {name}, whole; {newest}."


def _copied_drive(result: CopyResult, source: CopySource, width: int) -> Iterator[str]:
    verdict = f"{result.level}: {result.why}"
    if result.level is ProofLevel.READ_THROUGH_CACHE and source.keep:
        verdict += f" {shlex.join([str(result.drive), '--manifest', str(source.keep / TABLE_NAME)])}"
    elif result.level is ProofLevel.READ_THROUGH_CACHE:
        verdict = f"{result.level}: unplug, plug in, and run the same command again, which reads all of it"
    yield f"{escaped(str(result.drive)):<{width}}  {escaped(verdict)}"
    if result.updated:
        yield from (f"{'':<{width}}  {escaped(line)}" for line in _updated(result, result.updated))
    wrong = errors(result.findings)
    worst_first = sorted(result.findings, key=lambda finding: (finding not in wrong, finding))
    yield from (f"  {findings_text([finding])}" for finding in worst_first[:SHOWN_FINDINGS])
    hidden = len(result.findings) - SHOWN_FINDINGS
    if hidden > 0:
        yield f"  and {hidden} more: packager verify {escaped(shlex.quote(str(result.drive)))}"


def _updated(result: CopyResult, updated: Updated) -> Iterator[str]:
    """What an update changed, what it left, and what it could not do."""
    if updated.written_files or updated.removed_files:
        written = f"wrote {count(updated.written_files, 'file')}, {size(updated.written_bytes)}"
        removed = f"; removed {updated.removed_files} that the tree has no more" * bool(updated.removed_files)
        yield f"{written}; {count(result.kept_files, 'file')} stayed{removed}"
    else:
        yield f"nothing was to be written: all {count(result.kept_files, 'file')} were there"
    if updated.foreign:
        others = ", ".join(updated.foreign[:SHOWN_FINDINGS]) + (", ..." if updated.foreign[SHOWN_FINDINGS:] else "")
        yield f"left {count(len(updated.foreign), 'file')} of others in it: {others}"
    if updated.order:
        yield updated.order


def plugged(drives: Sequence[tuple[PluggedDrive, tuple[HeldTree, ...]]]) -> str:
    """One line a drive: where, size, space, format, and what it holds of ours."""
    if not drives:
        return "No drive is plugged in."
    rows = [_plugged_row(drive, held) for drive, held in drives]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def plugged_json(drives: Sequence[tuple[PluggedDrive, tuple[HeldTree, ...]]]) -> str:
    """The same for programs."""
    rows = [
        {**asdict(drive), "place": str(drive.place) if drive.place else None, "holds": [asdict(tree) for tree in held]}
        for drive, held in drives
    ]
    return as_json({"drives": rows})


def _plugged_row(drive: PluggedDrive, held: tuple[HeldTree, ...]) -> tuple[str, ...]:
    place = str(drive.place) if drive.place else f"({drive.device})"
    space = f"{size(drive.free_bytes)} free" if drive.place else ""
    clusters = f", {drive.cluster_bytes // 1024} KiB clusters" if drive.cluster_bytes >= 1024 else ""
    return (
        escaped(f"{place} {drive.label}".strip()),
        size(drive.size_bytes),
        space,
        escaped(f"{drive.file_system}{clusters}"),
        escaped("; ".join(_what_it_is(drive, held))),
    )


def _what_it_is(drive: PluggedDrive, held: tuple[HeldTree, ...]) -> Iterator[str]:
    if drive.is_system:
        yield "a disk of this system: never copied to"
        return
    if drive.place is None:
        yield "not mounted: open it once in the file manager"
        return
    if not drive.is_removable:
        yield "a disk that stays, not taken by --all-removable"
    if drive.is_read_only:
        yield "can only be read"
    yield from map(_held_text, held) if held else ["nothing of ours"]


def _held_text(held: HeldTree) -> str:
    if not held.is_known:
        return f"{held.name}, whose manifest is not at hand"
    edition = f"edition {held.edition} of {held.name}" if held.edition else held.name
    if held.is_unfinished:
        return f"{edition}, unfinished: `packager verify` names the command that ends it"
    newest = f"; the newest is {held.newest}" if held.newest > held.edition else ""
    return f"{'' if held.is_whole else 'a part of '}{edition}{newest}"
