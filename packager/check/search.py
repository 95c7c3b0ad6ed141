"""What the script of a library loads to find words in texts: our own code, and an index that is data alone."""

from __future__ import annotations

import re

from packager.output.templates import hash_of, own_scripts

CODE = "find/find.txt"
INDEX = re.compile(r"find/[0-9]{1,4}/[0-9]{1,3}\.txt")
# One call of our function with one string, in which nothing ends it.
_FORM = re.compile(r'found\([0-9]{1,7}, "(?:[^"\\\n\r\u2028\u2029]|\\["\\])*"\);')


def problem_of_search(path: str, text: str) -> str:
    """What a file of a tree holds that would run when words are looked for, and is not ours; "" for any other file."""
    if path == CODE:
        return "" if hash_of(text) in own_scripts() else "a script of others"
    if INDEX.fullmatch(path):
        return "" if _FORM.fullmatch(text) else "something else than an index of words"
    return ""
