"""`packager build` and `packager plan`: a bundle compiled into a checked tree, and what that would take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packager.cli.options import (
    asked_scheduler,
    cache_options,
    cluster_options,
    refuse_cache_size_alone,
    refuse_two_sizes,
    space_options,
)
from packager.cli.shared import (
    EXIT_CODES,
    FORMAT,
    JOBS,
    PATH,
    PROFILE,
    QUIET,
    TRUST_PROGRAMS,
    progress_bars,
    say,
    warn_of_others,
)
from packager.errors import UsageError

if TYPE_CHECKING:
    from packager.build.request import ArchiveKind, Request
    from packager.build.result import BuildResult
    from packager.model import Edition
    from packager.pictures.cluster import DaskCluster
    from packager.sandbox.pool import Workers

_AS_NEEDED = 0
_MOST_MEDIA = 99
_UNCHANGED = "Unchanged nothing that it is made from has changed: it was left as it is"


class MediaCount(click.ParamType[int]):
    """A number of media, where one is given."""

    name = "media"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value  # what stands for --split without a number; one that is typed is text
        text = str(value)
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_MEDIA):
            what = f"{text!r} is no number of media from 1 to {_MOST_MEDIA}"
            self.fail(f"{what}. Without a number, --split stands last and takes as many as needed.", param, ctx)
        return int(text)


def _editions(_context: click.Context, _option: click.Parameter, names: str) -> tuple[Edition, ...] | None:
    """The editions of a list such as `site,cbz`; None for those that are made anyway."""
    from packager.model import Edition

    words = [word.strip() for word in names.split(",")] if names else []
    if unknown := next((word for word in words if word not in list(Edition)), None):
        known = ", ".join(Edition)
        raise UsageError(
            f'--editions: there is no edition "{unknown}"', hint=f"There are {known}; write commas between."
        )
    return tuple(dict.fromkeys(map(Edition, words))) or None


_OPTIONS = (
    click.argument("bundle", type=PATH),
    click.option(
        "-o", "--output", type=PATH, metavar="DIR", help="Default: <name>-built here, the name in small Latin letters."
    ),
    PROFILE,
    space_options,
    JOBS,
    TRUST_PROGRAMS,
    cache_options,
    click.option(
        "--no-reuse", "makes_anew", is_flag=True, help="Make all anew: take nothing from the tree that stands there."
    ),
    click.option(
        "--language", default="", metavar="L", help="Only the versions in this language, where there are any."
    ),
    click.option(
        "--skip-damaged",
        is_flag=True,
        help="Show what is left of damaged pictures; where nothing is, the reader says so.",
    ),
    click.option(
        "--editions",
        default="",
        callback=_editions,
        metavar="E,...",
        help="In these forms, whatever the space: site, phone, cbz, epub, pdf or photo, with commas between.",
    ),
    click.option(
        "--split",
        is_flag=False,
        flag_value=_AS_NEEDED,
        type=MediaCount(),
        metavar="[N]",
        help="Share the library out over N media, or over as many as it takes (then --split stands last).",
    ),
    click.option(
        "--since",
        type=click.IntRange(min=1),
        metavar="N",
        help="Only what is new since edition N, for people who have that: new works, new chapters, what has changed.",
    ),
    click.option("--drop", "drops", is_flag=True, help="Leave out what does not fit, works of least priority first."),
)


def request_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give the command the bundle and the options that `build` and `plan` share.

    Its options that are named as a field of Request come to it as one Request, all others by their names.
    """

    @wraps(command)
    def with_request(**options: object) -> None:
        from packager.build.request import Request
        from packager.files.traces import traces

        named = {field.name: options.pop(field.name) for field in fields(Request) if field.name in options}
        if "cluster" in options:
            words = ("cluster", "cluster_ca", "cluster_cert", "cluster_key")
            named["scheduler"] = asked_scheduler(*(options.pop(word) for word in words))  # type: ignore[arg-type]
        request = Request(**named, traces=traces(datetime.now().astimezone().date()))  # type: ignore[arg-type]
        refuse_two_sizes(request.fit_bytes, request.medium)
        refuse_cache_size_alone(request.cache_bytes, request.cache)
        command(request, **options)

    for option in reversed(_OPTIONS):
        with_request = option(with_request)
    return with_request


def _archive_kind(_context: click.Context, _option: click.Parameter, kind: str | None) -> ArchiveKind | None:
    from packager.build.request import ArchiveKind

    return ArchiveKind(kind) if kind else None


@contextmanager
def _cluster(request: Request, workers: Workers) -> Iterator[DaskCluster | None]:
    """The cluster that a request names, if any: all of its machines render as the workers here do."""
    if request.scheduler is None:
        yield None
        return
    from packager.pictures import worker_jobs
    from packager.pictures.cluster import connected

    with connected(request.scheduler, lambda: workers.submit(worker_jobs.engine).result()) as cluster:
        yield cluster


@click.command(epilog=EXIT_CODES, short_help="Build a bundle into a checked tree.")
@request_options
@cluster_options
@click.option(
    "--archive", type=click.Choice(["zip", "7z"]), callback=_archive_kind, help="Also the whole tree as one file."
)
@click.option("--keep-refused", is_flag=True, help="Keep a tree that fails its check, to look at.")
@FORMAT
@QUIET
def build(request: Request, jobs: int | None, output_format: str, quiet: bool) -> None:
    """Build BUNDLE: a folder with a bundle.toml, the file itself, or any folder of works."""
    from packager.pictures import worker_jobs
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=request.trust_programs) as workers, progress_bars(quiet) as progress:
        workers.start(worker_jobs.load)  # they load libvips while the packages below are loaded here

        from packager.build.build import rebuild
        from packager.report.built import told
        from packager.report.changes import unrecorded
        from packager.report.findings import unapplied
        from packager.report.keep import write_keep

        with _cluster(request, workers) as cluster:
            ended = rebuild(request, write_keep, told, workers, progress, cluster)
    is_refused = ended.result is not None and ended.result.is_refused
    if output_format == "json":
        click.echo(ended.ending.json)
    elif is_refused or not quiet:
        say(ended.ending.text if ended.result else f"{_UNCHANGED}\n{ended.ending.text}")
    else:
        for problem in filter(None, (unapplied(ended.settings.profile), unrecorded(ended.result))):
            say(f"packager: {problem}", err=True)
    if is_refused:
        sys.exit(1)


@click.command(epilog=EXIT_CODES, short_help="Say what a build would take, and make nothing.")
@request_options
@cluster_options
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Also as a page to look at.")
@FORMAT
@QUIET
def plan(request: Request, jobs: int | None, html: Path | None, output_format: str, quiet: bool) -> None:
    """Say what a build of BUNDLE would take, work by work, and what is left on the medium. No tree is made.

    Pictures are measured as for a build, which takes about as long; the build that follows agrees to the byte.
    """
    from packager.pictures import worker_jobs
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=request.trust_programs) as workers, progress_bars(quiet) as progress:
        workers.start(worker_jobs.load)

        from packager.build.build import preview
        from packager.config import definition
        from packager.report.page import page_place, report_page, write_page
        from packager.report.planned import plan_json, plan_text

        if html:
            html = page_place(html, definition.load(request.bundle))
            warn_of_others(html)

        def write_report(planned: BuildResult, _folder: Path) -> None:
            if html:
                write_page(html, report_page(planned))

        with _cluster(request, workers) as cluster:
            planned = preview(request, workers, progress, write_report, cluster)
    if output_format == "json":
        click.echo(plan_json(planned))
    elif not quiet:
        say(plan_text(planned, html))
