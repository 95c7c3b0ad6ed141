"""Texts -> articles: Markdown, HTML and plain text, with the pictures that they show."""
