"""The scripts and styles as they ship: `python -m tests.helpers.minify` writes them and their hashes."""

from __future__ import annotations

from pathlib import Path

from calmjs.parse import es5
from calmjs.parse.unparsers.es5 import minify_print

from packager.output import templates

SOURCES = ("reader.js", "texts.js")
SHIPPED = ("reader.min.js", "texts.min.js", "find.js", "notice.js", "cues.js")


def minified(script: str) -> str:
    """Return a script without comments and spaces, its own names shortened."""
    written: str = minify_print(es5(script), obfuscate=True)
    return written.replace(";}", "}") + "\n"  # the same in scripts without empty statements, as ours are


def remember(shipped: dict[str, str], listed: Path) -> None:
    """Add the hashes of what documents carry to those by which the check knows ours."""
    new = [f"{templates.hash_of(text)}  {name}\n" for name, text in shipped.items()]
    known = listed.read_text(encoding="utf-8")
    listed.write_text(
        known + "".join(one for one in new if one.split()[0] not in known), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    for source in (templates.folder() / name for name in SOURCES):
        text = minified(source.read_text(encoding="utf-8"))
        source.with_suffix(".min.js").write_text(text, encoding="utf-8", newline="\n")
    remember({name: templates.script(name) for name in SHIPPED}, templates.folder() / templates.SCRIPTS)
    styles = {name: templates.whole_style(name) for name in templates.SHEETS}
    styles |= {name: templates.style(name) for name in templates.BOOK_SHEETS}
    remember(styles, templates.folder() / templates.STYLES)
