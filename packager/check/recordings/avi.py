"""AVI, walked chunk by chunk: every byte is one of the table's, follows from the others, or belongs to a sample."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from struct import pack, unpack

from packager.check.containers import DamageError
from packager.check.facts import StreamFacts
from packager.check.findings import show
from packager.check.recordings.forms import ContainerPart, forms
from packager.check.recordings.mp3 import Mp3Walk
from packager.check.recordings.mpeg4 import Mpeg4Walk
from packager.check.recordings.walk import RecordingWalk, stream_of

_FORMS = forms("avi")
_LISTS = ("RIFF", "LIST")
_KEY = 0x10


@dataclass(slots=True)
class _Body:
    """What lies in the list of samples: the pictures, the sound, and the index that follows from them."""

    pictures: Mpeg4Walk = field(default_factory=Mpeg4Walk)
    sound: Mp3Walk = field(default_factory=Mp3Walk)
    sizes: array[int] = field(default_factory=lambda: array("I"))
    sound_bytes: int = 0
    sound_chunks: int = 0
    index: bytearray = field(default_factory=bytearray)


def walk_avi(walk: RecordingWalk) -> None:
    """Walk an AVI; DamageError where that cannot go on."""
    body = _Body()
    whole = ContainerPart("file", inner=_parts(walk, "file", 0, walk.size, body))
    head = whole["AVI /hdrl"]
    streams = head.all("strl")
    walk.streams += [_named(one) for one in streams]
    if [one.codec for one in walk.streams] not in (["mpeg4"], ["mpeg4", "mp3"]):
        raise DamageError("it has a stream that is not looked into")
    if len(streams) == 1 and body.sound_chunks:
        walk.hold_samples("01wb, of no stream")
    if whole["AVI /idx1"].rest != body.index:
        walk.tell("its index is not that of its samples", "F104")
    walk.streams[0] = _pictures(walk, streams[0], body)
    a_second = round(sum(body.sizes) / max(1, walk.streams[0].seconds))  # of less than a second all of it
    if len(streams) > 1:
        walk.tell(body.sound.problem)
        walk.streams[1] = body.sound.facts()
        _hold_sound(walk, streams[1], body, walk.streams[1])
        a_second += body.sound.bit_rate // 8
    _hold_head(walk, head["avih"], body, a_second)


def _parts(walk: RecordingWalk, name: str, start: int, end: int, body: _Body) -> list[ContainerPart]:
    """The chunks that lie in a list; unknown ones are not read, and samples go to `body`."""
    found: list[ContainerPart] = []
    while start < end:
        kind, size = unpack("<4sI", walk.read(start, start + 8))
        begin, stop = start + 8, start + 8 + size
        inner = show(kind.decode("latin-1"))
        if inner in _LISTS:
            inner, begin = show(walk.read(begin, begin + 4).decode("latin-1")), begin + 4
        if stop > end or begin > stop:
            raise DamageError(f"a chunk does not end where it must, at byte {start:,}")
        part = ContainerPart(inner)
        if not _FORMS.has_place(inner, name):
            walk.note(begin, stop)
        elif inner == "movi":
            _samples(walk, begin, stop, body)
        elif _FORMS.holds_parts(inner):
            part.inner = _parts(walk, inner, begin, stop, body)
        else:
            part, wrong = _FORMS.read(inner, walk.read(begin, stop))
            for one in wrong:
                walk.tell(one)
                walk.note(begin, stop)
        walk.keep(found, part)
        start = stop + _padding(walk, stop, end)
    walk.hold_order(_FORMS, name, found)
    return found


def _padding(walk: RecordingWalk, stop: int, end: int) -> int:
    """Return how many bytes stand behind a chunk to make its length even: one, a zero, or none."""
    if not stop % 2 or stop >= end:
        return 0
    walk.tell("a byte that fills up is not zero" if any(walk.read(stop, stop + 1)) else "")
    return 1


def _samples(walk: RecordingWalk, start: int, end: int, body: _Body) -> None:
    """Take all samples in the list, with the index that follows from them."""
    base = start - 4  # offsets count from the name of the list
    while start < end:
        kind, size = unpack("<4sI", walk.read(start, start + 8))
        if start + 8 + size > end:
            raise DamageError(f"a chunk does not end where it must, at byte {start:,}")
        is_key = True
        if kind == b"00dc":
            is_key = body.pictures.add(walk.read(start + 8, start + 8 + size))
            body.sizes.append(size)
        elif kind == b"01wb":
            body.sound.add(walk.read(start + 8, start + 8 + size))
            body.sound_bytes += size
            body.sound_chunks += 1
        else:
            walk.note(start + 8, start + 8 + size)
            walk.hold_samples(show(kind.decode("latin-1")))
        body.index += kind + pack("<III", _KEY * is_key, start - base, size)
        start += 8 + size
        start += _padding(walk, start, end)


def _named(stream: ContainerPart) -> StreamFacts:
    """What is known of a stream by what it is called."""
    form = stream["strf"]
    if "planes" in form.values:
        return StreamFacts("mpeg4", 0, 0, 0, 0)
    if "id" in form.values:
        return StreamFacts("mp3", 0, 0, 0, 0)
    code = stream["strh"].values.get("codec", 0).to_bytes(4, "little").decode("latin-1").strip("\0")
    return StreamFacts(show(code) or "an unknown codec", 0, 0, 0, 0)


def _pictures(walk: RecordingWalk, stream: ContainerPart, body: _Body) -> StreamFacts:
    """Return what the pictures are, with their headers held against that."""
    head, form = stream["strh"], stream["strf"]
    scale, rate, frames = head.number("scale"), head.number("rate"), len(body.sizes)
    if not scale or not rate or not frames:
        raise DamageError("it has no pictures, or no rate")
    walk.hold_rate(rate, scale)
    pictures = body.pictures.facts(stream_of("mpeg4", body.sizes, frames * scale / rate))
    walk.tell(body.pictures.problem)
    walk.tell("bytes lie behind the form of its pictures" if form.rest else "")
    walk.hold(head, length=frames, buffer=max(body.sizes), width=pictures.width, height=pictures.height)
    walk.hold(form, width=pictures.width, height=pictures.height, bytes=pictures.width * pictures.height * 3)
    return pictures


def _hold_sound(walk: RecordingWalk, stream: ContainerPart, body: _Body, sound: StreamFacts) -> None:
    a_second = body.sound.bit_rate // 8
    walk.hold(stream["strh"], rate=a_second, length=body.sound_bytes, buffer=a_second)
    walk.hold(stream["strf"], channels=sound.channels, rate=round(sound.rate), a_second=a_second)
    walk.hold(stream["strf"], frame=body.sound.frame_bytes)


def _hold_head(walk: RecordingWalk, head: ContainerPart, body: _Body, a_second: int) -> None:
    pictures = walk.streams[0]
    walk.hold(head, interval=round(1_000_000 / pictures.rate), frames=len(body.sizes), streams=len(walk.streams))
    walk.hold(head, buffer=max(body.sizes), width=pictures.width, height=pictures.height, a_second=a_second)
