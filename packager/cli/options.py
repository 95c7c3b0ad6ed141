"""Options that several commands take: how much space there is, and what is asked of a build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packager.cli.shared import JOBS, PATH, PROFILE, TRUST_PROGRAMS
from packager.errors import UsageError

if TYPE_CHECKING:
    from packager.config.filesystems import Filesystem
    from packager.config.media import Medium

F = TypeVar("F", bound=Callable[..., Any])


def _medium_name(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """The name of a medium, or of a file that describes one."""
    from packager.config import media

    if name and name not in media.names() and not name.endswith(".toml"):
        raise UsageError(f'no medium is called "{name}"', hint=media.hint(name))
    return name


def _fit_bytes(_context: click.Context, _option: click.Parameter, size: str) -> int | None:
    from packager.config.media import SMALLEST_SPACE
    from packager.text.spelling import size_in_bytes

    size_bytes = size_in_bytes(size) if size else None
    if size and not size_bytes:
        raise UsageError(f"--fit {size!r} is no size", hint="Write a number with a unit, such as 500MB or 2GiB.")
    if size_bytes and size_bytes < SMALLEST_SPACE:
        raise UsageError(f"--fit {size}: {size_bytes} bytes hold nothing", hint="Write a unit, as in 500MB.")
    return size_bytes


def _filesystem(_context: click.Context, _option: click.Parameter, name: str | None) -> Filesystem | None:
    from packager.config.filesystems import Filesystem

    return next((each for each in Filesystem if name and each.lower() == name.lower()), None)


def _cluster_bytes(_context: click.Context, _option: click.Parameter, size: str) -> int | None:
    from packager.config import media

    count = media.cluster_in_bytes(size) if size else None
    if size and count is None:
        raise UsageError(f"--cluster {size!r} is no size of clusters", hint=media.CLUSTER_HINT)
    return count


MEDIUM = click.option(
    "--medium",
    default="",
    callback=_medium_name,
    metavar="M",
    help="What it is copied to: usb-4gb, or my.toml.",
)
FIT = click.option(
    "--fit",
    "fit_bytes",
    default="",
    callback=_fit_bytes,
    metavar="SIZE",
    help="Instead: the space on the medium, such as 500MB.",
)
FILESYSTEM = click.option(
    "--filesystem",
    type=click.Choice(["fat32", "exfat"], case_sensitive=False),
    callback=_filesystem,
    help="How the medium is formatted.",
)
CLUSTER = click.option(
    "--cluster",
    "cluster_bytes",
    default="",
    callback=_cluster_bytes,
    metavar="SIZE",
    help="Size of its clusters, such as 4KiB.",
)


def space_options(command: F) -> F:
    """The four options that say what a tree is copied to."""
    for option in (CLUSTER, FILESYSTEM, FIT, MEDIUM):
        command = option(command)
    return command


def refuse_two_sizes(fit_bytes: int | None, medium: str) -> None:
    """UsageError where --fit and --medium both say how much space there is."""
    if fit_bytes and medium:
        raise UsageError("--fit and --medium contradict each other", hint="Give one of them.")


def asked_medium(
    fit_bytes: int | None, medium: str, filesystem: Filesystem | None, cluster_bytes: int | None
) -> Medium | None:
    """The medium that the four options ask for, None where they name none; UsageError for a format of nothing."""
    from packager.config import media

    refuse_two_sizes(fit_bytes, medium)
    if fit_bytes:
        return media.space(fit_bytes, media.Format(filesystem, cluster_bytes))
    if medium:
        return media.load(medium, Path.cwd(), media.Format(filesystem, cluster_bytes))
    if filesystem or cluster_bytes:
        option = "--filesystem" if filesystem else "--cluster"
        raise UsageError(f"{option} says nothing without a size", hint="Add --medium or --fit.")
    return None


_AS_NEEDED = 0
_MOST_MEDIA = 99


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


_OPTIONS = (
    click.argument("bundle", type=PATH),
    click.option(
        "-o", "--output", type=PATH, metavar="DIR", help="Default: <name>-built here, the name in small Latin letters."
    ),
    PROFILE,
    space_options,
    JOBS,
    TRUST_PROGRAMS,
    click.option("--cache", type=PATH, metavar="DIR", help="Keep measured pictures there, for the next run to take."),
    click.option(
        "--language", default="", metavar="L", help="Only the versions in this language, where there are any."
    ),
    click.option("--skip-damaged", is_flag=True, help="Leave damaged pictures out; the reader says so in their place."),
    click.option(
        "--split",
        is_flag=False,
        flag_value=_AS_NEEDED,
        type=MediaCount(),
        metavar="[N]",
        help="Share the library out over N media, or over as many as it takes (then --split stands last).",
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

        named = {field.name: options.pop(field.name) for field in fields(Request) if field.name in options}
        request = Request(**named)  # type: ignore[arg-type]
        refuse_two_sizes(request.fit_bytes, request.medium)
        command(request, **options)

    for option in reversed(_OPTIONS):
        with_request = option(with_request)
    return with_request
