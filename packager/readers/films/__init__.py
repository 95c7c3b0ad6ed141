"""Films and sound, and what lies beside them: subtitles, posters, words about them."""
