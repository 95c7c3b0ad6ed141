"""The sound of a source -> frames of AAC-LC, or of MP3 at a constant rate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from packager.config.film_limits import SoundCodec
from packager.errors import SourceError
from packager.film.decode import decoder
from packager.film.ffmpeg import SourceReading
from packager.film.jobs import FilmJob, TrackJob
from packager.film.mp3 import Mp3Header, mp3_samples, plain_frames
from packager.film.probe import AudioFacts
from packager.film.streams import AacSamples, Sample
from packager.film.track import AAC_SAMPLES, AacTrack, Mp3Track, SoundTrack, Tell, Track, silent

# No name of the encoder, and no first frame that tells of the others.
_EACH_ALONE = ("-reservoir", "0")  # no frame has a part of its music in those before it, which another file may hold
_NO_TAGS = ("-write_xing", "0", "-id3v2_version", "0", "-f", "mp3")
_LAME = ("-c:a", "libmp3lame", *_NO_TAGS)


def encoded_sound(job: FilmJob, seconds: Fraction, reading: SourceReading, path: Path) -> SoundTrack | None:
    """Encode a film's sound into the bare file `path`, at least so many seconds; None where there is none.

    It begins with the source, so that sound and pictures that begin late stay together, and has no gaps.
    """
    if job.audio is None:
        return None
    limits = job.limits
    as_long = f"aresample=async=1:first_pts=0,apad=whole_dur={float(seconds):.6f}"
    channels = min(limits.channels, job.audio.channels)
    options = ("-af", as_long, *_form(job.audio, job.rates.sound, channels, limits.sample_rate))
    if limits.sound_codec is SoundCodec.MP3:
        options = (*options, *_EACH_ALONE) if job.comes_in_parts else options
        return _mp3(reading, (*options, *_LAME), limits.sample_rate, path, silent)
    with reading.stream((*options, "-c:a", "aac", "-f", "adts")) as pieces:
        samples = AacSamples(pieces)
        track = Track.kept(samples, path, Fraction(limits.sample_rate, AAC_SAMPLES), silent)
    if samples.parameters is None:
        return None
    heard = Fraction(max(0, len(track.sizes) - 1) * AAC_SAMPLES, limits.sample_rate)
    return AacTrack(track, samples.parameters, heard)


def encoded_mp3(job: TrackJob, reading: SourceReading, path: Path, tell: Tell) -> Mp3Track | None:
    """Bring a piece of sound into `path` as a finished MP3; None where the source gives none.

    What is an MP3 at a constant rate already, and at none that is too high, keeps its music.
    """
    audio = job.audio
    if audio.codec == "mp3" and audio.rate <= job.sample_rate and audio.channels <= job.channels:
        own = SourceReading(reading.ffmpeg, reading.source)  # what it cannot copy is said again when it is encoded
        with suppress(SourceError):
            kept = _mp3(own, ("-map", f"0:{audio.index}", "-c", "copy", *_NO_TAGS), audio.rate, path, silent)
            has_form = kept and kept.frame.bit_rate <= job.bit_rate and not kept.frame.has_extras
            if kept and has_form and not decoder(reading.ffmpeg.programs)(path, float(kept.seconds)):
                return kept
    options = _form(audio, job.bit_rate, job.channels, job.sample_rate)
    return _mp3(reading, (*options, *_LAME), job.sample_rate, path, tell)


def _form(audio: AudioFacts, bit_rate: int, channels: int, sample_rate: int) -> tuple[str, ...]:
    options = ("-map", f"0:{audio.index}", "-vn", "-ac", channels, "-ar", sample_rate, "-b:a", bit_rate)
    return (*map(str, options), "-flags", "+bitexact")


def _mp3(reading: SourceReading, options: tuple[str, ...], sample_rate: int, path: Path, tell: Tell) -> Mp3Track | None:
    forms: list[Mp3Header] = []

    def frames(pieces: Iterable[bytes]) -> Iterator[Sample]:
        for frame, data in plain_frames(pieces):
            if not forms:
                forms.append(frame)
            if frame != forms[0]:
                raise SourceError("changes its form on the way")
            yield Sample(data)

    with reading.stream(options) as pieces:
        track = Track.kept(frames(pieces), path, Fraction(sample_rate, mp3_samples(sample_rate)), tell)
    return Mp3Track(track, forms[0]) if forms else None
