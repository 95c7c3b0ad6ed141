"""Bytes of texts -> characters."""
