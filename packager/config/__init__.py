"""What an organizer and a device ask for: bundles, profiles, media."""
