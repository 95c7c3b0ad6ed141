"""The command `packager`, also as `python -I -m packager`."""

from __future__ import annotations

import os
import signal
import sys
import traceback

INTERNAL_ERROR = 70
SHORT_OF_MEMORY = 4


def main() -> None:
    """Run the command line; an internal error keeps its traceback and exits with 70."""
    from packager.cli import cli

    _import_nothing_from_here()
    _end_as_by_interrupt()
    _fill_closed_streams()
    try:
        cli(prog_name="packager")
    except MemoryError:
        os.write(2, b"packager: there is too little memory.\n")
        os._exit(SHORT_OF_MEMORY)
    except Exception:
        from packager.text import harmless

        sys.stderr.write(harmless(traceback.format_exc()))
        print(
            "packager: this is a fault in packager, not in your files. Please report the lines above.", file=sys.stderr
        )
        sys.exit(INTERNAL_ERROR)


def _import_nothing_from_here() -> None:
    """Have workers, which start as `python -c`, look for no module in the current folder: strangers may fill it."""
    os.environ["PYTHONSAFEPATH"] = "1"


def _end_as_by_interrupt() -> None:
    """Have `kill` and a terminal that is closed do what ctrl-C does: what is temporary is removed first."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores one
            signal.signal(number, signal.default_int_handler)


def _fill_closed_streams() -> None:
    """Have no file or pipe, here or in a worker, take the number of a standard stream that was closed."""
    for stream in range(3):
        try:
            os.fstat(stream)
        except OSError:
            # The lowest free number is that of the stream.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


if __name__ == "__main__":
    main()
