"""A pool of worker processes for pure jobs."""
