"""The reader's script as it ships: `python -m tests.helpers.minify` writes it, after every change of its source."""

from __future__ import annotations

from calmjs.parse import es5
from calmjs.parse.unparsers.es5 import minify_print

from packager.output import templates

SOURCE, MINIFIED = templates.folder() / "reader.js", templates.folder() / "reader.min.js"


def minified(script: str) -> str:
    """Return a script without comments and spaces, its own names shortened."""
    written: str = minify_print(es5(script), obfuscate=True)
    return written.replace(";}", "}") + "\n"  # the same in scripts without empty statements, as ours are


if __name__ == "__main__":
    MINIFIED.write_text(minified(SOURCE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
