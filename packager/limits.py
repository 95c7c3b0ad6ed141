"""What sources from outside may ask of us, in one place: a source that asks for more is refused with the limit's name.

Bytes and pixels are counted as they come out; what a source says of itself is never believed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one source; docs/devices.md, section 8, says where each comes from.

    A member of an archive may be `ratio` times as large as it lies there, or `ratio_from_bytes`, whichever is more:
    blank pages shrink further than any photograph. `in_memory_bytes` is what is read in one piece, a file or a member.
    `text_parts` are blocks, list items, cells, and marks around words.
    """

    # Archives
    members: int = 65_535
    directory_bytes: int = 8 << 20
    name_characters: int = 1_000
    depth: int = 16
    archives_inside: int = 3
    ratio: int = 200
    ratio_from_bytes: int = 64 << 20
    archive_bytes: int = 32 << 30
    in_memory_bytes: int = 256 << 20

    # Pictures
    frame_pixels: int = 150_000_000
    all_frames_pixels: int = 1_000_000_000
    side_pixels: int = 300_000
    frames: int = 10_000

    # Books and documents
    pages: int = 5_000
    xml_bytes: int = 8 << 20
    xml_elements: int = 200_000
    xml_depth: int = 200
    html_tags: int = 250_000
    text_lines: int = 500_000
    text_parts: int = 80_000
    text_pictures: int = 5_000
    text_bytes: int = 6 << 20

    # One job of a worker process
    seconds: float = 300
    processor_seconds: float = 60
    text_processor_seconds: float = 10
    memory_bytes: int = 480 << 20
    spool_bytes: int = 1 << 30
    answer_bytes: int = 256 << 20
    stream_seconds: float = 3_600

    # One run of a program of this system
    program_memory_bytes: int = 400 << 20
    program_processor_seconds: float = 600


LIMITS = Limits()
