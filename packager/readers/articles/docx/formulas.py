"""Formulas of Word (OMML) -> one line of HTML: every sign of them, in the order in which they are read aloud."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from packager.archive.xml import local_name
from packager.readers.articles.office.parts import child, value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PROPERTIES = "Pr"


def line_of(formula: Element) -> str:
    """Return the HTML of a formula."""
    return "".join(map(_piece, formula))


def _piece(element: Element) -> str:
    name = local_name(element.tag)
    if name.endswith(_PROPERTIES):
        return ""
    if name == "t":
        return escape(element.text or "", quote=False)
    if name in _PIECES:
        return _PIECES[name](element)
    return line_of(element)


def _part(element: Element, name: str) -> str:
    part = child(element, name)
    return line_of(part) if part is not None else ""


def _grouped(words: str) -> str:
    """What stands above or below a line, in brackets where it is more than one word."""
    return words if words.isalnum() else f"({words})"


def _scripts(element: Element) -> str:
    base, below, above = (_part(element, name) for name in ("e", "sub", "sup"))
    raised = (f"<sub>{below}</sub>" if below else "") + (f"<sup>{above}</sup>" if above else "")
    return raised + base if local_name(element.tag) == "sPre" else base + raised


def _fraction(element: Element) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _root(element: Element) -> str:
    degree = _part(element, "deg")
    return f"{f'<sup>{degree}</sup>' if degree else ''}√{_grouped(_part(element, 'e'))}"


def _brackets(element: Element) -> str:
    said = child(element, "dPr")
    begin, end, between = (child(said, name) for name in ("begChr", "endChr", "sepChr"))
    inner = (value(between) or "|").join(line_of(one) for one in element if local_name(one.tag) == "e")
    left = value(begin) if begin is not None else "("
    right = value(end) if end is not None else ")"
    return f"{escape(left)}{inner}{escape(right)}"


def _sum(element: Element) -> str:
    sign = child(element, "naryPr", "chr")
    below, above, inner = (_part(element, name) for name in ("sub", "sup", "e"))
    limits = (f"<sub>{below}</sub>" if below else "") + (f"<sup>{above}</sup>" if above else "")
    return f"{escape(value(sign) if sign is not None else '∫')}{limits} {inner}"


def _limit(element: Element) -> str:
    tag = "sub" if local_name(element.tag) == "limLow" else "sup"
    return f"{_part(element, 'e')}<{tag}>{_part(element, 'lim')}</{tag}>"


def _function(element: Element) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _accent(element: Element) -> str:
    sign = child(element, "accPr", "chr")
    return _part(element, "e") + escape(value(sign) if sign is not None else "\u0302")


def _rows(element: Element) -> str:
    rows = [one for one in element if local_name(one.tag) in ("mr", "e")]
    return "; ".join(" ".join(map(line_of, row)) if local_name(row.tag) == "mr" else line_of(row) for row in rows)


_PIECES = {
    **dict.fromkeys(("sSup", "sSub", "sSubSup", "sPre"), _scripts),
    **dict.fromkeys(("limLow", "limUpp"), _limit),
    **dict.fromkeys(("m", "eqArr"), _rows),
    "f": _fraction,
    "rad": _root,
    "d": _brackets,
    "nary": _sum,
    "func": _function,
    "acc": _accent,
}
