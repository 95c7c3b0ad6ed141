"""The story of a build: request, prepare, preview."""
