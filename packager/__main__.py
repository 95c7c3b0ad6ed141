"""The command `packager`, also as `python -m packager`."""

from __future__ import annotations

import sys
import traceback

INTERNAL_ERROR = 70


def main() -> None:
    """Run the command line; an internal error keeps its traceback and exits with 70."""
    from packager.cli import cli

    try:
        cli(prog_name="packager")
    except Exception:
        traceback.print_exc()
        print(
            "packager: this is a fault in packager, not in your files. Please report the lines above.", file=sys.stderr
        )
        sys.exit(INTERNAL_ERROR)


if __name__ == "__main__":
    main()
