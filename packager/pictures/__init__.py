"""Encoding pictures for the tree."""
