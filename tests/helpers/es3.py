"""Scripts held to the syntax of ES3, ECMA-262 third edition, which every browser since 1999 reads."""

from __future__ import annotations

import re

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")  # a name may be written so (7.6), which the parser does not know
# 7.5.2 and 7.5.3: ES5 lets these be names of properties, ES3 does not.
RESERVED = frozenset(
    """
    abstract boolean break byte case catch char class const continue debugger default delete do double else enum
    export extends false final finally float for function goto if implements import in instanceof int interface long
    native new null package private protected public return short static super switch synchronized this throw throws
    transient true try typeof var void volatile while with
    """.split()
)


def es3_error(script: str) -> str:
    """Where `script` is no ES3, and why; "" when it is."""
    from calmjs.parse import es5
    from calmjs.parse.exceptions import ECMASyntaxError

    plain = ESCAPED.sub(_letter, script)
    try:
        es5(plain)
        return _newer(plain)
    except ECMASyntaxError as problem:
        return str(problem)


def _letter(escape: re.Match[str]) -> str:
    letter = chr(int(escape[1], 16))
    return letter if letter.isalnum() else escape[0]


def _newer(script: str) -> str:
    """What ES5 reads and ES3 does not: accessors, a comma at the end of an object, reserved words as names."""
    from calmjs.parse.lexers.es5 import Lexer

    lexer = Lexer()
    lexer.input(script)
    before = after = ""
    for token in lexer:
        kind, text = token.type, str(token.value)
        if before == "." and text in RESERVED:
            return f"line {token.lineno}: .{text}, a reserved word, as the name of a property"
        if kind == "COLON" and before in RESERVED and after in ("{", ","):
            return f"line {token.lineno}: {before}, a reserved word, as the name of a property"
        if kind == "RBRACE" and before == ",":
            return f"line {token.lineno}: a comma at the end of an object"
        if kind in ("GETPROP", "SETPROP"):
            return f"line {token.lineno}: {text}, an accessor"
        before, after = text, before
    return ""
