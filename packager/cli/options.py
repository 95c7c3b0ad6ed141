"""Options that say what a tree is copied to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packager.cli.shared import PATH
from packager.errors import UsageError

if TYPE_CHECKING:
    from packager.config.filesystems import Filesystem
    from packager.config.media import Medium
    from packager.pictures.cluster import Scheduler

F = TypeVar("F", bound=Callable[..., Any])
_LEAST_CACHE = 1_000_000  # less is a unit that was forgotten


def _medium_name(context: click.Context, _option: click.Parameter, name: str) -> str:
    """The name of a medium, or of a file that describes one."""
    from packager.config import media

    if name and name not in media.names() and not name.endswith(".toml"):
        has_fit = any(parameter.name == "fit_bytes" for parameter in context.command.params)
        raise UsageError(f'no medium is called "{name}"', hint=media.hint(name, has_fit=has_fit))
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


def _cluster_bytes(context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> int | None:
    """The size of clusters; a command that also takes a scheduler, which Dask calls a cluster, has that beside it."""
    from packager.config import media

    takes_scheduler = any(parameter.name == "cluster_ca" for parameter in context.command.params)
    addresses = [value for value in values if takes_scheduler and "://" in value]
    if takes_scheduler:
        context.params["cluster"] = addresses[-1] if addresses else ""
    size = next((value for value in reversed(values) if value not in addresses), "")
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
    multiple=True,
    callback=_cluster_bytes,
    metavar="SIZE",
    help="Size of its clusters, such as 4KiB. For build and plan also tls://HOST:PORT, a Dask scheduler.",
)


def _cache_bytes(_context: click.Context, _option: click.Parameter, size: str) -> int | None:
    from packager.text.spelling import size_in_bytes

    size_bytes = size_in_bytes(size) if size else None
    if size and (size_bytes or 0) < _LEAST_CACHE:
        what = f"--cache-size {size!r} is no size that holds pictures"
        raise UsageError(what, hint="Write a number with a unit, such as 50GB.")
    return size_bytes


CACHE = click.option(
    "--cache", type=PATH, metavar="DIR", help="Keep measured pictures and films there, for the next run to take."
)
CACHE_SIZE = click.option(
    "--cache-size",
    "cache_bytes",
    default="",
    callback=_cache_bytes,
    metavar="SIZE",
    help="How much the cache may hold; what was not used for longest goes first. Default: 20GB.",
)


def cache_options(command: F) -> F:
    """The options that say where and how much is kept from one run to the next."""
    return CACHE(CACHE_SIZE(command))


def refuse_cache_size_alone(cache_bytes: int | None, cache: Path | None) -> None:
    """UsageError where a bound is given for a cache that is none."""
    if cache_bytes and cache is None:
        raise UsageError("--cache-size says nothing without --cache", hint="Name the folder, with --cache DIR.")


def cluster_options(command: F) -> F:
    """The options that say how a Dask scheduler is reached, beside --cluster, which names it."""
    files = {
        "ca": "For a scheduler at tls://: the certificate of the authority by which all of it know each other.",
        "cert": "For a scheduler at tls://: the certificate of this machine.",
        "key": "For a scheduler at tls://: the key of that certificate.",
    }
    for name, words in reversed(files.items()):
        command = click.option(f"--cluster-{name}", type=PATH, metavar="FILE", help=words)(command)
    return command


def asked_scheduler(
    address: str, authority: Path | None, certificate: Path | None, key: Path | None
) -> Scheduler | None:
    """The scheduler that the four options name, None where they name none; UsageError for files of nothing."""
    from packager.pictures.cluster import Scheduler

    if address:
        scheduler = Scheduler(address, authority, certificate, key)
        scheduler.require_safe()
        return scheduler
    if authority or certificate or key:
        raise UsageError("certificates say nothing without --cluster", hint="Name the scheduler: tls://HOST:PORT.")
    return None


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
        raise UsageError(f"{option} says nothing without a size", hint="Say what it is copied to, with --medium.")
    return None
