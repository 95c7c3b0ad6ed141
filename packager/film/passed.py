"""Pictures that a class of devices plays as they are, and so are not encoded again.

What is taken is what our own encoder could have made: whole pictures without B-frames, each as long as the next, of a
profile, level, size and rate that the limits allow, in no more bits than they may have. Remarks in it are left behind;
pictures that hold what no player shows, such as the clock of a camera, are encoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

from packager.config.film_limits import FilmCodec, FilmContainer
from packager.errors import SourceError
from packager.film.bits import CodedForm
from packager.film.ffmpeg import SourceReading
from packager.film.jobs import FilmJob
from packager.film.sps import h264_form, is_usual_picture_set
from packager.film.streams import H264Parameters
from packager.film.track import PictureTrack, Track, silent
from packager.film.usual import are_usual_h264, are_usual_mpeg4
from packager.film.vol import mpeg4_form

# Parts of a picture, at the most: sound that is coded begins up to one earlier.
_LATE, _UNEVEN = 1, Fraction(1, 2)


def passed_pictures(job: FilmJob, reading: SourceReading, path: Path) -> PictureTrack | None:
    """Write a source's own pictures into the bare file `path`; None where they must be encoded."""
    shape, video = job.shape, job.video
    plain = (video.width, video.height, video.rate) == (shape.width, shape.height, shape.rate)
    is_codec = video.codec == job.limits.codec
    if job.words or not plain or not is_codec or video.is_interlaced or video.is_hdr or video.is_turned:
        return None
    copied = ("-map", f"0:{video.index}", "-c", "copy", "-f")
    own = SourceReading(reading.ffmpeg, reading.source)  # what it cannot copy is said again when it is encoded
    try:
        with own.stream((*copied, "framecrc")) as pieces:
            pictures = _evenly_shown(pieces, shape.rate)
        if not pictures:
            return None
        # Of MPEG-4 some containers hold the headers apart, which the filter puts before each key.
        form = ("h264",) if job.limits.codec is FilmCodec.H264 else ("m4v", "-bsf:v", "dump_extra")
        with own.stream((*copied, *form)) as pieces:
            samples = job.samples(pieces)
            track = Track.kept(samples, path, shape.rate, silent)
    except SourceError:
        return None
    is_whole = len(track.sizes) == pictures and not samples.has_b
    if not samples.setup or not is_whole or not _fits(track, job) or not _has_form(samples.setup, track, job):
        return None
    return PictureTrack(track, shape.width, shape.height, samples.setup)


def _has_form(setup: H264Parameters | bytes, track: Track, job: FilmJob) -> bool:
    """Whether pictures are coded as devices know it, and hold nothing that no device shows."""
    limits = job.limits
    try:
        form = _usual_mpeg4(setup, track, job) if isinstance(setup, bytes) else _usual_h264(setup, track)
    except ValueError:  # a header is cut off
        return False
    if form is None or (form.width, form.height) != (job.shape.width, job.shape.height):
        return False
    return form.is_plain and form.profile in limits.codec_profiles and form.level <= float(limits.level)


def _usual_h264(setup: H264Parameters, track: Track) -> CodedForm | None:
    found = h264_form(setup.sequence, track.rate)
    if found is None or not is_usual_picture_set(setup.picture) or not are_usual_h264(track.samples(), found[1]):
        return None
    return found[0]


def _usual_mpeg4(setup: bytes, track: Track, job: FilmJob) -> CodedForm | None:
    found, before_keys = mpeg4_form(setup), setup * (job.limits.container is FilmContainer.AVI)
    if found is None or not are_usual_mpeg4(track.samples(), found[1], before_keys, track.rate):
        return None
    return found[0]


def _evenly_shown(pieces: Iterable[bytes], rate: Fraction) -> int:
    """How many pictures there are, each shown at its time in the order of the stream, the first at once; else 0."""
    unit, number, first = Fraction(1), 0, Fraction(0)
    for line in _lines(pieces):
        if line.startswith("#tb 0: "):
            unit = Fraction(line.removeprefix("#tb 0: "))
        elif not line.startswith("#"):
            shown = int(line.split(",")[2]) * unit * rate  # stream, times of decoding and showing, length, bytes, sum
            first = first if number else shown
            if abs(first) > _LATE or abs(shown - first - number) > _UNEVEN:
                return 0
            number += 1
    return number


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    waiting = b""
    for piece in pieces:
        *lines, waiting = (waiting + piece).split(b"\n")
        yield from (line.decode("ascii", "replace") for line in lines)


def _fits(track: Track, job: FilmJob) -> bool:
    """Whether pictures have no more bits than they may, on average and in each second, and begin with a key."""
    second = round(track.rate)
    most = max((sum(track.sizes[at : at + second]) for at in range(0, len(track.sizes), second)), default=0)
    average = 8 * track.bytes_a_second
    return average <= job.rates.pictures and 8 * most <= job.limits.max_bit_rate and list(track.keys[:1]) == [0]
