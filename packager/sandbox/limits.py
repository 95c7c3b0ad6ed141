"""What sources from outside may ask of us: a source that asks for more is refused with the limit's name.

Bytes and pixels are counted as they come out; what a source says of itself is never believed. Here stand the limits
that several modules keep; one that a single format or reader has (segments of a JPEG, scans of a PDF's page, columns of
a table) is a constant of the module that reads it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one source; docs/devices.md, section 8, says where each comes from.

    A member of an archive may be `ratio` times as large as it lies there, or `ratio_from_bytes`, whichever is more:
    blank pages shrink further than any photograph. `in_memory_bytes` is what is read in one piece, a file or a member.
    `text_parts` are blocks, list items, cells, and marks around words.

    What a source makes of its bytes is bounded too: so many files, pages, pixels and seconds of the processor are free
    (`..._free`), and each of its bytes pays for more.
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
    strip_pixels: int = 600_000_000
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
    title_letters: int = 20_000
    credit_bytes: int = 100_000
    letters_beside: int = 1_000_000
    subtitle_letters: int = 4_000_000
    texts_beside: int = 1_000

    # What each source may make of its bytes
    members_free: int = 3_000
    bytes_a_member: int = 1_000
    pages_free: int = 200
    bytes_a_page: int = 400
    same_pages: int = 20
    pixels_free: int = 500_000_000
    pixels_a_byte: int = 500
    broken_pictures: int = 1_000
    chapters: int = 1_000
    chapters_free: int = 150
    bytes_a_chapter: int = 50_000
    seconds_free: float = 8
    drawing_seconds_a_megabyte: float = 100
    text_seconds_a_megabyte: float = 20
    picture_seconds: float = 0.005
    picture_seconds_a_megabyte: float = 5

    # Films and sound; what says it lasts longer than its bytes can fill is refused, what only does is cut there
    film_pixels: int = 8192 * 4352
    film_seconds: float = 43_200
    film_seconds_free: float = 60
    film_bytes_a_second: int = 500

    # One job of a worker process
    seconds: float = 300
    processor_seconds: float = 60
    text_processor_seconds: float = 10
    memory_bytes: int = 480 << 20
    spool_bytes: int = 1 << 30
    answer_bytes: int = 256 << 20
    answer_text_bytes: int = 64 << 20
    answer_values: int = 2_000_000
    stream_seconds: float = 3_600
    stream_items: int = 500_000
    stream_item_bytes: int = 4 << 20
    idle_processor_seconds: float = 1

    # One run of a program of this system
    program_memory_bytes: int = 400 << 20
    program_processor_seconds: float = 600

    def most_members(self, size_bytes: int) -> int:
        """How many files a source of that size may hold."""
        return min(self.members, self.members_free + size_bytes // self.bytes_a_member)

    def most_pages(self, size_bytes: int) -> int:
        """How many pages a document of that size may have."""
        return min(self.pages, self.pages_free + size_bytes // self.bytes_a_page)

    def most_chapters(self, size_bytes: int) -> int:
        """How many chapters a comic of that size may have: each of its documents lists them all."""
        return min(self.chapters, self.chapters_free + size_bytes // self.bytes_a_chapter)

    def most_pixels(self, size_bytes: int) -> int:
        """How many pixels the pictures of a source of that size may have."""
        return self.pixels_free + size_bytes * self.pixels_a_byte

    def text_seconds(self, size_bytes: int) -> float:
        """How long a text of that size may take to be read."""
        return self.text_processor_seconds + self.text_seconds_a_megabyte * size_bytes / 1e6

    def drawing_seconds(self, size_bytes: int) -> float:
        """How long the pages of a source of that size may take to be drawn."""
        return self.seconds_free + self.drawing_seconds_a_megabyte * size_bytes / 1e6

    def rendering_seconds(self, size_bytes: int, pictures: int) -> float:
        """How long so many pictures of that size together may take to be decoded and encoded once."""
        by_bytes = self.picture_seconds_a_megabyte * size_bytes / 1e6
        return self.seconds_free + by_bytes + self.picture_seconds * pictures


LIMITS = Limits()
