"""Texts as pictures: set with Pango through libvips, in fonts of packages of ours and in no others."""

from packager.pictures.vips.typeset.fonts import unset
from packager.pictures.vips.typeset.lines import cuts
from packager.pictures.vips.typeset.sheet import set_sheet

__all__ = ["cuts", "set_sheet", "unset"]
