"""GIF blocks, walked one by one; CompuServe, Graphics Interchange Format, version 89a."""

from __future__ import annotations

from dataclasses import dataclass, field

from packager.check.facts import ChunkFacts

SCREEN_BYTES = 13  # signature and logical screen descriptor
IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
PLAIN_TEXT, CONTROL, COMMENT, APPLICATION = 0x01, 0xF9, 0xFE, 0xFF
MOST_BLOCKS = 1_000_000  # of at most 255 bytes
LOOPS = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0"))
METADATA = {b"XMP DataXMP": "XMP", b"ICCRGBG1012": "a colour profile"}


class BlockError(ValueError):
    """The bytes are no sequence of GIF blocks."""


@dataclass(slots=True)
class _Walk:
    data: bytes
    at: int = SCREEN_BYTES
    beside: list[bytes] = field(default_factory=list)
    codes_end: int = 0
    blocks: int = 0
    metadata: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)


def walk(data: bytes) -> ChunkFacts:
    """What the GIF in `data` holds. Raises BlockError where a block is cut or of no known kind."""
    state = _walked(data)
    return ChunkFacts(tuple(dict.fromkeys(state.metadata)), tuple(dict.fromkeys(state.needless)), len(data) - state.at)


def _walked(data: bytes) -> _Walk:
    state = _Walk(data)
    if len(data) < SCREEN_BYTES:
        raise BlockError("cut off")
    state.at += _palette_bytes(data[10])
    while (kind := _byte(state)) != TRAILER:
        if kind == IMAGE:
            _image(state)
        elif kind == EXTENSION:
            _extension(state)
        else:
            raise BlockError(f"no block where one must be, at byte {state.at - 1:,}")
    return state


def beside_codes(data: bytes) -> bytes:
    """Everything in the GIF but the codes of its pictures, with each extension in one piece too.

    Raises BlockError as `walk` does.
    """
    state = _walked(data)
    return b"\n".join((*state.beside, data[state.codes_end :]))


def _image(state: _Walk) -> None:
    flags = state.data[state.at + 8 : state.at + 9]
    if not flags:
        raise BlockError("cut off")
    state.at += 9 + _palette_bytes(flags[0]) + 1  # and the size of its codes
    state.beside.append(state.data[state.codes_end : state.at])
    _sub_blocks(state)
    state.codes_end = state.at


def _extension(state: _Walk) -> None:
    label = _byte(state)
    held = _sub_blocks(state)
    first = held[0] if held else b""
    state.beside.append(b"".join(held))
    if label == COMMENT:
        state.metadata.append("a comment")
    elif label == APPLICATION and first not in LOOPS:
        state.metadata.append(METADATA.get(first, "data of a program"))
    elif label not in (CONTROL, APPLICATION):
        state.needless.append("text" if label == PLAIN_TEXT else f"extension {label:02X}")


def _sub_blocks(state: _Walk) -> list[bytes]:
    """Step over sub-blocks to behind their end; what they hold."""
    held = []
    while length := _byte(state):
        state.blocks += 1
        if state.blocks > MOST_BLOCKS:
            raise BlockError(f"it has more than {MOST_BLOCKS:,} blocks, too many to read")
        held.append(state.data[state.at : state.at + length])
        state.at += length
    return held


def _byte(state: _Walk) -> int:
    if state.at >= len(state.data):
        raise BlockError("cut off")
    state.at += 1
    return state.data[state.at - 1]


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
