"""What files are by their first bytes, files where other users may write too, and what systems leave on drives."""
