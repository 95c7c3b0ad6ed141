"""Films and sound of half a second, for tests that read them and do not look at what is shown."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.helpers import films
from tests.helpers.reading import make_files

KOREAN = "1\n00:00:00,100 --> 00:00:00,300\n비가 옵니다\n"
ENGLISH = "1\n00:00:00,100 --> 00:00:00,300\nIt is raining again, and we stay at home\n"
CHAPTERS = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=The harbour\n"
_FORMS = {"mkv": "matroska"}
_TONE = ("-f", "lavfi", "-i", "sine=duration=0.4")


@cache
def film(ending: str = "mkv") -> bytes:
    """A film."""
    return made(ending, "-f", "lavfi", "-i", "testsrc=size=64x48:duration=0.4", *_TONE, "-c:v", "mpeg4")


@cache
def sound(ending: str = "mp3") -> bytes:
    """A tone, in any container."""
    return made(ending, *_TONE)


def made(ending: str, *options: str) -> bytes:
    """What ffmpeg writes into a file with this ending."""
    return films.run(*options, "-f", _FORMS.get(ending, ending), "-movflags", "frag_keyframe", "pipe:1")


def film_with_all(folder: Path, *options: str) -> bytes:
    """A film with sound in two languages, subtitles in two, and a chapter; `folder` is new."""
    files = make_files(folder, {"film.mkv": film(), "ko.srt": KOREAN, "en.srt": ENGLISH, "chapters": CHAPTERS})
    inputs = [word for name in ("film.mkv", "ko.srt", "en.srt", "chapters") for word in ("-i", str(files / name))]
    maps = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-map", "1", "-map", "2", "-map_metadata", "3", "-c", "copy")
    names = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=kor", "-metadata:s:s:0", "language=kor")
    return films.run(*inputs, *maps, *names, *options, "-f", "matroska", "pipe:1")
