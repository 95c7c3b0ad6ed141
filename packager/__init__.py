"""Compile comics, articles, films and sound into self-contained trees for USB sticks and SD cards."""

__version__ = "0.1.0"
