"""What is asked of a build, as the command line says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any

import click

from packager.cli.shared import JOBS, PATH, PROFILE, TRUST_PROGRAMS
from packager.cli.space import refuse_two_sizes, space_options

_AS_NEEDED = 0
_MOST_MEDIA = 99


class MediaCount(click.ParamType[int]):
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
