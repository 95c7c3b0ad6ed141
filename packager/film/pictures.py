"""The pictures of a source -> a bare stream that old devices decode, upright, with square pixels, at an even rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from packager.config.film_limits import FilmCodec, FilmLimits
from packager.errors import SourceError
from packager.film.ffmpeg import TO_SDR, SourceReading
from packager.film.jobs import FilmJob
from packager.film.probe import VideoFacts
from packager.film.shape import FrameShape
from packager.film.track import PictureTrack, Stretch, Tell, Track

_KEYS_S = 5  # between pictures at which a player can begin
_PEAK = 2  # a film's rate may be passed so many times for a second, where its limits allow it
_LEAST = 10_000  # bit/s: encoders take no rate that is much lower
_HD_LINES = 720  # from here on players expect the colours of ITU-R BT.709, below it those of BT.601
_SOFTER = (0, 1, 2, 4, 8, 16, 32)  # pixels of a blur: each halves the detail; noise is an even grey at last
_APART_S = 30  # of what is blurred: a day has no more stretches than fit into a command
_MPEG4_PROFILES = {"simple": 0, "advanced-simple": 15}


def encoded_pictures(
    job: FilmJob, reading: SourceReading, path: Path, tell: Tell, held: Fraction = Fraction(0)
) -> PictureTrack:
    """Encode the pictures into the bare file `path`; the last one is held for so many seconds longer.

    What passes the highest rate in the coarsest quality, as noise does in MPEG-4, is encoded again and softer there.
    """
    soft: list[Stretch] = []
    for sigma in _SOFTER:
        filters = _filters(job.video, job.shape, held, _softened(soft, sigma))
        pictures = _encoded(job, reading, path, filters, tell)
        above = list(pictures.track.stretches_above(job.limits.max_bit_rate))
        if not above:
            break
        soft += above
    return pictures


def _encoded(job: FilmJob, reading: SourceReading, path: Path, filters: str, tell: Tell) -> PictureTrack:
    shape = job.shape
    options = (*_shown(job, filters), *_encoder(job.limits, shape, job.rates.pictures))
    with reading.stream(options, [job.words.path] if job.words else []) as pieces:
        samples = job.samples(pieces)
        track = Track.kept(samples, path, shape.rate, tell)
    if not samples.setup:
        raise SourceError("holds no picture that can be shown", where=str(job.source))
    return PictureTrack(track, shape.width, shape.height, samples.setup)


def _softened(stretches: Iterable[Stretch], sigma: int) -> list[str]:
    """The filter that blurs these stretches, and what lies between two that are close; none where there are none."""
    joined: list[Stretch] = []
    for begin, end in sorted(stretches):
        if joined and begin - joined[-1][1] < _APART_S:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    when = "+".join(f"between(t\\,{float(begin):.2f}\\,{float(end):.2f})" for begin, end in joined)
    return [f"gblur=sigma={sigma}:enable={when}"] if when else []


def _shown(job: FilmJob, filters: str) -> tuple[str, ...]:
    """The pictures of a film, and its words over them."""
    pictures = f"0:{job.video.index}"
    if job.words is None:
        return ("-map", pictures, "-vf", filters)
    # The stream of words ends long behind the film, so that this ends with the film.
    laid = f"[{pictures}]{filters}[film];[film][1:v]overlay=y={job.words.top}:shortest=1,format=yuv420p[shown]"
    return ("-threads", "1", "-i", str(job.words.path), "-filter_complex", laid, "-map", "[shown]")


def _encoder(limits: FilmLimits, shape: FrameShape, bit_rate: int) -> tuple[str, ...]:
    bit_rate = max(bit_rate, _LEAST)
    peak = min(limits.max_bit_rate, bit_rate * _PEAK)
    rates = ("-b:v", bit_rate, "-maxrate", max(peak, bit_rate), "-bufsize", max(peak, bit_rate))
    profile = limits.codec_profiles[0]
    if limits.codec is FilmCodec.H264:
        codec = f"-c:v libx264 -profile:v {profile} -level {limits.level} -f h264"
    else:
        codec = f"-c:v mpeg4 -mbd rd -trellis 1 -profile:v {_MPEG4_PROFILES[profile]} -level {limits.level} -f m4v"
    keys = ("-g", round(shape.rate * _KEYS_S), "-bf", 0)  # a film without B-frames plays everywhere
    return tuple(map(str, (*keys, *rates, "-threads", 1, "-flags", "+bitexact", *codec.split())))


def _filters(video: VideoFacts, shape: FrameShape, held: Fraction, softened: Sequence[str] = ()) -> str:
    into = "bt709" if shape.height >= _HD_LINES else "bt601"
    out_of = ":in_color_matrix=bt709" if video.height >= _HD_LINES and not video.has_matrix else ""
    size = f"scale={shape.drawn_width}:{shape.drawn_height}:flags=lanczos"
    steps = [
        *["bwdif=mode=send_frame"] * video.is_interlaced,
        # From the beginning of the source on, so that sound and pictures that begin late stay together.
        f"fps={shape.rate.numerator}/{shape.rate.denominator}:start_time=0",
        *[f"{size},{TO_SDR}"] * video.is_hdr,  # it takes 12 bytes a pixel, so that it comes when there are fewer
        f"{size}{out_of}:out_color_matrix={into}:out_range=tv",
        "setsar=1",
        "format=yuv420p",
        *softened,
    ]
    if (shape.width, shape.height) != (shape.drawn_width, shape.drawn_height):
        steps.append(f"pad={shape.width}:{shape.height}:-1:-1")
    if held:
        steps.append(f"tpad=stop_mode=clone:stop_duration={float(held):.3f}")
    return ",".join(steps)
