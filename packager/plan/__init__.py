"""Which entries a tree holds, so that they fit."""
