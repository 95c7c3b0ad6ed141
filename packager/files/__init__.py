"""What files are by their first bytes, and files where other users of this computer may write too."""
