"""The tag that Red Star OS appends to pictures and pages it opens (docs/devices.md section 6)."""

from __future__ import annotations

MARK_BYTES = 24
END = b"EOF"
CLOSING_BYTES = 4 + len(END)  # a little-endian number, the length of all marks, then the end
WARNING = "Do not send, publish or reuse this drive: each mark names a computer that opened the file."


def marks(appended: bytes) -> int:
    """How many marks there are in what was appended to a file; 0 when it is no tag."""
    length = int.from_bytes(appended[-CLOSING_BYTES : -len(END)], "little")
    is_tag = appended.endswith(END) and 0 < length <= len(appended) - CLOSING_BYTES and length % MARK_BYTES == 0
    return length // MARK_BYTES if is_tag else 0
