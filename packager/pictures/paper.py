"""A PDF that Typst made, in the form of ours: nothing of the program, no dates, no metadata, no identifiers."""

from __future__ import annotations

import re

from packager.archive.pdf import Ref, scan
from packager.archive.pdf_write import pdf_pieces

_SAID = re.compile(rb"/Creator\(Typst [0-9.]+\)/ModDate\([^()]*\)/CreationDate\([^()]*\)(?=>>\Z)")
_OF_XMP = re.compile(rb"/Metadata \d+ 0 R")
_SUSPECTS = b"/Suspects false"  # which is so without saying, and some viewers stumble over
_VIEWED = b"/ViewerPreferences<<"


def without_maker(pdf: bytes) -> bytes:
    """Return the PDF anew; raises SourceError where Typst writes otherwise than it did, AssertionError for the rest."""
    start = pdf.index(b"1 0 obj\n")
    bodies: list[bytes] = []
    at, last = start, None
    while found := next(scan(pdf, at), None):
        place, number, end, one = found
        assert number == len(bodies) + 1
        bodies.append(pdf[place:end].split(b"\n", 1)[1].removesuffix(b"\nendobj\n"))
        at, last = end + pdf[end : end + 1].count(b"\n"), one
    assert last is not None
    catalog = last.value
    assert isinstance(catalog, dict)
    xmp = catalog.get("Metadata")
    assert xmp == Ref(len(bodies) - 1), "the metadata stands before the catalog"
    info = len(bodies) - 2
    bodies[info - 1], count = _SAID.subn(b"", bodies[info - 1])
    assert count == 1, "the information says something else"
    bodies[-1] = bodies[-1].replace(_SUSPECTS, b"")
    bodies[-1] = _OF_XMP.sub(b"", bodies[-1]).replace(_VIEWED, _VIEWED + b"/DisplayDocTitle true", 1)
    del bodies[-2]
    return b"".join(pdf_pieces([(body,) for body in bodies], root=len(bodies), info=info))
