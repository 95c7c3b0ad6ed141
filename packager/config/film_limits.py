"""What a class of devices can play: films, and pieces of sound."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FilmContainer(StrEnum):
    """What holds a film."""

    AVI = "avi"
    MP4 = "mp4"


class FilmCodec(StrEnum):
    """How the pictures of a film are written: MPEG-4 part 2, or part 10."""

    MPEG4 = "mpeg4"
    H264 = "h264"


class SoundCodec(StrEnum):
    """How sound is written: MP3 at a constant rate, or AAC-LC."""

    MP3 = "mp3"
    AAC = "aac"


class SubtitlePlace(StrEnum):
    """Where the words of a film go: into its pictures, into files beside it (`types` tell which), into its page."""

    BURNT = "burnt"
    BESIDE = "beside"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class FilmLimits:
    """Limits and defaults for films; rates are bit/s. `codec_profiles` are those that play, the first is made.

    Pictures get `bits_per_pixel`, but no more than `bit_rate` on average, and where space is short down to
    `min_bits_per_pixel`, their floor; `max_bit_rate` is what fills a decoder's buffer. No film has B-frames, quarter
    pixels or global motion. `padded` fills the screen of width x height around a film of another shape. What has more
    than `max_bytes` is cut into parts.
    """

    container: FilmContainer
    codec: FilmCodec
    codec_profiles: tuple[str, ...]
    level: str
    width: int
    height: int
    padded: bool
    frame_rate: float
    bits_per_pixel: float
    min_bits_per_pixel: float
    bit_rate: int
    max_bit_rate: int
    sound_codec: SoundCodec
    sound_bit_rate: int
    min_sound_bit_rate: int
    sample_rate: int
    channels: int
    max_bytes: int
    subtitles: tuple[SubtitlePlace, ...]


@dataclass(frozen=True, slots=True)
class SoundLimits:
    """Limits and defaults for MP3 at a constant rate, in bit/s: speech is mono, music is not.

    What others made plays up to `max_bit_rate`; the floors are what space may take no more from.
    """

    sample_rate: int
    speech_bit_rate: int
    min_speech_bit_rate: int
    music_bit_rate: int
    min_music_bit_rate: int
    max_bit_rate: int
    max_bytes: int
