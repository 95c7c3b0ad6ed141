"""A finished tree onto mounted drives, and proven there."""
