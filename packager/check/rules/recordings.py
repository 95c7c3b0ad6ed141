"""F: films and sound, as files: what they hold, and whether devices of the profile play it."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import FileFacts, FormProblem, Inventory, RecordingFacts, StreamFacts
from packager.check.findings import count_against, finding, listed, show
from packager.check.rules.types import allowed_files
from packager.config.film_limits import FilmLimits, SoundLimits
from packager.config.profile import Profile
from packager.files.signatures import FILMS, SOUND, FileType
from packager.model import Finding

_LATE_S = 2.01  # behind a film's end, which is seen to it
_MORE = 1.25  # than what an encoder of sound was asked for
_FRACTION = 0.001  # of a rate: that of 29.97 is 30000/1001


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong with every film and every piece of sound of the tree."""
    for file in allowed_files(inventory, profile):
        if file.kind in FILMS | SOUND and file.recording is None:
            yield finding("F106", file.path, f"it is {file.kind}, which is not looked into")
        if file.recording is not None:
            for code, message in _problems(file, file.recording, profile):
                yield finding(code, file.path, message)
    yield from _behind_the_end(allowed_files(inventory, profile))


def _behind_the_end(files: tuple[FileFacts, ...]) -> Iterator[Finding]:
    """Yield subtitles that go on when the film is over whose name they bear, perhaps with a language behind it."""
    lengths = {
        file.path.rpartition(".")[0]: max(stream.seconds for stream in file.recording.streams)
        for file in files
        if file.recording and file.recording.streams
    }
    for file in files:
        if file.recording and file.recording.last_s:
            stem = file.path.rpartition(".")[0]
            length = lengths.get(stem, lengths.get(stem.rpartition("_")[0]))
            if length is not None and file.recording.last_s > length + _LATE_S:
                yield finding(
                    "F302", file.path, f"its words go on to {file.recording.last_s:,.0f} s, behind its film's end"
                )


def _problems(file: FileFacts, recording: RecordingFacts, profile: Profile) -> Iterator[FormProblem]:
    if recording.error:
        yield "F101", recording.error
    told: dict[str, list[str]] = {}
    for code, problem in recording.problems:
        told.setdefault(code, []).append(problem)
    for code, wrong in told.items():
        yield code, listed(wrong, 3)
    for stream in recording.streams:
        if file.kind is FileType.MP3:
            yield from _track(stream, profile.sound)
        else:
            yield from _stream(stream, profile.film)
    yield from _lengths(recording.streams)


def _stream(stream: StreamFacts, limits: FilmLimits) -> Iterator[FormProblem]:
    if stream.codec not in (limits.codec, limits.sound_codec):
        yield "F201", f"it has {show(stream.codec)}; the profile lists {limits.codec} and {limits.sound_codec}"
    elif stream.samples and stream.is_sound:
        yield from _sound(stream, limits.sample_rate, limits.channels)
        if stream.bit_rate > (most := round(limits.sound_bit_rate * _MORE)):
            yield "F205", count_against(stream.bit_rate, most, "bit/s of sound")
    elif stream.samples:
        yield from _pictures(stream, limits)


def _pictures(stream: StreamFacts, limits: FilmLimits) -> Iterator[FormProblem]:
    if stream.profile not in limits.codec_profiles:
        yield "F202", f"it is {stream.codec} {show(stream.profile)}; at most {limits.codec_profiles[-1]}"
    if not stream.level or float(stream.level) > float(limits.level):
        yield "F202", f"its level is {stream.level or 'unknown'}; at most {limits.level}"
    if stream.width > limits.width or stream.height > limits.height:
        yield "F203", f"it has {stream.width}x{stream.height} pixels; at most {limits.width}x{limits.height}"
    if stream.rate > limits.frame_rate * (1 + _FRACTION):
        yield "F204", f"it has {stream.rate:g} pictures a second; at most {limits.frame_rate:g}"
    if stream.peak_bit_rate > limits.max_bit_rate:
        yield "F205", count_against(stream.peak_bit_rate, limits.max_bit_rate, "bit/s where it moves most")
    if stream.features:
        yield "F206", f"it has {listed(stream.features)}"


def _track(stream: StreamFacts, limits: SoundLimits) -> Iterator[FormProblem]:
    yield from _sound(stream, limits.sample_rate, 2)
    if stream.bit_rate > limits.max_bit_rate:
        yield "F205", count_against(stream.bit_rate, limits.max_bit_rate, "bit/s")


def _sound(stream: StreamFacts, rate: int, channels: int) -> Iterator[FormProblem]:
    if stream.features:
        yield "F207", f"it has {listed(stream.features)}"
    if stream.rate > rate:
        yield "F207", count_against(round(stream.rate), rate, "samples a second")
    if stream.channels > channels:
        yield "F207", count_against(stream.channels, channels, "channels")


def _lengths(streams: tuple[StreamFacts, ...]) -> Iterator[FormProblem]:
    """Yield where pictures and sound differ by more than a picture and what fills the first and last frame of sound."""
    walked = [one for one in streams if one.samples]
    if len(walked) == 2:
        first, second = walked
        within = sum(one.seconds / one.samples * (2 if one.is_sound else 1) for one in walked)
        if abs(first.seconds - second.seconds) > within:
            yield "F208", f"its streams take {first.seconds:.2f} and {second.seconds:.2f} seconds"
