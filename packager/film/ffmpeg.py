"""ffmpeg, a program of the system that reads what strangers made: how it is found, asked and told what to make.

It runs as all programs do (`sandbox/programs.py`): it reads the one source, writes to its output alone, starts nothing
and reaches no network. It is never linked. What it gives is a bare stream; containers are ours.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import IO

from packager.config import extras
from packager.errors import SourceError
from packager.film.probe import MARKER, SourceFacts, SubtitleFacts, VideoFacts, facts_of_each
from packager.sandbox.limits import LIMITS
from packager.sandbox.programs import FailedProgram, MissingProgram, Programs
from packager.sandbox.restrictions import KernelFeatures

_OLDEST = 5  # the first whose sound filters (aresample) and options all of ours are tried with
_ENCODERS = ("aac", "libmp3lame", "libx264", "mpeg4")
_PROBE_S = 20
_MOST_TOLD_BYTES = 4 << 20  # as much as is kept of what it says: a chapter takes some hundred
_SECONDS_A_SECOND = 20  # of the processor for one of a film: an hour of it in 2 hours on a slow core, ten times over
# What holds all that is in it; formats whose files name others, such as playlists, or draw out of nothing are not here.
_FORMATS = (
    "aac,ac3,aiff,amr,amrnb,asf,avi,caf,dv,eac3,flac,flv,matroska,mov,mp3,mpeg,mpegts,mpegvideo,mxf,ogg,rm,w64,wav"
)
# No protocol leads to the network. One thread: more of them give other bytes.
_INPUT = ("-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS, "-threads", "1")
_QUIET = ("-nostdin", "-hide_banner")
_PIECE_BYTES = 1 << 18
_BEHIND_TITLES = 0.2  # of a film
_LOOKED_AT = 40  # pictures, of which the one that is most like the others is taken: none between two scenes
# Screens show 100 candelas, films of more light up to 10,000 (ITU-R BT.2100); hable keeps what is bright apart.
TO_SDR = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
_POSTER_SIDE = 1280  # pixels; covers are smaller
_PICTURE_S = 300
_MOST_PICTURE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Ffmpeg:
    """An ffmpeg that has the encoders we need: its path, and what it says of its version, of which bytes depend."""

    path: str
    version: str
    programs: Programs

    @classmethod
    def found(cls, programs: Programs) -> Ffmpeg:
        """Return the system's, else that of the extra `film`; MissingProgram in one line where neither is fit."""
        problem = ""
        for path in _installed():
            version, lack = _tried(path, programs.kernel, is_trusted=programs.is_trusted)
            if not lack:
                return cls(path, version, programs)
            problem = problem or f": {path} {lack}"
        raise MissingProgram(
            f"is read with ffmpeg {_OLDEST} or newer, which is not installed{problem}",
            hint=f"Install ffmpeg, or add it to packager alone: {extras.command('film')}",
        )

    @property
    def fingerprint(self) -> str:
        """What tells one build from another: the same one makes the same bytes of the same source."""
        return sha256(self.version.encode()).hexdigest()

    def facts(self, source: Path) -> SourceFacts:
        """Return what a source is; SourceError where it holds neither pictures nor sound that ffmpeg reads."""
        found = self.facts_of_each([source])[0]
        if isinstance(found, SourceError):
            raise found
        return found

    def facts_of_each(self, sources: Sequence[Path]) -> list[SourceFacts | SourceError]:
        """Return what each source is, or why it cannot be read. Asked of many at once ffmpeg starts only once."""
        try:
            return [*map(_if_film, self._told(sources))]
        except MissingProgram:
            raise
        except SourceError as problem:
            if len(sources) > 1:  # ffmpeg gives up on all of them at the first that it cannot read
                half = len(sources) // 2
                return [*self.facts_of_each(sources[:half]), *self.facts_of_each(sources[half:])]
            return [_unreadable() if isinstance(problem, FailedProgram) else problem]

    def _told(self, sources: Sequence[Path]) -> list[SourceFacts | SourceError]:
        """What ffmpeg tells of all sources; SourceError where it cannot open one of them, or is not understood."""
        said: list[str] = []
        inputs = [word for source in sources for word in _input(source)]
        written = self.programs.output(
            *(self.path, *_QUIET, *inputs, *chain.from_iterable(map(_described, range(len(sources))))),
            reads=sources,
            processor_s=_PROBE_S,
            most_bytes=_MOST_TOLD_BYTES,
            tell=said.append,
        )
        return facts_of_each("".join(said), written.decode("utf-8", "replace"), len(sources))

    def seconds(self, source: Path) -> float:
        """Return how long a source is that does not say so, by going through it; 0 where it breaks off at once."""
        streams = ("-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "null", "-progress", "pipe:1", "pipe:1")
        command = (self.path, "-v", "error", *_QUIET, *_input(source), *streams)
        with suppress(FailedProgram):
            said = self.programs.output(*command, reads=[source], processor_s=_PICTURE_S, most_bytes=1 << 20)
            return max((int(one) for one in re.findall(rb"^out_time_us=(\d+)$", said, re.MULTILINE)), default=0) / 1e6
        return 0

    def most_seconds(self, source: Path) -> float:
        """How long a source of its size may last, however long it says it is."""
        return min(LIMITS.film_seconds, LIMITS.film_seconds_free + source.stat().st_size / LIMITS.film_bytes_a_second)

    @contextmanager
    def stream(
        self,
        source: Path,
        options: Sequence[str],
        beside: Sequence[Path] = (),
        tell: Callable[[str], object] = lambda _: None,
    ) -> Iterator[Iterator[bytes]]:
        """What is made of a source with these options, as it comes; `beside` are further files that they name.

        When all has been read `tell` hears of what could not be. Raises FailedProgram and SourceError then, as
        `Programs.piped` does.
        """
        processor_s = _SECONDS_A_SECOND * self.most_seconds(source)
        command = (self.path, "-v", "error", *_QUIET, *_input(source), *options, "pipe:1")
        reads = [source, *beside]
        with self.programs.piped(*command, reads=reads, processor_s=processor_s, tell=tell) as output:
            yield _pieces(output)

    def subtitles(self, source: Path, streams: Sequence[SubtitleFacts], scratch: Path) -> list[bytes]:
        """Return the words in streams of a source, as SubRip or SubStation Alpha; `scratch`, a new file, keeps them.

        Raises SourceError and FailedProgram, as for subtitles that are pictures.
        """
        forms = ["ass" if stream.codec in ("ass", "ssa") else "srt" for stream in streams]
        maps = [word for stream in streams for word in ("-map", f"0:{stream.index}")]
        codecs = [word for number, form in enumerate(forms) for word in (f"-c:s:{number}", form)]
        with self.stream(source, (*maps, *codecs, "-f", "matroska")) as pieces, scratch.open("xb") as file:
            file.writelines(pieces)
        return [self._written_out(scratch, number, form) for number, form in enumerate(forms)]

    def _written_out(self, source: Path, number: int, form: str) -> bytes:
        options = ("-map", f"0:{number}", "-c", "copy", "-f", form, "pipe:1")
        command = (self.path, "-v", "error", *_QUIET, *_input(source), *options)
        return self.programs.output(*command, reads=[source], processor_s=_PROBE_S, most_bytes=LIMITS.text_bytes)

    def picture(self, source: Path, video: VideoFacts, seconds: float) -> bytes:
        """Return a picture of `poster_size` that can stand for a film, as PNG, b"" where it shows none."""
        width, height = poster_size(video)
        even = ["bwdif=mode=send_frame"] * video.is_interlaced
        steps = (*even, f"scale={width}:{height}", *[TO_SDR] * video.is_hdr, "setsar=1", f"thumbnail={_LOOKED_AT}")
        options = ("-map", f"0:{video.index}", "-vf", ",".join(steps), "-frames:v", "1")
        begin = ("-ss", f"{seconds * _BEHIND_TITLES:.3f}")
        return self._as_png(source, options, begin) or self._as_png(source, options)

    def cover(self, source: Path, stream: int) -> bytes:
        """Return the picture that a source carries for itself, as PNG; SourceError for one that cannot be read."""
        return self._as_png(source, ("-map", f"0:{stream}", "-frames:v", "1"))

    def _as_png(self, source: Path, options: Sequence[str], begin: Sequence[str] = ()) -> bytes:
        read, written = (*_QUIET, *begin, *_input(source)), ("-f", "image2pipe", "-c:v", "png", "pipe:1")
        command = (self.path, "-v", "error", *read, *options, *written)
        return self.programs.output(*command, reads=[source], processor_s=_PICTURE_S, most_bytes=_MOST_PICTURE_BYTES)


def poster_size(video: VideoFacts) -> tuple[int, int]:
    """The pixels of the picture that stands for a film."""
    scale = min(1.0, _POSTER_SIDE / max(video.width, video.height))
    return max(1, round(video.width * scale)), max(1, round(video.height * scale))


@dataclass(frozen=True, slots=True)
class SourceReading:
    """One source as it is read for one file, as often as that takes; `said` is what was said of errors."""

    ffmpeg: Ffmpeg
    source: Path
    said: list[str] = field(default_factory=list)

    @contextmanager
    def stream(self, options: Sequence[str], beside: Sequence[Path] = ()) -> Iterator[Iterator[bytes]]:
        """What is made of the source with these options, no longer than it can be; raises as `Ffmpeg.stream`."""
        # Behind all inputs, to none of which it belongs.
        bounded = (*options, "-t", f"{self.ffmpeg.most_seconds(self.source):.0f}")
        with self.ffmpeg.stream(self.source, bounded, beside, self.said.append) as pieces:
            yield pieces


def _input(source: Path) -> tuple[str, ...]:
    """The options of an input; a path that begins at the root is no option and names no protocol."""
    return (*_INPUT, "-i", str(source.absolute()))


def _described(number: int) -> tuple[str, ...]:
    """The options of an output that describes an input for machines: its tags but those of streams are not read."""
    tags = ("-map_metadata:g", "-1", "-fflags", "+bitexact", "-metadata", f"{MARKER}={number}")
    streams = ("-map", f"{number}", "-map_chapters", f"{number}", "-copy_unknown", "-c", "copy", "-frames", "0")
    return (*streams, *tags, "-f", "ffmetadata", "pipe:1")


def _if_film(told: SourceFacts | SourceError) -> SourceFacts | SourceError:
    """What is told of a source, where it is film or sound and not beyond measure."""
    if isinstance(told, SourceError):
        return told
    can_be_read = told.video.width * told.video.height <= LIMITS.film_pixels if told.video else told.audio
    return told if can_be_read else _unreadable()


def _unreadable() -> SourceError:
    return SourceError("is neither film nor sound that can be read")


def _installed() -> Iterator[str]:
    """Where ffmpeg may lie, first that of the system, which its distributor mends."""
    if found := shutil.which("ffmpeg"):
        yield found
    # The extra is a folder with a program in it; its module is not run, for it would look for others.
    extra = find_spec("imageio_ffmpeg")
    for folder in (extra and extra.submodule_search_locations) or ():
        yield from map(str, sorted(Path(folder, "binaries").glob("ffmpeg-*")))


@cache
def _tried(path: str, kernel: KernelFeatures, *, is_trusted: bool) -> tuple[str, str]:
    """What a program says of its version, and what keeps it from being fit, "" for nothing."""
    programs, version = Programs(is_trusted, kernel), list[str]()  # the version is said on the error stream, always
    try:
        encoders = programs.output(
            path, "-encoders", reads=[], processor_s=_PROBE_S, most_bytes=1 << 20, tell=version.append
        )
    except FailedProgram as error:
        return "", f"does not run ({error.what})"
    return version[0], _lack(version[0], encoders.decode("utf-8", "replace"))


def _lack(version: str, encoders: str) -> str:
    """What keeps a build from being fit; "" for nothing. One without a number is newer than any number."""
    number = re.match(r"ffmpeg version n?(\d+)\.", version)
    if number and int(number[1]) < _OLDEST:
        return f"is version {number[1]}"
    known = re.findall(r"^ [VAS]\S{5} (\S+)", encoders, re.MULTILINE)
    missing = [name for name in _ENCODERS if name not in known]
    return f"has no encoder {', '.join(missing)}" if missing else ""


def _pieces(output: IO[bytes]) -> Iterator[bytes]:
    while piece := output.read(_PIECE_BYTES):
        yield piece
