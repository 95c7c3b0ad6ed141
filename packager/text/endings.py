"""What the names of files end in, by what such files hold; and the stem that is left of a name without it."""

from __future__ import annotations

import re

PICTURES = "jpe?g|jpe|jfif|png|webp|gif|avif|tiff?|bmp|hei[cf]|hif|jxl"
BOOKS = "epub|pdf"
FILMS = "mp4|m4v|mov|qt|mkv|webm|avi|divx|mpe?g|mpv|m2v|vob|ts|m2ts|mts|wmv|asf|flv|f4v|3gp|3g2|ogv|ogm|rm|rmvb"
SOUND = "mp3|mp2|m4a|m4b|aac|ogg|oga|opus|spx|flac|wav|wma|aiff?|amr|ape|wv|mka|ac3|dts"
SUBTITLES = "srt|smi|sami|vtt|ass|ssa"
TEXTS = "md|markdown|mdown|mkd|qmd|rmd|txt|text|html?|xhtml|mht|mhtml|docx|odt|rtf|fb2|rst|org|textile|tex|docbook"
MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd")
DOCUMENTS = (".docx", ".odt", ".rtf", ".fb2")
"""Of programs that write one document a file, with its pictures in it."""
BESIDE_PICTURES = (*MARKDOWN, ".html", ".htm", ".xhtml", ".rst", ".org", ".textile", ".tex", ".docbook")
"""Of texts whose pictures lie beside them, in files of their own."""
ARCHIVES = "cbz|zip|cbr|rar|cb7|7z|cbt|tar|tar\\.(?:gz|bz2|xz)|tgz|tbz2?|txz"

# Parts of an archive have a number before or behind it. Downloads get something behind the ending:
# `1.jpg_large`, `1.jpg?x=1`, `1.image.jpg257861`.
_ENDING = re.compile(
    rf"(?:\.part\d{{1,4}})?\.(?:{ARCHIVES})(?:\.\d{{2,3}})?$|\.(?:(?:{PICTURES}|{ARCHIVES}|{BOOKS})(?![a-z])[^.]*|(?:{TEXTS}|{FILMS}|{SOUND}|{SUBTITLES}))$",
    re.IGNORECASE | re.DOTALL,
)
_RECORDED = re.compile(rf"\.(?:{FILMS}|{SOUND})$", re.IGNORECASE)


def is_recorded(name: str) -> bool:
    """Return whether a name says film or sound."""
    return bool(_RECORDED.search(name))


def stem(name: str) -> str:
    """Return a name without a known ending and what follows that; numbers such as the `.5` of `Chapter 10.5` stay."""
    found = _ENDING.search(name)
    return name[: found.start()] if found and found.start() else name
