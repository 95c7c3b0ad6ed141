"""Text from elsewhere, sizes and spelling."""
