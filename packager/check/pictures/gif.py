"""GIF, walked block by block; CompuServe, Graphics Interchange Format, version 89a."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from packager.check.containers import DamageError
from packager.check.facts import ChunkFacts

SCREEN_BYTES = 13  # signature and logical screen descriptor
IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
PLAIN_TEXT, CONTROL, COMMENT, APPLICATION = 0x01, 0xF9, 0xFE, 0xFF
MOST_BLOCKS = 1_000_000  # of at most 255 bytes
LOOPS = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0"))
METADATA = {b"XMP DataXMP": "XMP", b"ICCRGBG1012": "a colour profile"}


@dataclass(frozen=True, slots=True)
class Block:
    """One picture, or one extension with its `label`; `content` are its sub-blocks, which begin at `start`."""

    label: int | None
    content: tuple[bytes, ...]
    start: int
    end: int


def blocks(data: bytes) -> Iterator[Block]:
    """Yield the blocks of the GIF in `data` up to its trailer; raises DamageError where one is cut or of no kind."""
    if len(data) < SCREEN_BYTES:
        raise DamageError("cut off")
    at, left = SCREEN_BYTES + _palette_bytes(data[10]), MOST_BLOCKS
    while (kind := _byte(data, at)) != TRAILER:
        if kind == IMAGE:
            label, start = None, at + 11 + _palette_bytes(_byte(data, at + 9))  # behind the size of its codes
        elif kind == EXTENSION:
            label, start = _byte(data, at + 1), at + 2
        else:
            raise DamageError(f"no block where one must be, at byte {at:,}")
        content, end = _sub_blocks(data, start, left)
        left -= len(content)
        yield Block(label, content, start, end)
        at = end


def gif_facts(data: bytes) -> ChunkFacts:
    """Return what the GIF in `data` holds; raises DamageError as `blocks`."""
    metadata, needless = list[str](), list[str]()
    end = SCREEN_BYTES + _palette_bytes(_byte(data, 10))
    for block in blocks(data):
        end = block.end
        first = block.content[0] if block.content else b""
        if block.label == COMMENT:
            metadata.append("a comment")
        elif block.label == APPLICATION and first not in LOOPS:
            metadata.append(METADATA.get(first, "data of a program"))
        elif block.label not in (None, CONTROL, APPLICATION):
            needless.append("text" if block.label == PLAIN_TEXT else f"extension {block.label:02X}")
    return ChunkFacts(tuple(dict.fromkeys(metadata)), tuple(dict.fromkeys(needless)), len(data) - end - 1)


def non_pixel_bytes(data: bytes) -> bytes:
    """Return everything but the codes of pictures, with each extension in one piece too.

    Raises DamageError as `blocks`.
    """
    parts, end = list[bytes](), 0
    for block in blocks(data):
        if block.label is None:
            parts.append(data[end : block.start])
            end = block.end
        else:
            parts.append(b"".join(block.content))
    return b"\n".join((*parts, data[end:]))


def _sub_blocks(data: bytes, at: int, most: int) -> tuple[tuple[bytes, ...], int]:
    """Return what the sub-blocks at `at` hold, and where they end."""
    content = list[bytes]()
    while length := _byte(data, at):
        if len(content) >= most:
            raise DamageError(f"it has more than {MOST_BLOCKS:,} blocks, too many to read")
        content.append(data[at + 1 : at + 1 + length])
        at += 1 + length
    return tuple(content), at + 1


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise DamageError("cut off")
    return data[at]


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
