"""Compile comics and articles into self-contained trees for USB sticks and SD cards."""

__version__ = "0.1.0"
