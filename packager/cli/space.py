"""How much space there is and how it is formatted, as the command line says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packager.errors import UsageError

if TYPE_CHECKING:
    from packager.config.media import Format
    from packager.config.medium import Medium

F = TypeVar("F", bound=Callable[..., Any])


def _medium_name(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """The name of a medium, or of a file that describes one."""
    from packager.config import media

    if name and name not in media.names() and not name.endswith(".toml"):
        raise UsageError(f'no medium is called "{name}"', hint=media.hint(name))
    return name


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
FIT = click.option("--fit", default="", metavar="SIZE", help="Instead: the space on the medium, such as 500MB.")
FILESYSTEM = click.option(
    "--filesystem", type=click.Choice(["fat32", "exfat"], case_sensitive=False), help="How the medium is formatted."
)
CLUSTER = click.option(
    "--cluster", default="", callback=_cluster_bytes, metavar="SIZE", help="Size of its clusters, such as 4KiB."
)


def space_options(command: F) -> F:
    """The four options that say what a tree is copied to."""
    for option in (CLUSTER, FILESYSTEM, FIT, MEDIUM):
        command = option(command)
    return command


def fit_bytes(fit: str, medium: str) -> int | None:
    """The bytes that --fit asks for, None where it does not; UsageError when it is no size or --medium says another."""
    from packager.config.media import SMALLEST_SPACE
    from packager.text.sizes import size_in_bytes

    size_bytes = size_in_bytes(fit) if fit else None
    if fit and not size_bytes:
        raise UsageError(f"--fit {fit!r} is no size", hint="Write a number with a unit, such as 500MB or 2GiB.")
    if size_bytes and size_bytes < SMALLEST_SPACE:
        raise UsageError(f"--fit {fit}: {size_bytes} bytes hold nothing", hint="Write a unit, as in 500MB.")
    if fit and medium:
        raise UsageError("--fit and --medium contradict each other", hint="Give one of them.")
    return size_bytes


def asked_format(filesystem: str | None, cluster: int | None) -> Format:
    """How --filesystem and --cluster say that the medium is formatted."""
    from packager.config.media import Format
    from packager.config.medium import Filesystem

    named = {str(member).lower(): member for member in Filesystem}
    return Format(named[filesystem.lower()] if filesystem else None, cluster)


def asked_medium(fit: str, medium: str, filesystem: str | None, cluster: int | None) -> Medium | None:
    """The medium that the four options ask for, None where they name none; UsageError for a format of nothing."""
    from packager.config import media

    size_bytes, asked = fit_bytes(fit, medium), asked_format(filesystem, cluster)
    if size_bytes is not None:
        return media.space(size_bytes, asked)
    if not medium and asked != media.USUAL:
        option = "--filesystem" if filesystem else "--cluster"
        raise UsageError(f"{option} says nothing without a size", hint="Add --medium or --fit.")
    return media.load(medium, Path.cwd(), asked) if medium else None
