"""What is asked of a build, as the command line says it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packager.cli.shared import JOBS, PATH, PROFILE, TRUST_PROGRAMS
from packager.cli.space import asked_format, fit_bytes, space_options

if TYPE_CHECKING:
    from packager.build.request import Request

F = TypeVar("F", bound=Callable[..., Any])


class Media(click.ParamType[int]):
    """A number of media, where one is given."""

    name = "media"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value  # what stands for --split without a number; one that is typed is text
        text = str(value)
        if not text.isascii() or not text.isdigit():
            self.fail(f"{text!r} is no number of media. Without a number, --split stands last.", param, ctx)
        if not int(text):
            self.fail("0 media hold nothing. Without a number, --split takes as many as needed.", param, ctx)
        if int(text) > _MOST_MEDIA:
            self.fail(f"{text} media are too many.", param, ctx)
        return int(text)


_AS_NEEDED = 0
_MOST_MEDIA = 99
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
        type=Media(),
        metavar="[N]",
        help="Share the library out over N media, or over as many as it takes (then --split stands last).",
    ),
    click.option("--drop", "drops", is_flag=True, help="Leave out what does not fit, works of least priority first."),
)


def request_options(command: F) -> F:
    """The bundle and the options that `build` and `plan` share."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def request(fit: str, filesystem: str | None, cluster: int | None, archive: str | None = None, **asked: Any) -> Request:
    """The request that the options make."""
    from packager.build.request import ArchiveKind, Request
    from packager.traces.build_traces import traces

    return Request(
        fit_bytes=fit_bytes(fit, asked["medium"]),
        format=asked_format(filesystem, cluster),
        archive=ArchiveKind(archive) if archive else None,
        traces=traces(datetime.now().astimezone().date()),
        **asked,
    )
