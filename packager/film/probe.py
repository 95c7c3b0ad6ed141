"""What ffmpeg says of sources before it decodes them: streams, length, form.

It says so on its error stream, for people, where languages and names of tags stand as they are and so may look like its
own words. Languages and chapters are therefore taken from what it writes for machines (`-f
ffmetadata`, escaped). Of the rest nothing is believed unless there are as many inputs as were asked of, one length for
each, and each stream once, with the language that was written: words of a source can only add lines to these. (ffprobe
says all of it in JSON, but does not come with every ffmpeg.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from packager.errors import SourceError

MARKER = "packager-input"  # the only tag of what is written of each input: its number
_INPUT = re.compile(r"^(?=Input #\d+, )", re.MULTILINE)
_OUTPUT = "\nOutput #0, ffmetadata, "
_STREAM = re.compile(r"^ {2,4}Stream #\d+:(\d{1,5})(?:\[0x[0-9a-f]+\])?([:(].*)$", re.MULTILINE)
_KIND = re.compile(r": (Video|Audio|Subtitle|Data|Attachment|Unknown): (.*)")
_DURATION = re.compile(
    r"^  Duration: (?:(\d{1,9}):(\d\d):(\d\d\.\d+))?[^,\n]*(?:, start: (\d{1,9}\.\d+))?", re.MULTILINE
)
_FORMAT = re.compile(r"Input #\d+, ([\w,]+), from ")
_SIZE = re.compile(r", (\d{1,5})x(\d{1,5})(?: \[SAR (\d{1,10}):(\d{1,10}) DAR \d+:\d+\])?")
_FRAMES_A_SECOND = re.compile(r", (\d{1,9}(?:\.\d{1,9})?)(k?) fps")
_REPEATED = re.compile(r", (\d{1,9}(?:\.\d{1,9})?)(k?) tbr")
_PIXELS = re.compile(r"yuvj?\d+p?(\d\d)?|p0(10|12)")
_ROTATION = re.compile(
    r"^ {4,6}Side data:\n(?: {6,8}.*\n)*? {6,8}(?:displaymatrix|Display Matrix): rotation of (-?\d{1,4})", re.MULTILINE
)
_CHAPTER = re.compile(r"^    Chapter #.*\n(?:      .*\n)*", re.MULTILINE)
_TAG = re.compile(r"^ {4,8}([^\s:][^:\n]{15,}): ([^\n]*)$", re.MULTILINE)  # ffmpeg fills names up to 16 letters
_PROFILE = re.compile(r"\w+ \((?:Constrained )?(\w+(?: \w+)??)(?: Profile)?\)")
_HZ = re.compile(r"(\d{1,10}) Hz, ([^,]+)")
_CHANNELS = {"mono": 1, "stereo": 2, "5.1": 6, "5.1(side)": 6, "7.1": 8}
_UNKNOWN = "none"  # what it calls the codec of what it cannot read
_HDR = ("smpte2084", "arib-std-b67")
_MATRICES = ("bt709", "bt470bg", "smpte170m", "bt2020nc", "gbr")
_COVERS = ("mjpeg", "png", "bmp", "gif", "webp")  # pictures that lie beside sound, or on a film's box
# Rates of films and television; what differs by less is one of them that was rounded.
_RATES = tuple(map(Fraction, ("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")))
_MOST_SLENDER = 64  # how many times as wide as tall, or as tall as wide, pictures are
_ROUNDING = Fraction(2, 100)

_LINE = re.compile(r"((?:\\.|[^\\\n])*)\n", re.DOTALL)  # of what is written; a sign behind \ ends nothing
_TAG_WRITTEN = re.compile(r"((?:\\.|[^\\=])*)=(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TIME_BASE = re.compile(r"\d{1,10}/[1-9]\d{0,9}")
_TIME = re.compile(r"-?\d{1,19}")


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
    """A stream of sound: its number, its language as it tells it ("" where it tells none), samples a second."""

    index: int
    codec: str
    language: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class SubtitleFacts:
    """A stream of subtitles: its number, and its language as it tells it ("" where it tells none)."""

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
    unread: int = 0  # streams of pictures and sound that ffmpeg does not know, or that have no form
    cover: int | None = None  # the stream that is a picture of it, as albums have them


@dataclass(frozen=True, slots=True)
class _Written:
    """What is written of an input: the tags of each stream and of each chapter."""

    streams: list[dict[str, str]] = field(default_factory=list)
    chapters: list[dict[str, str]] = field(default_factory=list)


def facts_of_each(said: str, written: str, count: int) -> list[SourceFacts | SourceError]:
    """Return what each of `count` inputs is, or why it cannot be read, from what was said and written of all of them.

    Raises SourceError where it cannot be told what was said of which of them.
    """
    if _OUTPUT not in said:
        raise SourceError("has more streams, chapters or tags than can be read")
    each_said, each_written = _INPUT.split(said.partition(_OUTPUT)[0])[1:], [*_of_each(written)]
    if not len(each_said) == len(each_written) == count:
        raise _imitation()
    return [*map(_facts, each_said, each_written)]


def _imitation() -> SourceError:
    what = "its tags imitate what ffmpeg says of a film, so that nothing of it can be believed"
    return SourceError(what, hint="Have a program for films write it anew without its tags.")


def _of_each(written: str) -> Iterator[_Written]:
    """What is written of each input, as far as their numbers follow each other."""
    number, input_, tags = 0, _Written(), dict[str, str]()
    for line in _LINE.findall(written):
        if line == f"{MARKER}={number}":
            input_, tags, number = _Written(), {}, number + 1
            yield input_
        elif line in ("[STREAM]", "[CHAPTER]"):
            tags = {}
            (input_.streams if line == "[STREAM]" else input_.chapters).append(tags)
        elif tag := _TAG_WRITTEN.fullmatch(line):
            name, value = (_ESCAPED.sub(r"\1", one) for one in tag.groups())
            tags.setdefault(name.lower(), value)


def _facts(said: str, written: _Written) -> SourceFacts | SourceError:
    streams, lengths = _streams(said, written), _DURATION.findall(said)
    found = _FORMAT.match(said)
    if found is None or len(lengths) != 1 or streams is None:
        return _imitation()
    hours, minutes, seconds, begin = (float(one or 0) for one in lengths[0])
    told, formats = hours * 3600 + minutes * 60 + seconds, tuple(found[1].split(","))
    before = begin if "matroska" in formats else 0  # it counts from 0, wherever the first picture stands
    videos = [_video(one) for one in streams if one.kind == "Video" and not _is_cover(one.words)]
    audio = [_audio(one) for one in streams if one.kind == "Audio"]
    return SourceFacts(
        formats=formats,
        seconds=max(0.0, told - before),
        video=next(filter(None, videos), None),
        audio=tuple(filter(None, audio)),
        subtitles=tuple(
            SubtitleFacts(one.index, _codec(one.words), one.language) for one in streams if one.kind == "Subtitle"
        ),
        chapters=tuple(_chapters(written)),
        tags=tuple((name.strip(), value) for name, value in _TAG.findall(_CHAPTER.sub("", said))),
        unread=videos.count(None) + audio.count(None),
        cover=next((one.index for one in streams if one.kind == "Video" and _is_cover(one.words)), None),
    )


@dataclass(frozen=True, slots=True)
class _Stream:
    """The words of a stream's line, and the lines below it."""

    index: int
    kind: str
    language: str
    words: str
    more: str


def _streams(said: str, written: _Written) -> list[_Stream] | None:
    """The streams in the order of their numbers; None unless each is there, and in no two ways.

    Programs of broadcasts may tell of a stream twice, and in another order.
    """
    marks = [*_STREAM.finditer(said)]
    ends = [*(mark.start() for mark in marks), len(said)][1:]
    found: dict[int, _Stream] = {}
    for mark, end in zip(marks, ends, strict=False):
        index = int(mark[1])
        tags = written.streams[index] if index < len(written.streams) else {}
        language = tags.get("language", "")
        line = _KIND.fullmatch(mark[2].removeprefix(f"({language})") if language else mark[2])
        if line is None or any("\n" in name for name in tags):
            return None
        stream = _Stream(
            index, line[1], "" if language in ("und", "unk") else language, line[2], said[mark.end() : end]
        )
        if found.setdefault(index, stream).words != stream.words:
            return None
    return [found[index] for index in sorted(found)] if [*sorted(found)] == [*range(len(written.streams))] else None


def _chapters(written: _Written) -> Iterator[tuple[str, int]]:
    for tags in written.chapters:
        base, start = tags.get("timebase", ""), tags.get("start", "")
        if _TIME_BASE.fullmatch(base) and _TIME.fullmatch(start):
            yield tags.get("title", ""), max(0, round(int(start) * Fraction(base) * 1000))


def _is_cover(words: str) -> bool:
    return "(attached pic)" in words or (_codec(words) in _COVERS and "fps" not in words)


def _codec(words: str) -> str:
    return words.split(" ", 1)[0].rstrip(",")


def _video(stream: _Stream) -> VideoFacts | None:
    """What a stream's line says, and the lines below it of how it is turned."""
    words = stream.words
    size, rotation = _SIZE.search(words), _ROTATION.search(stream.more)
    if size is None or _codec(words) == _UNKNOWN:
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
        stream.index,
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


def _audio(stream: _Stream) -> AudioFacts | None:
    found = _HZ.search(stream.words)
    if found is None or _codec(stream.words) == _UNKNOWN:
        return None
    layout = found[2].strip()
    channels = _CHANNELS.get(layout) or int((re.match(r"(\d{1,4}) channels", layout) or [0, 2])[1])
    if not channels or not int(found[1]):
        return None
    return AudioFacts(stream.index, _codec(stream.words), stream.language, int(found[1]), channels)


def usual_rate(rate: Fraction) -> Fraction:
    """Return the rate of films and television that a rounded one stands for; itself where there is none."""
    nearest = min(_RATES, key=lambda usual: abs(usual - rate))
    return nearest if abs(nearest - rate) <= _ROUNDING else rate
