"""Where the fonts lie that texts are set in as pictures: in packages, so that they are the same on every machine."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from packager.config import extras
from packager.errors import DefinitionError

PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk", "fontpkg_source_code_pro")
_ENDINGS = (".ttf", ".otf", ".ttc")


@cache
def files() -> tuple[Path, ...]:
    """The font files, sorted. Raises DefinitionError when a package of them is not installed."""
    found: list[Path] = []
    for package in (*PACKAGES, "fontTools"):
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise DefinitionError(
                "the photo edition needs fonts that are not installed", hint=f"Install them: {extras.command('photo')}"
            )
        if package in PACKAGES:
            folder = Path(spec.submodule_search_locations[0])
            found += sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS)
    return tuple(found)
