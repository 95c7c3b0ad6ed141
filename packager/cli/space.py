"""How much space there is, as the command line says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packager.errors import UsageError

if TYPE_CHECKING:
    from packager.medium import Medium

MEDIUM = click.option("--medium", default="", metavar="M", help="What it is copied to: usb-2gb to sd-128gb.")
FIT = click.option("--fit", default="", metavar="SIZE", help="Space on the medium, such as 500MB.")


def fit_bytes(fit: str, medium: str) -> int | None:
    """The bytes that --fit asks for, None where it does not; UsageError when it is no size or --medium says another."""
    from packager.definition import SMALLEST_FIT_BYTES, size_in_bytes

    size_bytes = size_in_bytes(fit) if fit else None
    if fit and not size_bytes:
        raise UsageError(f"--fit {fit!r} is no size", hint="Write a number with a unit, such as 500MB or 2GiB.")
    if size_bytes and size_bytes < SMALLEST_FIT_BYTES:
        raise UsageError(f"--fit {fit}: {size_bytes} bytes hold nothing", hint="Write a unit, as in 500MB.")
    if fit and medium:
        raise UsageError("--fit and --medium contradict each other", hint="Give one of them.")
    return size_bytes


def asked_medium(fit: str, medium: str) -> Medium | None:
    """The medium that --medium or --fit asks for, None where neither does; UsageError for one that is not known."""
    from packager import medium as media
    from packager.strict_toml import nearest

    size_bytes = fit_bytes(fit, medium)
    if size_bytes is not None:
        return media.space(size_bytes)
    if medium and medium not in media.names():
        raise UsageError(f'no medium is called "{medium}"', hint=nearest(medium, media.names()))
    return media.medium(medium) if medium else None
