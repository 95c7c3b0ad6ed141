"""How bytes come into their place."""
