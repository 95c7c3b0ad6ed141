"""Texts as pictures: set with Pango through libvips, in fonts of packages of ours and in no others."""

from packager.images.typeset.fonts import unset
from packager.images.typeset.lines import cuts
from packager.images.typeset.sheet import set_sheet

__all__ = ["cuts", "set_sheet", "unset"]
