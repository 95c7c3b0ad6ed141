"""GIF, walked block by block and held to one form; CompuServe, Graphics Interchange Format, version 89a."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from packager.check.containers import DamageError
from packager.check.facts import FormProblem
from packager.check.findings import listed

SCREEN_BYTES = 13  # signature and logical screen descriptor
IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
PLAIN_TEXT, CONTROL, COMMENT, APPLICATION = 0x01, 0xF9, 0xFE, 0xFF
MOST_BLOCKS = 1_000_000  # of at most 255 bytes
METADATA = {b"XMP DataXMP": "XMP", b"ICCRGBG1012": "a colour profile"}
LONGEST_CODE = 12  # bits


@dataclass(frozen=True, slots=True)
class Block:
    """One picture, or one extension with its `label`, from `begin` to `end`; its sub-blocks begin at `start`."""

    label: int | None
    begin: int
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
        yield Block(label, at, content, start, end)
        at = end


def gif_problems(data: bytes) -> Iterator[FormProblem]:
    """Yield what is not of the form of a GIF of one picture; raises DamageError as `blocks`."""
    walked = tuple(blocks(data))
    end = walked[-1].end if walked else SCREEN_BYTES + _palette_bytes(_byte(data, 10))
    told = ["a comment" for block in walked if block.label == COMMENT]
    told += [
        METADATA.get(b"".join(block.content[:1]), "data of a program") for block in walked if block.label == APPLICATION
    ]
    if told:
        yield "J105", f"it holds {listed(tuple(dict.fromkeys(told)))}"
    if behind := len(data) - end - 1:
        yield "J107", f"{behind:,} bytes follow its end"
    labels = [block.label for block in walked if block.label not in (COMMENT, APPLICATION)]
    pictures = labels.count(None)
    if pictures > 1:
        yield "J110", f"it holds {pictures:,} pictures"
    elif labels not in ([None], [CONTROL, None]):
        named = ("text" if one == PLAIN_TEXT else f"extension {one:02X}" for one in labels if one is not None)
        yield "J110", f"it holds {listed(tuple(dict.fromkeys(named)))}"
    elif wrong := _deviation(data, walked):
        yield "J110", wrong


def palette(data: bytes) -> bytes:
    """Return the one palette of a GIF of one picture, its own or else the screen's, three bytes a colour."""
    begin = next(block.begin for block in blocks(data) if block.label is None)
    own = _palette_bytes(data[begin + 9])
    start, size = (begin + 10, own) if own else (SCREEN_BYTES, _palette_bytes(data[10]))
    return data[start : start + size]


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


def _deviation(data: bytes, walked: tuple[Block, ...]) -> str:
    """Return what in a GIF of one picture is not of the form; "" where all is."""
    picture = next(block for block in walked if block.label is None)
    screen = data[6:10]
    descriptor = data[picture.begin + 1 : picture.begin + 10]
    left_top, size, flags = descriptor[:4], descriptor[4:8], descriptor[8]
    if data[11:13] != bytes(2) or left_top != bytes(4) or size != screen or flags & 0x38:
        return "its screen is not its picture"
    if (flags ^ data[10]) & 0x80 == 0:
        return "it has not one palette"
    for block in walked:
        if block.label == CONTROL and (
            [*map(len, block.content)] != [4] or block.content[0][:3] not in (b"\0\0\0", b"\1\0\0")
        ):
            return "its control block does more than let a colour show through"
    if any(len(part) != 255 for part in picture.content[:-1]):
        return "its codes lie in pieces of several sizes"
    width, height = struct.unpack("<HH", size)
    return _codes_deviation(b"".join(picture.content), data[picture.start - 1], width * height)


def _codes_deviation(codes: bytes, bits: int, pixels: int) -> str:
    """Return what is wrong with the LZW codes of so many pixels: each is followed to its length, not to its colours."""
    clear, stop = 1 << bits, (1 << bits) + 1
    lengths, width, waiting, held, before, shown = [1] * clear + [0, 0], bits + 1, 0, 0, 0, 0
    for number, byte in enumerate(codes):
        waiting |= byte << held
        held += 8
        while held >= width:
            code, waiting, held = waiting & (1 << width) - 1, waiting >> width, held - width
            if code == stop:
                is_last = number == len(codes) - 1 and not waiting
                return "" if is_last and shown == pixels else "there are codes or bytes behind its last row"
            if code == clear:
                lengths, width, before = [1] * clear + [0, 0], bits + 1, 0
                continue
            if before and len(lengths) < 1 << LONGEST_CODE:
                lengths.append(before + 1)
                width += len(lengths) == 1 << width and width < LONGEST_CODE
            if code >= len(lengths):
                return "its codes are damaged"
            before = lengths[code]
            shown += before
    return "its codes have no end"


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
