"""What films and sound get of a medium: each its part by length, pixels and priority, none less than its floor (pure).

A share, in thousandths, says how much they get of what lies between floor and best: of a recording of the least
priority so much, of one that is twice as important twice as much, until that has its best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from math import ceil

from packager.config.film_limits import FilmCodec, FilmContainer, FilmLimits, SoundCodec, SoundLimits
from packager.config.profile import Profile
from packager.film.jobs import Rates
from packager.film.probe import usual_rate
from packager.film.shape import shape_in
from packager.layout.build_input import BuildInput
from packager.model import (
    AllRenditions,
    Film,
    Recording,
    Rendition,
    Renditions,
    Role,
    RoleRenditions,
    VersionKey,
    Work,
)
from packager.plan.plan import FULL, RECORDED

RecordingKey = tuple[VersionKey, int]
"""One recording of a version, by its number from 0."""

# Bit/s of MP3 with 44,100 samples a second (ISO 11172-3, 2.4.2.3).
_MP3_RATES = tuple(1_000 * rate for rate in (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320))
_USUAL_RATE = 1_500_000  # of a source
_HEAD_BYTES = 2_000  # of a container's own, before its samples
_MPEG4_BYTES = 64_000  # that ffmpeg's encoder of MPEG-4 part 2 spends at the beginning, whatever its rate (tried)
_AVI_CHUNK_BYTES = 24.5  # beside what it holds: its header, its line in the index, and half a byte to make it even
_MP4_SAMPLE_BYTES = 4.2  # its size, and its part of a chunk's place
_STRIDE = 610  # has no divisor but ten in common with FULL, so that pieces side by side change at shares far apart
_AAC_SAMPLES = 1_024  # of a frame


@dataclass(frozen=True, slots=True)
class Need:
    """What one recording may get, from its `floor` to its `best`; of sound the pictures have 0 bit/s.

    Its container takes `head_bytes`, and `overhead` bytes a second. `width` and `height` are the pixels that a film is
    shown with. Of several pieces of sound, those with another `turn` get a higher rate at another share.
    """

    recording: Recording
    role: Role
    priority: int
    floor: Rates
    best: Rates
    head_bytes: int = _HEAD_BYTES
    overhead: float = 0
    width: int = 0
    height: int = 0
    turn: int = 0

    def rates(self, share: int, least_priority: int) -> Rates:
        """Return the bit/s it gets at a share, where the least important of all has that priority."""
        part = min(FULL, share * least_priority // self.priority)
        pictures = self.floor.pictures + (self.best.pictures - self.floor.pictures) * part // FULL
        steps = [rate for rate in _MP3_RATES if self.floor.sound <= rate <= self.best.sound]
        if len(steps) < 2:
            return Rates(pictures, self.best.sound)
        return Rates(pictures, steps[(part * (len(steps) - 1) + self.turn * _STRIDE % FULL) // FULL])

    def with_better_sound(self, rates: Rates) -> Rates:
        """Return the next higher rate of sound; the same where there is none, and where the pictures come first."""
        steps = [rate for rate in _MP3_RATES if rates.sound < rate <= self.best.sound]
        if rates.pictures < self.best.pictures or not steps:
            return rates
        return Rates(rates.pictures, steps[0])

    def size_bytes(self, rates: Rates) -> int:
        """Return about what its file takes."""
        a_second = (rates.pictures + rates.sound) / 8 + self.overhead
        return round(_seconds(self.recording) * a_second) + self.head_bytes

    @property
    def leeway_bytes(self) -> int:
        """How much more it takes at its best than at its floor."""
        return self.size_bytes(self.best) - self.size_bytes(self.floor)

    @property
    def can_give(self) -> bool:
        """Whether its rate can have any value between the two, as that of pictures can."""
        return self.floor.pictures < self.best.pictures


Needs = Mapping[RecordingKey, Need]


def needs(build: BuildInput) -> Needs:
    """Return what each recording of a tree may get for the devices of its profile."""
    turns = count()
    return {
        ((each.id, version.language), number): _need(recording, version.work, each.priority, next(turns), build.profile)
        for each in build.library.publications
        for version in each.versions
        for number, recording in enumerate(version.recordings)
    }


def rates_at(every: Needs, share: int) -> dict[RecordingKey, Rates]:
    """Return the bit/s that each recording gets at a share."""
    least = max((need.priority for need in every.values()), default=1)
    return {key: need.rates(share, least) for key, need in every.items()}


def floor_bytes(build: BuildInput) -> int:
    """Return about what films and sound take at the least."""
    every = needs(build)
    return sum(every[key].size_bytes(rates) for key, rates in rates_at(every, 0).items())


def foretold(build: BuildInput, renditions: AllRenditions, share: int) -> AllRenditions:
    """Return the renditions with files of films and sound as large as they are likely to be at a share.

    They have no files yet; one that would be larger than the profile allows is in parts.
    """
    every = needs(build)
    found: dict[VersionKey, list[Rendition]] = {}
    for (key, number), rates in rates_at(every, share).items():
        found.setdefault(key, []).extend(files_of(every[key, number], number, rates, build.profile))
    return {key: with_recorded(each, tuple(found.get(key, ()))) for key, each in renditions.items()}


def with_recorded(renditions: Renditions, files: tuple[Rendition, ...]) -> Renditions:
    """Return the renditions with these files of film or sound in the place of those that they had."""
    if not files:
        return renditions
    others = tuple(one for one in renditions.sets if one.role not in RECORDED)
    return replace(renditions, sets=(*others, RoleRenditions(files[0].role, files)))


def recorded_bytes(every: AllRenditions) -> int:
    """Return what the files of films and sound take."""
    sets = (one for each in every.values() for one in each.sets if one.role in RECORDED)
    return sum(file.size_bytes for one in sets for file in one.shown if isinstance(file, Rendition))


def files_of(need: Need, number: int, rates: Rates, profile: Profile) -> Iterator[Rendition]:
    """Yield the files of a version's recording as large as they are likely to be."""
    size_bytes = need.size_bytes(rates)
    is_film = need.role is Role.FILM
    ending = profile.film.container if is_film else SoundCodec.MP3
    parts = ceil(size_bytes / (profile.film if is_film else profile.sound).max_bytes)
    for part in range(parts):
        file = f"{number}-{part}.{ending}"
        seconds = need.recording.seconds / parts
        yield Rendition(
            need.role, file, need.width, need.height, ceil(size_bytes / parts), first=number, seconds=seconds
        )


def _need(recording: Recording, work: Work, priority: int, turn: int, profile: Profile) -> Need:
    # No source is given more bits than it has.
    most = round(recording.size_bytes * 8 / _seconds(recording)) if recording.size_bytes else 0
    if isinstance(work, Film):
        return _film_need(recording, priority, profile.film, most or profile.film.max_bit_rate)
    return _sound_need(recording, priority, turn, profile.sound, most or profile.sound.max_bit_rate)


def _seconds(recording: Recording) -> float:
    """How long it is; where the source does not tell, as long as it usually is for so many bytes."""
    return recording.seconds or max(1, recording.size_bytes * 8 / _USUAL_RATE)


def _film_need(recording: Recording, priority: int, limits: FilmLimits, most: int) -> Need:
    rate = usual_rate(Fraction(recording.frame_rate))
    shape = shape_in(recording.width, recording.height, rate, limits)
    pixels = float(shape.drawn_width * shape.drawn_height * shape.rate)
    floor, best = (limits.min_sound_bit_rate, limits.sound_bit_rate) if recording.sound else (0, 0)
    least = round(limits.min_bits_per_pixel * pixels)
    # A source that breaks off before the end that it tells of seems to have few bits: half are for its pictures.
    own = max(1, most - best, min(most // 2, least))
    # What devices play as it is may keep its bits.
    has_form = recording.codec in {f"{limits.codec} {profile}" for profile in limits.codec_profiles}
    has_size = (recording.width, recording.height) == (shape.width, shape.height)
    # Its own sound may have fewer than are given to sound here, so that its pictures have more than `own`.
    is_kept = has_form and has_size and own <= limits.bit_rate
    wanted = most if is_kept else min(own, round(limits.bits_per_pixel * pixels))
    most = min(limits.bit_rate, own)
    return Need(
        recording,
        Role.FILM,
        priority,
        floor=Rates(min(most, least), floor),
        best=Rates(min(limits.bit_rate, wanted), best),
        head_bytes=_HEAD_BYTES + _MPEG4_BYTES * (limits.codec is FilmCodec.MPEG4),
        overhead=_overhead(limits, float(shape.rate), has_sound=bool(recording.sound)),
        width=shape.width,
        height=shape.height,
    )


def _overhead(limits: FilmLimits, rate: float, *, has_sound: bool) -> float:
    """The bytes a second that a container takes for itself; AVI has as many chunks of sound as pictures."""
    if limits.container is FilmContainer.AVI:
        return rate * (1 + has_sound) * _AVI_CHUNK_BYTES
    return (rate + has_sound * limits.sample_rate / _AAC_SAMPLES) * _MP4_SAMPLE_BYTES


def _sound_need(recording: Recording, priority: int, turn: int, limits: SoundLimits, most: int) -> Need:
    floor, best = (
        (limits.min_speech_bit_rate, limits.speech_bit_rate)
        if is_speech(recording)
        else (limits.min_music_bit_rate, limits.music_bit_rate)
    )
    best = limits.max_bit_rate if recording.codec == SoundCodec.MP3 else best  # it may be kept as it is
    floor, best = (_step(min(rate, most)) for rate in (floor, best))
    return Need(recording, Role.TRACK, priority, floor=Rates(0, floor), best=Rates(0, best), turn=turn)


def is_speech(recording: Recording) -> bool:
    """Return whether a recording is taken for speech: what was recorded with one channel."""
    return recording.channels == 1


def _step(rate: int) -> int:
    """The bit/s that MP3 has, none more than `rate` where there is one; AAC has them too."""
    return max((each for each in _MP3_RATES if each <= rate), default=_MP3_RATES[0])
