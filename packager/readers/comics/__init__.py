"""Folders and archives of pictures -> comics."""
