"""The scripts as they ship: `python -m tests.helpers.minify` writes them and their hashes, after every change."""

from __future__ import annotations

from calmjs.parse import es5
from calmjs.parse.unparsers.es5 import minify_print

from packager.output import templates

SOURCE, MINIFIED = templates.folder() / "reader.js", templates.folder() / "reader.min.js"
SHIPPED = (MINIFIED.name, "find.js", "notice.js")


def minified(script: str) -> str:
    """Return a script without comments and spaces, its own names shortened."""
    written: str = minify_print(es5(script), obfuscate=True)
    return written.replace(";}", "}") + "\n"  # the same in scripts without empty statements, as ours are


def remember(names: tuple[str, ...]) -> None:
    """Add the hashes of scripts to those by which the check knows ours."""
    listed = templates.folder() / templates.SCRIPTS
    new = [f"{templates.script_hash(name)}  {name}\n" for name in names]
    known = listed.read_text(encoding="utf-8")
    listed.write_text(
        known + "".join(one for one in new if one.split()[0] not in known), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    MINIFIED.write_text(minified(SOURCE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    remember(SHIPPED)
