"""Texts and names: cleaned, spelled in one way, put in order, and searched for addresses of people."""
