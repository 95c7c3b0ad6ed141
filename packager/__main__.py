"""The command `packager`, also as `python -I -m packager`."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 128 + 2  # as errors has it, of which nothing is loaded before an interruption is answered

# What the program, its libraries and Python read of the environment, and what processes need to start. All else may be
# a secret: what stands there stands in the memory of every process that reads what strangers made.
_KEPT = """
    PATH HOME USER LOGNAME LNAME USERNAME SHELL PWD TZ TZDIR TMPDIR TEMP TMP LANG LANGUAGE LOCALE_ARCHIVE LOCPATH
    TERM TERMINFO TERMINFO_DIRS COLORTERM COLUMNS LINES NO_COLOR FORCE_COLOR CLICOLOR CLICOLOR_FORCE TTY_COMPATIBLE
    TTY_INTERACTIVE UNICODE_VERSION COMP_WORDS COMP_CWORD _PACKAGER_COMPLETE SOURCE_DATE_EPOCH LIBARCHIVE
    LD_LIBRARY_PATH DYLD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH __PYVENV_LAUNCHER__ __CF_USER_TEXT_ENCODING
    PATHEXT COMSPEC SYSTEMROOT SYSTEMDRIVE WINDIR USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA
    PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432 COMMONPROGRAMFILES COMMONPROGRAMFILES(X86) COMMONPROGRAMW6432 OS
    ALLUSERSPROFILE NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE PROCESSOR_ARCHITEW6432 COMPUTERNAME
    """
_KEPT_BEGINNINGS = ("LC_", "XDG_", "PYTHON", "VIPS_", "FONTCONFIG_", "FREETYPE_", "MALLOC_")


def main() -> None:
    """Run the command line; an internal error keeps its traceback and exits with 70."""
    _forget_environment()
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background job ignores it
            signal.signal(signal.SIGINT, _end_at_once)
        # Workers start as `python -c`: they look for no module in the current folder, which strangers may fill.
        os.environ["PYTHONSAFEPATH"] = "1"
        _fill_closed_streams()

        from packager.cli import cli
        from packager.errors import OUR_FAULT, UNREADABLE_SOURCE
    except KeyboardInterrupt:
        _end_at_once()
    try:
        cli(prog_name="packager", obj=_end_by_exception)
    except MemoryError:
        os.write(2, b"packager: there is too little memory.\n")
        os._exit(UNREADABLE_SOURCE)
    except Exception:
        import traceback

        from packager.text.terminal import without_log_commands

        sys.stderr.write(without_log_commands(traceback.format_exc()))
        print(
            "packager: this is a fault in packager, not in your files. Please report the lines above.", file=sys.stderr
        )
        sys.exit(OUR_FAULT)
    finally:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _end_at_once)


def _forget_environment() -> None:
    """Drop every variable that nothing here has a use for, before any process is started that would have it too."""
    kept = _KEPT.split()
    for name in filter(None, tuple(os.environ)):
        if name.upper() not in kept and not name.upper().startswith(_KEPT_BEGINNINGS):
            del os.environ[name]


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
