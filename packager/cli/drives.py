"""`packager copy`, `verify`, `drives`, `image`: a tree on drives, what is plugged in, and a drive's whole content."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.check import refuse_broken
from packager.cli.options import CLUSTER, FILESYSTEM, MEDIUM, asked_medium
from packager.cli.shared import (
    EXIT_CODES,
    FORMAT,
    PROFILE,
    QUIET,
    gathered,
    progress_bars,
    say,
    shows_progress,
    warn_of_others,
)
from packager.errors import INTERRUPTED, OutputError, UsageError, on_one_line
from packager.text.terminal import escaped, without_log_commands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packager.config.filesystems import Filesystem
    from packager.config.media import Medium
    from packager.drive.copy_plan import CopyPlan, CopyResult
    from packager.drive.expected import ExpectedTree
    from packager.errors import PackagerError
    from packager.output.manifest import File

_OTHERS_NAMED = 10  # of each folder


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """What the command line asks of a copy."""

    tree: Path
    drives: tuple[Path, ...]
    all_removable: bool
    update: bool
    replace: bool
    without_manifest: bool
    profile: str
    yes: bool
    output_format: str
    quiet: bool


@click.command(epilog=EXIT_CODES, short_help="Copy a tree onto sticks and cards, and prove it.")
@click.argument("tree", type=click.Path(path_type=Path))
@click.argument("drives", metavar="DRIVE...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all-removable", is_flag=True, help="Copy to every stick and card that is plugged in; asks first.")
@click.option("--update", is_flag=True, help="Bring an earlier edition, or part of one, on the drives to TREE.")
@click.option("--replace", is_flag=True, help="Remove a folder of the tree's name from the drives first.")
@click.option("--without-manifest", is_flag=True, help="TREE is somebody else's: copy it if a check finds nothing.")
@PROFILE
@click.option("--yes", is_flag=True, help="Do not ask, neither before --all-removable nor before --replace.")
@FORMAT
@QUIET
@gathered(CopyOptions)
def copy(options: CopyOptions) -> None:
    """Copy TREE, whole, onto each DRIVE (the folder it is mounted on), and read it back from there.

    TREE is a folder that `packager build` made, with its manifest in `keep` beside it. An interrupted copy goes on
    where it stopped. With --update what is right on a drive stays, what changed is written, and what others put there
    is left; the old edition is whole until all that is new is on the drive. With --without-manifest TREE is somebody
    else's, and is checked first, against --profile.
    """
    from packager.drive import source
    from packager.drive.copy import exit_code
    from packager.drive.copy_plan import plan
    from packager.drive.expected import earlier_files, holder_of, known_trees
    from packager.drive.mounted import system_folders
    from packager.report import drives as report

    _refuse_contradictions(options)
    loaded = source.load_without_manifest(options.tree) if options.without_manifest else source.load(options.tree)
    if options.without_manifest:
        refuse_broken(options.tree, options.profile, quiet=options.quiet)
    built = None if options.without_manifest else options.tree
    is_asked = options.update or options.replace or options.all_removable
    known = known_trees(built, Path.cwd(), _tell) if is_asked else ()
    named = _all_removable(options, known) if options.all_removable else options.drives
    drives = tuple(holder_of(drive, (loaded.name,)) for drive in named)
    earlier = earlier_files(loaded, known) if options.update else None
    planned = plan(loaded, drives, system_folders(), replaces=options.replace, earlier=earlier)
    _ask(planned, (*loaded.files, *earlier_files(loaded, known)), is_agreed=options.yes)
    results = _copied(planned, drives, options.quiet)
    if options.output_format == "json":
        click.echo(report.copied_json(results))
    elif exit_code(results) or not options.quiet:
        say(report.copied(results, loaded))
    sys.exit(exit_code(results))


def _tell(error: PackagerError) -> None:
    """Say which list of editions cannot be read: what only it knows of drives is not known."""
    say(f"packager: {escaped(str(error))}", err=True)


def _refuse_contradictions(options: CopyOptions) -> None:
    from packager.output.marks import FolderMark, defined_bundle_of, is_built_tree

    if options.update and options.replace:
        raise UsageError("--update keeps what is right, and --replace removes it", hint="Give one of them.")
    if options.update and options.without_manifest:
        raise UsageError("--update compares with a manifest", hint="Leave out --update, or --without-manifest.")
    if options.profile and not options.without_manifest:
        what = "--profile says by what a tree without a manifest is checked"
        raise UsageError(what, hint="Leave it out: a tree beside its manifest was checked when it was built.")
    if trees := [drive for drive in options.drives if is_built_tree(drive)]:
        what = "is a tree that a build made, and no drive"
        raise UsageError(what, where=trees[0], hint="Name one tree first, then the drives: packager copy TREE DRIVE...")
    if bundles := [drive for drive in options.drives if defined_bundle_of(drive) and not drive.is_mount()]:
        what = f"is or lies in {FolderMark.BUNDLE}, and is no drive"
        raise UsageError(what, where=bundles[0], hint="Name the folder that a drive is mounted on.")
    if bool(options.drives) == options.all_removable:
        what = "drives are named, and --all-removable names them too" if options.drives else "no drive is named"
        raise UsageError(
            what, hint="Name the folders that they are mounted on (`packager drives`), or --all-removable."
        )


def _all_removable(options: CopyOptions, known: Sequence[ExpectedTree]) -> tuple[Path, ...]:
    """Every stick and card that is mounted, once they were shown and agreed to."""
    from packager.drive.held import held_trees
    from packager.drive.plugged import plugged, removable
    from packager.report import drives as report

    chosen = [(drive, drive.place) for drive in removable(plugged()) if drive.place]
    if not chosen:
        hint = "Plug one in and open it once, so that it is mounted. `packager drives` lists what there is."
        raise OutputError("no stick or card is plugged in and mounted", hint=hint)
    say(report.plugged([(drive, held_trees(place, known)) for drive, place in chosen]), err=True)
    if not options.yes:
        if not sys.stdin.isatty():
            raise UsageError("--all-removable asks before it copies", hint="Add --yes to go on without being asked.")
        click.confirm(f"Copy to {'this drive' if len(chosen) == 1 else f'all {len(chosen)}'}?", abort=True, err=True)
    return tuple(place for _, place in chosen)


def _ask(planned: CopyPlan, known: Sequence[File], *, is_agreed: bool) -> None:
    """Have every removal agreed to, and say what goes that is not `known`; UsageError where nobody can be asked."""
    from packager.drive.copy_plan import files_of_others
    from packager.text.spelling import first_of

    removed = [(job.drive.path, each) for job in planned.jobs if job.replaces for each in job.existing]
    if not removed:
        return
    if not is_agreed and not sys.stdin.isatty():
        raise UsageError("--replace asks before it removes anything", hint="Add --yes to go on without being asked.")
    listed, has_others = "", False
    for drive, existing in removed:
        listed += f"\n  {escaped(on_one_line(str(drive / existing.name)))}"
        if others := files_of_others(existing, known):
            has_others = True
            listed += f"\n    with what is of no edition that is known here: {escaped(first_of(others, _OTHERS_NAMED))}"
    told = f"These folders will be removed with all that is in them:{listed}"
    if not is_agreed:
        click.confirm(without_log_commands(f"{told}\nGo on?"), abort=True, err=True)
    elif has_others:
        say(told, err=True)


def _copied(planned: CopyPlan, drives: tuple[Path, ...], quiet: bool) -> tuple[CopyResult, ...]:
    from packager.drive.copy import copy as onto
    from packager.drive.copy import in_order

    try:
        if not shows_progress(quiet):
            return in_order(onto(planned), drives)
        from packager.report.bars import DriveBars

        with DriveBars() as bars:
            return in_order(onto(planned, bars.of_drive), drives)
    except KeyboardInterrupt:
        say("packager: interrupted; the same command goes on where it stopped.", err=True)
        sys.exit(INTERRUPTED)


@click.command("drives", epilog=EXIT_CODES, short_help="List the drives that are plugged in.")
@FORMAT
def list_drives(output_format: str) -> None:
    """List what is plugged in: where, size, format, whether it is a disk of the system, and which edition it holds.

    An edition is told by names and lengths, by the manifests of *-built and the editions of bundles here; `packager
    verify` reads it. Disks of the system are never copied to.
    """
    from packager.drive.expected import known_trees
    from packager.drive.held import held_trees
    from packager.drive.plugged import plugged
    from packager.report import drives as report

    known = known_trees(None, Path.cwd(), _tell)
    rows = [
        (drive, held_trees(drive.place, known) if drive.place and not drive.is_system else ()) for drive in plugged()
    ]
    if output_format == "json":
        click.echo(report.plugged_json(rows))
    else:
        say(report.plugged(rows))


@click.command(epilog=EXIT_CODES, short_help="Read back the tree on a stick or card.")
@click.argument("drive", type=click.Path(path_type=Path))
@click.option("--manifest", type=click.Path(path_type=Path), metavar="FILE", help="Default: those of *-built here.")
@FORMAT
@QUIET
def verify(drive: Path, manifest: Path | None, output_format: str, quiet: bool) -> None:
    """Read back the tree on DRIVE, and name all that is missing, extra or different, and what systems added."""
    from packager.config.filesystems import folded_name
    from packager.drive.expected import expected_on, holder_of, known_trees
    from packager.drive.mending import mending
    from packager.drive.mounted import drive_at
    from packager.drive.verify import verify as inspect
    from packager.model.progress import SILENT
    from packager.report import drives as report
    from packager.report.bars import DriveBars

    known = known_trees(manifest, Path.cwd(), _tell)
    holder = holder_of(drive, [tree.source.name for tree in known])
    if holder != drive:  # one of several trees there may be meant
        known = tuple(tree for tree in known if folded_name(tree.source.name) == folded_name(drive.name)) or known
    drive = holder
    mounted = drive_at(drive, ())
    expected = expected_on(drive, known, is_given=manifest is not None)
    if shows_progress(quiet):
        with DriveBars() as bars:
            result = inspect(expected.source, mounted, bars.of_drive(drive))
    else:
        result = inspect(expected.source, mounted, SILENT)
    if output_format == "json":
        click.echo(report.verified_json(drive, result, expected))
    elif result.exit_code or not quiet:
        say(report.verified(drive, result, expected, mending(expected.source, mounted, result.findings)))
    sys.exit(result.exit_code)


@dataclass(frozen=True, slots=True)
class ImageOptions:
    """What the command line asks of an image."""

    tree: Path
    file: Path
    medium: str
    filesystem: Filesystem | None
    cluster_bytes: int | None
    verify: bool
    force: bool
    output_format: str
    quiet: bool


@click.command(epilog=EXIT_CODES, short_help="Write a tree as a FAT32 image.")
@click.argument("tree", type=click.Path(path_type=Path))
@click.argument("file", metavar="FILE.img", type=click.Path(path_type=Path))
@MEDIUM
@FILESYSTEM
@CLUSTER
@click.option("--verify", is_flag=True, help="Write nothing: compare FILE.img with what TREE gives.")
@click.option("--force", is_flag=True, help="Replace FILE.img when it exists.")
@FORMAT
@QUIET
@gathered(ImageOptions)
def image(options: ImageOptions) -> None:
    """Write TREE as a whole FAT32 image, for duplicators and dd: the same tree gives the same bytes."""
    from packager.drive.image import fat32_medium

    if options.verify and options.force:
        raise UsageError("--verify writes nothing, and --force replaces a file", hint="Give one of them.")
    named = asked_medium(None, options.medium, options.filesystem, options.cluster_bytes)
    if options.verify:
        _verify(options, fat32_medium(named) if named else None)
    elif named is None:
        raise UsageError("--medium is missing", hint="Say what the image will be written to, such as usb-4gb.")
    else:
        _write(options, fat32_medium(named))


def _write(options: ImageOptions, medium: Medium) -> None:
    from packager.drive.image import write_image
    from packager.report.drives import image_made
    from packager.report.words import as_json

    warn_of_others(options.file)
    with progress_bars(options.quiet) as progress:
        written = write_image(options.tree, options.file, medium, replace=options.force, progress=progress)
    if options.output_format == "json":
        click.echo(as_json({**asdict(written), "path": str(written.path)}))
    elif not options.quiet:
        say(image_made(written, medium))


def _verify(options: ImageOptions, medium: Medium | None) -> None:
    from packager.drive.image import medium_of, verify_image
    from packager.report.words import as_json, count

    with progress_bars(options.quiet) as progress:
        medium = medium or medium_of(options.file)
        compared, difference = verify_image(options.tree, options.file, medium, progress=progress)
    if options.output_format == "json":
        first = asdict(difference) if difference else None
        click.echo(as_json({**asdict(compared), "path": str(compared.path), "difference": first}))
    elif difference or not options.quiet:
        path, tree = escaped(str(compared.path)), escaped(str(options.tree))
        if difference is None:
            files = count(compared.files, "file")
            say(f"{path}: all {compared.size_bytes:,} bytes are what {tree} gives, with {files}.")
        else:
            first_byte = f"byte {difference.offset:,}, in {escaped(difference.content)}"
            say(f"{path}: is not what {tree} gives; the first difference is {first_byte}.")
            again = ["packager", "image", str(options.tree), str(options.file), "--force"]
            say(f"To make it again: {escaped(shlex.join(again))} --medium {options.medium or 'NAME'}")
    sys.exit(1 if difference else 0)
