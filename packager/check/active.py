"""Documents of office programs that run something when they are opened."""

from __future__ import annotations

import re

from packager.files.signatures import FileType

VBA = "_VBA_PROJECT".encode("utf-16-le")  # the storage that holds macros; [MS-OVBA] 2.2.1
# ISO 32000-1, 12.6: actions, and 7.11.4: files inside the file. Letters of a name may be hidden as #xx.
PDF_ACTION = re.compile(rb"/(?:JavaScript|JS|OpenAction|AA|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
PDF_ESCAPED = re.compile(rb"/\w*#[0-9A-Fa-f]{2}")


def active_content(kind: FileType, data: bytes) -> str:
    """What would run when the file in `data` is opened; "" when nothing is known to."""
    if kind is FileType.OFFICE:
        return "macros" if VBA in data else ""
    if kind is FileType.PDF:
        found = PDF_ACTION.search(data)
        if found is not None:
            return found[0].decode()
        return "a name whose letters are hidden" if PDF_ESCAPED.search(data) else ""
    return ""
