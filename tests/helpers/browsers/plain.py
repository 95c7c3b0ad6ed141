"""Browsers of plain text: what they write of a page, and where its links lead."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

from tests.system import tool

# The columns of a phone's screen or of an old terminal; both encodings are told, since no header tells them.
DUMPS: dict[str, tuple[str, ...]] = {
    "w3m": ("-dump", "-cols", "80", "-I", "UTF-8", "-O", "UTF-8", "-o", "display_link_number=1"),
    "lynx": ("-dump", "-width=80", "-assume_charset=utf-8", "-display_charset=utf-8"),
    "links2": ("-dump", "-width", "80", "-codepage", "utf8", "-html-numbered-links", "1", "-force-html"),
}
_LINK = re.compile(r"^\s*\[?\d+[].]\s+file://(/.*)$", re.MULTILINE)


def dump(engine: str, page: Path) -> str:
    """What an engine writes of a page, with its numbered links at the end."""
    address = str(page) if engine == "w3m" else page.resolve().as_uri()
    command = [str(tool(engine)), *DUMPS[engine], address]
    environment = {"LC_ALL": "C.UTF-8", "HOME": str(page.parent / "none"), "TERM": "dumb"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    return done.stdout.decode()


def links(written: str) -> list[Path]:
    """The files that the numbered links at the end of a dump lead to."""
    return [Path(unquote(address)) for address in _LINK.findall(written)]
