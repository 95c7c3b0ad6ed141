"""Kinds of picture that Pillow reads with the help of a package that not everybody has."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from packager.config import extras
from packager.errors import DamagedPicture
from packager.pictures.vips.formats import Kind

# pi-heif decodes only: what encodes HEVC is under the GPL. The JPEG XL plug-in for Pillow that most know is, too.
_PLUGINS = {Kind.HEIC: ("pi_heif", "register_heif_opener", "heic"), Kind.JXL: ("pylibjxl", "register_pillow", "jxl")}


@cache
def load_for(kind: Kind) -> None:
    """Teach Pillow to read a kind; DamagedPicture, with what to install, where the package is missing."""
    if kind not in _PLUGINS:
        return
    module, register, extra = _PLUGINS[kind]
    try:
        getattr(import_module(module), register)()
    except ImportError as error:
        package = " ".join(extras.PACKAGES[extra])
        raise DamagedPicture(
            f"{kind} pictures need a further package: run  pip install {package}  or save it as JPEG"
        ) from error
