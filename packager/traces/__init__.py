"""What systems and this computer leave behind."""
