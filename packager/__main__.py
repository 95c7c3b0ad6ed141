"""The command `packager`, also as `python -I -m packager`."""

from __future__ import annotations

import os
import sys

INTERNAL_ERROR = 70
SHORT_OF_MEMORY = 4
INTERRUPTED = 130


def main() -> None:
    """Run the command line; an internal error keeps its traceback and exits with 70."""
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background job ignores it
            signal.signal(signal.SIGINT, _end_at_once)
        _import_nothing_from_here()
        _fill_closed_streams()

        from packager.cli import cli
    except KeyboardInterrupt:
        _end_at_once()
    try:
        cli(prog_name="packager", obj=_end_by_exception)
    except MemoryError:
        os.write(2, b"packager: there is too little memory.\n")
        os._exit(SHORT_OF_MEMORY)
    except Exception:
        import traceback

        from packager.text import harmless

        sys.stderr.write(harmless(traceback.format_exc()))
        print(
            "packager: this is a fault in packager, not in your files. Please report the lines above.", file=sys.stderr
        )
        sys.exit(INTERNAL_ERROR)
    finally:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _end_at_once)


def _import_nothing_from_here() -> None:
    """Have workers, which start as `python -c`, look for no module in the current folder: strangers may fill it."""
    os.environ["PYTHONSAFEPATH"] = "1"


def _end_at_once(*_: object) -> None:
    """End before anything is begun, or after all is done: whatever is being loaded, no traceback comes of it."""
    os.write(2, b"packager: interrupted.\n")
    os._exit(INTERRUPTED)


def _end_by_exception() -> None:
    """Have ctrl-C, `kill` and a terminal that is closed end the work alike: what is temporary is removed first."""
    import signal

    for name, before in (("SIGINT", _end_at_once), ("SIGTERM", signal.SIG_DFL), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is before:  # nohup ignores one
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
