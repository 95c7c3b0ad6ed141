"""Files where other users of this computer may write too."""
