"""A source -> one file for a class of devices: its pictures and its sound, each encoded by ffmpeg, woven by us."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Generic, TypeVar

from packager.errors import SourceError
from packager.film.avi import Mp3Track, Mpeg4Track, write_avi
from packager.film.ffmpeg import Ffmpeg
from packager.film.mp3 import Mp3Header, mp3_samples, plain_frames
from packager.film.mp4 import AacTrack, H264Track, write_mp4
from packager.film.probe import AudioFacts, VideoFacts
from packager.film.streams import AacSamples, H264Samples, Mpeg4Samples, Sample
from packager.film.track import Track

Samples = TypeVar("Samples", H264Samples, Mpeg4Samples)

_AAC_FRAME = 1024
_SMOOTH = 20  # pictures a second; fewer are seen one by one
_KEYS_S = 5  # between pictures at which a player can begin
_BUFFER_S = 2  # what a decoder holds: a rate may be passed for so long
_LONGEST_S = 5 * 3_600  # of a film, where its length is not yet known
_PICTURES, _SOUND = "pictures", "sound"
# Screens show 100 candelas, films of more light up to 10,000 (ITU-R BT.2100); hable keeps what is bright apart.
_TO_SDR = "zscale=t=linear:npl=100,tonemap=hable:desat=0,zscale=p=bt709:t=bt709:m=bt709:r=tv"


class Container(StrEnum):
    """What a film's file is: AVI with MPEG-4 part 2 and MP3, or MP4 with H.264 and AAC."""

    AVI = "avi"
    MP4 = "mp4"


@dataclass(frozen=True, slots=True)
class FilmForm:
    """What a class of devices plays: the most pixels and pictures a second, and sizes that are multiples of `step`."""

    container: Container
    width: int
    height: int
    frame_rate: Fraction
    step: int
    level: str = "3.0"


@dataclass(frozen=True, slots=True)
class Rates:
    """Bit/s of the pictures and of the sound, and how many channels and samples a second the sound has."""

    pictures: int
    sound: int
    channels: int = 2
    samples: int = 44_100


def size_in(video: VideoFacts, form: FilmForm) -> tuple[int, int]:
    """Return the pixels that a film is shown with, never more than it has."""
    scale = min(1.0, form.width / video.width, form.height / video.height)
    width, height = (
        max(form.step, round(side * scale / form.step) * form.step) for side in (video.width, video.height)
    )
    return min(width, form.width), min(height, form.height)


def rate_in(video: VideoFacts, form: FilmForm) -> Fraction:
    """Return the pictures a second that a film is shown with: its own, an even part of them, or the most allowed."""
    parts = ceil(video.rate / form.frame_rate)
    return video.rate / parts if parts == 1 or video.rate / parts >= _SMOOTH else form.frame_rate


@dataclass(frozen=True, slots=True)
class FilmJob:
    """One film to encode; its sound is the stream `audio`, None for a silent one."""

    source: Path
    video: VideoFacts
    audio: AudioFacts | None
    form: FilmForm
    rates: Rates


def encode_film(job: FilmJob, ffmpeg: Ffmpeg, scratch: Path, tell: Callable[[float], object] = lambda _: None) -> Path:
    """Write the film into the empty folder `scratch` and return its file; `tell` hears how many seconds are done.

    Its sound begins and ends with the pictures. Raises SourceError where nothing comes of it.
    """
    output = scratch / f"film.{job.form.container}"
    width, height = size_in(job.video, job.form)
    if job.form.container is Container.AVI:
        drawn = _kept(Mpeg4Samples, job, ffmpeg, scratch, tell)
        write_avi(output, Mpeg4Track(drawn.track, width, height), _mp3(job, ffmpeg, scratch, drawn.track.seconds))
    else:
        shown = _kept(H264Samples, job, ffmpeg, scratch, tell)
        assert shown.samples.parameters is not None  # with the first picture
        film = H264Track(shown.track, shown.samples.parameters, width, height)
        write_mp4(output, film, _aac(job, ffmpeg, scratch, shown.track.seconds))
    for part in (_PICTURES, _SOUND):
        (scratch / part).unlink(missing_ok=True)
    return output


@dataclass(frozen=True, slots=True)
class _Shown(Generic[Samples]):
    track: Track
    samples: Samples


def _kept(
    kind: Callable[[Iterable[bytes]], Samples],
    job: FilmJob,
    ffmpeg: Ffmpeg,
    scratch: Path,
    tell: Callable[[float], object],
) -> _Shown[Samples]:
    rate = rate_in(job.video, job.form)
    with ffmpeg.stream(job.source, _picture_options(job), _LONGEST_S) as pieces:
        samples = kind(pieces)
        track = Track.kept(_told(samples, rate, tell), scratch / _PICTURES, rate)
    if not track.sizes:
        raise SourceError("holds no picture that can be shown", where=str(job.source))
    return _Shown(track, samples)


def _picture_options(job: FilmJob) -> tuple[str, ...]:
    bits = job.rates.pictures
    options = (
        *("-map", f"0:{job.video.index}", "-vf", _filters(job.video, job.form)),
        *("-g", round(rate_in(job.video, job.form) * _KEYS_S), "-bf", 0),  # a film without B-frames plays everywhere
        *("-b:v", bits, "-maxrate", bits * 3 // 2, "-bufsize", bits * _BUFFER_S),
        *("-threads", 1, "-flags", "+bitexact"),
        *_CODECS[job.form.container],
    )
    level = ("-level", job.form.level) if job.form.container is Container.MP4 else ()
    return tuple(map(str, (*options[:-2], *level, *options[-2:])))


_CODECS = {
    Container.MP4: ("-c:v", "libx264", "-profile:v", "baseline", "-f", "h264"),
    Container.AVI: ("-c:v", "mpeg4", "-mbd", "rd", "-trellis", "1", "-f", "m4v"),
}


def _filters(video: VideoFacts, form: FilmForm) -> str:
    width, height = size_in(video, form)
    rate = rate_in(video, form)
    return ",".join(
        (
            *["bwdif"] * video.is_interlaced,
            *[_TO_SDR] * video.is_hdr,
            # From the beginning of the source on, so that sound and pictures that begin late stay together.
            f"fps={rate.numerator}/{rate.denominator}:start_time=0",
            f"scale={width}:{height}:flags=lanczos",
            "setsar=1",
            "format=yuv420p",
        )
    )


def _told(samples: Iterable[Sample], rate: Fraction, tell: Callable[[float], object]) -> Iterator[Sample]:
    for number, sample in enumerate(samples, 1):
        if number % 64 == 0:
            tell(float(number / rate))
        yield sample


def _sound_options(audio: AudioFacts, rates: Rates, seconds: Fraction) -> tuple[str, ...]:
    """Of one stream, from the beginning of the source on, without gaps, as long as the pictures."""
    steps = "aresample=async=1:first_pts=0,apad"
    options = ("-map", f"0:{audio.index}", "-vn", "-af", steps, "-t", f"{float(seconds):.6f}", "-ac", rates.channels)
    return tuple(map(str, (*options, "-ar", rates.samples, "-b:a", rates.sound, "-flags", "+bitexact")))


def _mp3(job: FilmJob, ffmpeg: Ffmpeg, scratch: Path, seconds: Fraction) -> Mp3Track | None:
    if job.audio is None:
        return None
    options = _sound_options(job.audio, job.rates, seconds)
    return mp3_track(job.source, options, job.rates.samples, ffmpeg, scratch / _SOUND, seconds)


def mp3_track(
    source: Path, options: tuple[str, ...], samples: int, ffmpeg: Ffmpeg, path: Path, seconds: Fraction
) -> Mp3Track | None:
    """Encode sound into the bare file `path`; None where the source gives none."""
    plain = ("-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3")
    found: list[Mp3Header] = []

    def frames(pieces: Iterable[bytes]) -> Iterator[Sample]:
        for frame, data in plain_frames(pieces):
            if not found:
                found.append(frame)
            yield Sample(data)

    with ffmpeg.stream(source, (*options, *plain), float(seconds)) as pieces:
        track = Track.kept(frames(pieces), path, Fraction(samples, mp3_samples(samples)))
    return Mp3Track(track, found[0]) if found else None


def _aac(job: FilmJob, ffmpeg: Ffmpeg, scratch: Path, seconds: Fraction) -> AacTrack | None:
    if job.audio is None:
        return None
    options = (*_sound_options(job.audio, job.rates, seconds), "-c:a", "aac", "-f", "adts")
    with ffmpeg.stream(job.source, options, float(seconds)) as pieces:
        samples = AacSamples(pieces)
        track = Track.kept(samples, scratch / _SOUND, Fraction(job.rates.samples, _AAC_FRAME))
    return AacTrack(track, samples.parameters, job.rates.sound) if samples.parameters else None


@dataclass(frozen=True, slots=True)
class TrackJob:
    """One piece of sound to encode: the stream `audio` of a source, as MP3 at a constant rate in bit/s."""

    source: Path
    audio: AudioFacts
    bit_rate: int
    channels: int = 2
    samples: int = 44_100


def encode_track(job: TrackJob, ffmpeg: Ffmpeg, scratch: Path) -> Path:
    """Write the sound into the empty folder `scratch` and return its file; SourceError where nothing comes of it."""
    output = scratch / "track.mp3"
    options = ("-map", f"0:{job.audio.index}", "-vn", "-ac", job.channels, "-ar", job.samples, "-b:a", job.bit_rate)
    said = (*map(str, options), "-flags", "+bitexact")
    if mp3_track(job.source, said, job.samples, ffmpeg, output, Fraction(_LONGEST_S)) is None:
        raise SourceError("holds no sound that can be heard", where=str(job.source))
    return output
