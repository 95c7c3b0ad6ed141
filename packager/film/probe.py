"""What ffmpeg says of a source before it decodes it: streams, length, form.

It says so on its error stream, for people; lines of streams begin with two spaces, and what a source itself tells
stands further in, so that no title can pass for a stream. (ffprobe says it in JSON, but does not come with every
ffmpeg.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_STREAM = re.compile(
    r"^  Stream #\d+:(\d+)(?:\[0x[0-9a-f]+\])?(?:\((\w+)\))?: (Video|Audio|Subtitle): (.*)$", re.MULTILINE
)
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_FORMAT = re.compile(r"^Input #\d+, ([\w,]+), from ", re.MULTILINE)
_INPUT = re.compile(r"^(?=Input #\d+, )", re.MULTILINE)
_SIZE = re.compile(r", (\d{1,5})x(\d{1,5})(?: \[SAR (\d+):(\d+) DAR \d+:\d+\])?")
_FRAMES_A_SECOND = re.compile(r", (\d+(?:\.\d+)?)(k?) fps")
_REPEATED = re.compile(r", (\d+(?:\.\d+)?)(k?) tbr")
_PIXELS = re.compile(r"yuvj?\d+p?(\d\d)?|p0(10|12)")
_ROTATION = re.compile(r"^      (?:displaymatrix|Display Matrix): rotation of (-?\d+)", re.MULTILINE)
_CHAPTER = re.compile(
    r"^    Chapter #\d+:\d+: start (-?\d+\.\d+), end [^\n]*(?:\n      Metadata:\n        title {11}: ([^\n]*))?",
    re.MULTILINE,
)
_TAG = re.compile(r"^ {4,8}([^\s:][^:\n]{15,}): ([^\n]*)$", re.MULTILINE)  # ffmpeg fills names up to 16 letters
_PROFILE = re.compile(r"\w+ \((?:Constrained )?(\w+(?: \w+)??)(?: Profile)?\)")
_HZ = re.compile(r"(\d+) Hz, ([^,]+)")
_CHANNELS = {"mono": 1, "stereo": 2, "5.1": 6, "5.1(side)": 6, "7.1": 8}
_HDR = ("smpte2084", "arib-std-b67")
_MATRICES = ("bt709", "bt470bg", "smpte170m", "bt2020nc", "gbr")
_COVERS = ("mjpeg", "png", "bmp", "gif", "webp")  # pictures that lie beside sound, or on a film's box
# Rates of films and television; what differs by less is one of them that was rounded.
_RATES = tuple(map(Fraction, ("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")))
_MOST_SLENDER = 64  # how many times as wide as tall, or as tall as wide, pictures are
_ROUNDING = Fraction(2, 100)


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A stream of pictures: its number, and pixels as they are to be seen, turned and with square pixels."""

    index: int
    codec: str
    width: int
    height: int
    rate: Fraction
    is_interlaced: bool = False
    is_hdr: bool = False
    has_matrix: bool = False  # whether it says how its colours are written
    is_turned: bool = False
    profile: str = ""  # of its codec, as limits name it


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """A stream of sound: its number, its language as three letters ("" where none is told), samples a second."""

    index: int
    codec: str
    language: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class SubtitleFacts:
    """A stream of subtitles: its number, and its language as three letters ("" where none is told)."""

    index: int
    codec: str
    language: str


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a source is: the names of its format, its length in seconds (0: not told), and its streams."""

    formats: tuple[str, ...]
    seconds: float
    video: VideoFacts | None
    audio: tuple[AudioFacts, ...]
    subtitles: tuple[SubtitleFacts, ...] = ()
    chapters: tuple[tuple[str, int], ...] = ()  # the title, and the millisecond at which it begins
    tags: tuple[tuple[str, str], ...] = ()  # what it tells of itself beside its streams
    cover: int | None = None  # the stream that is a picture of it, as albums have them


def each_input(said: str) -> list[str]:
    """Return what ffmpeg said of each of its inputs."""
    return _INPUT.split(said.partition("\nOutput #0")[0])[1:]


def source_facts(said: str) -> SourceFacts | None:
    """Return what ffmpeg said of one input; None where it knew none."""
    found = _FORMAT.search(said)
    if found is None:
        return None
    length = _DURATION.search(said)
    seconds = int(length[1]) * 3600 + int(length[2]) * 60 + float(length[3]) if length else 0.0
    found_streams = [*_STREAM.finditer(said)]
    ends = [*(one.start() for one in found_streams[1:]), len(said)]
    streams = [(one, said[one.end() : end]) for one, end in zip(found_streams, ends, strict=True)]
    videos = (_video(one, more) for one, more in streams if one[3] == "Video" and not _is_cover(one[4]))
    audio = (_audio(int(one[1]), one[2] or "", one[4]) for one, _ in streams if one[3] == "Audio")
    return SourceFacts(
        formats=tuple(found[1].split(",")),
        seconds=seconds,
        video=next(filter(None, videos), None),
        audio=tuple(filter(None, audio)),
        subtitles=tuple(
            SubtitleFacts(int(one[1]), _codec(one[4]), _language(one[2] or ""))
            for one, _ in streams
            if one[3] == "Subtitle"
        ),
        chapters=tuple((one[2] or "", max(0, round(float(one[1]) * 1000))) for one in _CHAPTER.finditer(said)),
        tags=tuple((name.strip(), value) for name, value in _TAG.findall(_CHAPTER.sub("", said))),
        cover=next((int(one[1]) for one, _ in streams if one[3] == "Video" and _is_cover(one[4])), None),
    )


def _is_cover(words: str) -> bool:
    return "(attached pic)" in words or (_codec(words) in _COVERS and "fps" not in words)


def _codec(words: str) -> str:
    return words.split(" ", 1)[0].rstrip(",")


def _video(stream: re.Match[str], more: str) -> VideoFacts | None:
    """What a stream's line says, and the lines below it of how it is turned."""
    words = stream[4]
    size, rotation = _SIZE.search(words), _ROTATION.search(more)
    if size is None:
        return None
    width, height = int(size[1]), int(size[2])
    if size[3] and int(size[3]) and int(size[4]):
        width = round(width * int(size[3]) / int(size[4]))
    if not 1 <= height <= width * _MOST_SLENDER or not 1 <= width <= height * _MOST_SLENDER:
        return None
    if rotation and abs(int(rotation[1])) % 180 == 90:
        width, height = height, width
    told = _FRAMES_A_SECOND.search(words) or _REPEATED.search(words)
    rate = (Fraction(told[1]) * (1000 if told[2] else 1) if told else Fraction(0)) or Fraction(25)
    is_interlaced = any(
        word in words for word in ("top first", "bottom first", "top coded first", "bottom coded first")
    )
    is_hdr = any(name in words for name in _HDR)
    has_matrix = any(name in words for name in _MATRICES)
    return VideoFacts(
        int(stream[1]),
        _codec(words),
        width,
        height,
        usual_rate(rate),
        is_interlaced,
        is_hdr,
        has_matrix,
        is_turned=rotation is not None,
        profile=found[1].lower().replace(" ", "-") if (found := _PROFILE.match(words)) else "",
    )


def _audio(index: int, language: str, words: str) -> AudioFacts | None:
    found = _HZ.search(words)
    if found is None:
        return None
    layout = found[2].strip()
    channels = _CHANNELS.get(layout) or int((re.match(r"(\d+) channels", layout) or [0, 2])[1])
    return AudioFacts(index, _codec(words), _language(language), int(found[1]), channels)


def _language(told: str) -> str:
    return "" if told in ("und", "unk") else told


def usual_rate(rate: Fraction) -> Fraction:
    """Return the rate of films and television that a rounded one stands for; itself where there is none."""
    nearest = min(_RATES, key=lambda usual: abs(usual - rate))
    return nearest if abs(nearest - rate) <= _ROUNDING else rate
