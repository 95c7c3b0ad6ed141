"""`packager measure` and `packager cache merge`: measuring shared out over several machines."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.build import request_options
from packager.cli.options import CACHE_SIZE, cluster_options
from packager.cli.shared import EXIT_CODES, JOBS, PATH, QUIET, progress_bars, say
from packager.errors import PROBLEMS_FOUND, UsageError

if TYPE_CHECKING:
    from packager.build.request import Request
    from packager.build.share import Shard

_MOST_SHARDS = 10_000


def _shard(_context: click.Context, _option: click.Parameter, words: str) -> Shard:
    """One of several shares, as in 3/10."""
    from packager.build.share import Shard

    match = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,5})", words)
    number, count = map(int, match.groups()) if match else (0, 0)
    if not 1 <= number <= count <= _MOST_SHARDS:
        hint = f"Write the third of ten as 3/10, and no more than {_MOST_SHARDS:,} in all."
        raise UsageError(f"--shard {words!r} is no share", hint=hint)
    return Shard(number, count)


@click.command(epilog=EXIT_CODES, short_help="Measure a bundle, or a machine's share of it, for a later build.")
@request_options
@click.option("--shard", default="1/1", callback=_shard, metavar="N/COUNT", help="Only this share, such as 3/10.")
@QUIET
def measure(request: Request, jobs: int | None, shard: Shard, quiet: bool) -> None:
    """Measure the pictures, films and sound of BUNDLE into --cache, or with --shard a machine's share of them.

    Each of ten machines that have the same bundle runs this with its own number; `packager cache merge` brings together
    what they made, and `packager build --cache` with the same options measures nothing of it again.
    """
    if request.cache is None:
        raise UsageError("measure needs --cache", hint="Name the folder that keeps what is measured, with --cache DIR.")
    from packager.pictures import worker_jobs
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=request.trust_programs) as workers, progress_bars(quiet) as progress:
        workers.start(worker_jobs.load)

        from packager.build.share import measure_share
        from packager.report.share import share_text

        share = measure_share(request, shard, workers, progress)
    if not quiet:
        say(share_text(share))


@click.command(epilog=EXIT_CODES, short_help="Help another machine to measure, by a Dask scheduler.")
@click.argument("address", metavar="tls://HOST:PORT")
@cluster_options
@JOBS
@QUIET
def worker(
    address: str,
    cluster_ca: Path | None,
    cluster_cert: Path | None,
    cluster_key: Path | None,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Render pictures for whoever builds with --cluster at the same scheduler, until it ends or this is stopped.

    Pictures are opened in restricted processes, as in a build. Whoever has a certificate of the same authority can run
    anything here as you: that is how Dask works. Give certificates to machines of your own, and to no others.
    """
    from packager.cli.options import asked_scheduler
    from packager.pictures import cluster, worker_jobs
    from packager.pictures.batches import BatchRunner
    from packager.pictures.renderer import short_engine
    from packager.sandbox.pool import Workers

    scheduler = asked_scheduler(address, cluster_ca, cluster_cert, cluster_key)
    assert scheduler
    cluster.require_dask()

    def tell(line: str) -> None:
        if not quiet:
            say(line)

    with tempfile.TemporaryDirectory(prefix="packager-") as folder, Workers(jobs) as workers:
        workers.start(worker_jobs.load)
        batches, own = Path(folder, "batches"), Path(folder, "dask")
        batches.mkdir()
        machine = BatchRunner(workers, batches, tell)
        tell(f"Engine {short_engine(machine.engine)}, {workers.jobs} processes, work from {address}; Ctrl-C ends it.")
        cluster.serve(scheduler, machine, own)
        tell("The scheduler has ended.")


@click.group("cache", short_help="Bring together what several machines have measured.")
def cache() -> None:
    """What --cache keeps."""


@cache.command(epilog=EXIT_CODES, short_help="Bring together what several machines have measured.")
@click.argument("folders", type=PATH, nargs=-1, required=True, metavar="DIR...")
@click.option("--into", type=PATH, required=True, metavar="DIR", help="The cache that gets all.")
@CACHE_SIZE
@QUIET
def merge(folders: tuple[Path, ...], into: Path, cache_bytes: int | None, quiet: bool) -> None:
    """Copy what lies in the caches DIR... into one; entries that are cut short or foreign are named and left out.

    An entry that somebody forged on purpose cannot be told from another: merge what machines made that you trust.
    """
    from packager.build.merge import merge as merge_caches
    from packager.files.store import MOST_BYTES, Store
    from packager.report.share import merged_text

    most_bytes = cache_bytes or MOST_BYTES
    merged = merge_caches(folders, Store(into, most_bytes), most_bytes)
    if merged.left_out or not quiet:
        say(merged_text(merged, into))
    if merged.left_out:
        sys.exit(PROBLEMS_FOUND)
