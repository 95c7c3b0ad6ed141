"""Worker processes, outside programs, and the restrictions around both."""
