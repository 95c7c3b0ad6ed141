"""MP4, walked box by box: every byte is one of the table's, follows from the others, or belongs to a sample."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest
from struct import pack, unpack

from packager.check.containers import DamageError
from packager.check.facts import StreamFacts
from packager.check.findings import show
from packager.check.recordings.forms import ContainerPart, forms
from packager.check.recordings.h264 import H264Walk
from packager.check.recordings.h264_setup import is_usual_picture_set, sequence_parameters
from packager.check.recordings.mpeg4 import Mpeg4Walk
from packager.check.recordings.walk import RecordingWalk, stream_of

_FORMS = forms("mp4")
_UNITS = 1000  # a second of the whole film
_AAC_LC, _AAC_SAMPLES = 2, 1024
_AAC_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_AAC_FRAME_BYTES = 768  # of a channel: 6144 bits, ISO 14496-3, 4.5.3.1
_MOST_PRIMING = 2112  # samples that a decoder needs to begin: two frames, or what Apple's encoders write
_CODECS = {
    "avc1": "h264",
    "mp4v": "mpeg4",
    "mp4a": "aac",
    "hvc1": "HEVC",
    "hev1": "HEVC",
    "av01": "AV1",
    "vp09": "VP9",
    "Opus": "Opus",
}
_KINDS = {("vide", "vmhd", "avc1"), ("vide", "vmhd", "mp4v"), ("soun", "smhd", "mp4a")}


@dataclass(frozen=True, slots=True)
class _Track:
    """One stream: its box, that of its codec, and of its chunks how many samples they have and where they lie."""

    box: ContainerPart
    entry: ContainerPart
    sizes: array[int]
    counts: list[int]
    places: array[int]

    def chunks(self) -> Iterator[tuple[int, array[int]]]:
        """Where each chunk lies, and the bytes of its samples."""
        at = 0
        for place, count in zip(self.places, self.counts, strict=True):
            yield place, self.sizes[at : at + count]
            at += count

    def samples(self, walk: RecordingWalk) -> Iterator[bytes]:
        """Each sample in turn; DamageError where one lies outside the file."""
        for place, sizes in self.chunks():
            data, at = walk.read(place, place + sum(sizes)), 0
            for size in sizes:
                yield data[at : at + size]
                at += size


def walk_mp4(walk: RecordingWalk) -> None:
    """Walk an MP4; DamageError where that cannot go on."""
    whole = ContainerPart("file", inner=_parts(walk, "file", 0, walk.size))
    names = [one.name for one in whole.inner]
    if "mdat" in names and "moov" in names[names.index("mdat") :]:
        walk.tell("its index stands behind what it is the index of", "F104")
    boxes = whole["moov"].all("trak")
    walk.streams += [_named(one) for one in boxes]
    if [one.codec for one in walk.streams[1:]] not in ([], ["aac"]) or walk.streams[0].codec == "aac":
        walk.tell("it has other streams than one of pictures and one of sound")
    tracks = [_track(walk, one) for one in boxes]
    _hold_places(walk, tracks, whole["mdat"])
    walk.streams[:] = [_stream(walk, one) for one in tracks]
    _hold_head(walk, whole["moov"], tracks)


def _parts(walk: RecordingWalk, name: str, start: int, end: int) -> list[ContainerPart]:
    """The boxes that lie in a box; of unknown ones, and of that with the samples, the content is not read."""
    found: list[ContainerPart] = []
    for inner, begin, stop in _boxes(walk, start, end):
        if inner == "mdat" or not _FORMS.has_place(inner, name):
            walk.keep(found, ContainerPart(inner, {"start": begin, "end": stop}))
            if inner != "mdat":
                walk.note(begin, stop)
            continue
        own = min(stop, begin + _FORMS.size_before_parts(inner)) if _FORMS.holds_parts(inner) else stop
        part, wrong = _FORMS.read(inner, walk.read(begin, own))
        for one in wrong:
            walk.tell(one)
            walk.note(begin, own)
        if _FORMS.holds_parts(inner):
            part.inner = _parts(walk, inner, own, stop)
        walk.keep(found, part)
    walk.hold_order(_FORMS, name, found)
    return found


def _boxes(walk: RecordingWalk, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The name of each box in turn, and where its content begins and ends."""
    while start < end:
        size, name = unpack(">I4s", walk.read(start, start + 8))
        if size < 8 or start + size > end:
            raise DamageError(f"a box does not end where it must, at byte {start:,}")
        yield show(name.decode("latin-1")), start + 8, start + size
        start += size


def _entry(box: ContainerPart) -> ContainerPart:
    entries = box["mdia/minf/stbl/stsd"].inner
    if not entries:
        raise DamageError("a stream has no codec")
    return entries[0]


def _named(box: ContainerPart) -> StreamFacts:
    """What is known of a stream by the name of its codec."""
    name = _entry(box).name
    return StreamFacts(_CODECS.get(name, show(name)), 0, 0, 0, 0)


def _track(walk: RecordingWalk, box: ContainerPart) -> _Track:
    entry, table = _entry(box), box["mdia/minf/stbl"]
    if entry.name not in _READERS:
        raise DamageError("it has a stream that is not looked into")
    sizes, places, rows = (table[name].rows for name in ("stsz", "stco", "stsc"))
    walk.hold(table["stsz"], entries=len(sizes))
    walk.hold(table["stco"], entries=len(places))
    walk.hold(table["stsc"], entries=len(rows) // 3)
    walk.hold(table["stts"], count=len(sizes))
    kind = box["mdia/hdlr"].number("kind").to_bytes(4, "big").decode("latin-1")
    if (kind, *(one.name for one in box["mdia/minf"].inner[:1]), entry.name) not in _KINDS:
        walk.tell("what a stream is called differs from what it is")
    counts = _counts(rows, len(places))
    if sum(counts) != len(sizes) or not sizes:
        raise DamageError("its index has not as many samples as their sizes")
    each, last = counts[0], counts[-1]
    usual = [(1, each, 1)] + [(len(counts), last, 1)] * (last != each)
    if list(zip(*[iter(rows)] * 3, strict=False)) != usual or last > each:
        walk.tell("the chunks of a stream differ in length")
    return _Track(box, entry, sizes, counts, places)


def _counts(rows: array[int], chunks: int) -> list[int]:
    """How many samples each chunk has, of a table that says from which chunk on each number holds."""
    firsts = [*rows[0::3], chunks + 1]
    if firsts[0] != 1 or firsts != sorted(firsts) or firsts[-1] != chunks + 1:
        raise DamageError("the table of its chunks is out of order")
    return [count for count, first, end in zip(rows[1::3], firsts, firsts[1:], strict=False) for _ in range(first, end)]


def _hold_places(walk: RecordingWalk, tracks: list[_Track], body: ContainerPart) -> None:
    """Hold the places of all chunks against those that leave nothing between them: one of each stream in turn."""
    at = body.number("start")
    for row in zip_longest(*(one.chunks() for one in tracks)):
        for place, sizes in filter(None, row):
            if place != at:
                walk.tell("bytes lie between its samples, or these are out of order")
                return
            at += sum(sizes)
    walk.tell("" if at == body.number("end") else "bytes lie behind its samples")


def _stream(walk: RecordingWalk, track: _Track) -> StreamFacts:
    table = track.box["mdia/minf/stbl"]
    scale, each = track.box["mdia/mdhd"].number("scale"), table["stts"].number("each")
    if not scale or not each:
        raise DamageError("a stream has no rate")
    if track.entry.name != "mp4a":
        walk.hold_rate(scale, each)
    stream = stream_of(_CODECS[track.entry.name], track.sizes, len(track.sizes) * each / scale)
    return _READERS[track.entry.name](walk, track, stream)


def _h264(walk: RecordingWalk, track: _Track, stream: StreamFacts) -> StreamFacts:
    config = track.entry["avcC"].rest
    length = int.from_bytes(config[6:8], "big")
    sequence, picture = config[8 : 8 + length], config[11 + length :]
    said = sequence_parameters(sequence)
    usual = (
        b"\1" + sequence[1:4] + b"\xff\xe1" + pack(">H", length) + sequence + b"\1" + pack(">H", len(picture)) + picture
    )
    if config != usual or not said.is_whole or not is_usual_picture_set(picture):
        walk.tell("its avcC holds more than the parameters of its pictures, or unusual ones")
    if said.rate and abs(said.rate - stream.rate) > 0.001:
        walk.tell(f"its pictures say that they are {said.rate:g} a second, and its index {stream.rate:g}")
    if said.width:
        walk.hold(track.entry, width=said.width, height=said.height)
    pictures = H264Walk(said)
    _hold_keys(walk, track, [pictures.add(data) for data in track.samples(walk)])
    walk.tell(pictures.problem)
    features = {
        "B-frames": pictures.has_b,
        "interlaced pictures": said.is_interlaced,
        "stretched pixels": not said.is_square,
    }
    return replace(
        stream,
        profile=said.profile,
        level=said.level,
        width=said.width,
        height=said.height,
        features=tuple(name for name, has in features.items() if has),
    )


def _mpeg4(walk: RecordingWalk, track: _Track, stream: StreamFacts) -> StreamFacts:
    coding = track.entry["esds"]
    setup, behind = coding.rest[:-3], coding.rest[-3:]
    walk.hold(coding, size=len(setup), decoder_size=15 + len(setup), stream_size=23 + len(setup))
    walk.tell("" if behind == b"\6\1\2" else "bytes lie behind the setup of its pictures")
    pictures = Mpeg4Walk(setup)
    _hold_keys(walk, track, [pictures.add(data) for data in track.samples(walk)])
    stream = pictures.facts(stream)
    walk.tell(pictures.problem)
    walk.hold(track.entry, width=stream.width, height=stream.height)
    return stream


def _hold_keys(walk: RecordingWalk, track: _Track, are_keys: list[bool]) -> None:
    """Hold the table of key pictures against those that are; where it is missing, all are."""
    keys = array("I", (number for number, is_key in enumerate(are_keys, 1) if is_key))
    tables = track.box["mdia/minf/stbl"].all("stss")
    told = tables[0].rows if tables else array("I", range(1, len(track.sizes) + 1))
    if told != keys or any(one.number("entries") != len(one.rows) for one in tables):
        walk.tell("it names other pictures to begin at than there are")


def _aac(walk: RecordingWalk, track: _Track, stream: StreamFacts) -> StreamFacts:
    coding = track.entry["esds"]
    config = coding.number("config")
    rate, channels = config >> 7 & 15, config >> 3 & 15
    if config >> 11 != _AAC_LC or rate >= len(_AAC_RATES) or channels not in (1, 2) or config & 7:
        raise DamageError("its sound is no AAC-LC of one or two channels")
    walk.hold(track.entry, channels=channels, rate=_AAC_RATES[rate] << 16)
    walk.hold(track.box["mdia/mdhd"], scale=_AAC_RATES[rate])
    walk.hold(track.box["mdia/minf/stbl/stts"], each=_AAC_SAMPLES)
    mean = round(Fraction(8 * sum(track.sizes) * _AAC_RATES[rate], len(track.sizes) * _AAC_SAMPLES))
    walk.hold(coding, most=mean, mean=mean)
    for data in track.samples(walk):
        walk.tell(_beside_sound(data, channels))
    return replace(stream, rate=_AAC_RATES[rate], channels=channels)


def _beside_sound(data: bytes, channels: int) -> str:
    """Return what is wrong with the size, the beginning and the end of a frame of AAC (ISO 14496-3, 4.4.2.1).

    "" for nothing. What stands between the two is not read.
    """
    if not data or data[0] >> 1 != (channels - 1) << 4:
        return "a frame of its sound begins with something else than sound"
    if len(data) > _AAC_FRAME_BYTES * channels:
        return "a frame of its sound is longer than sound can be"
    end = int.from_bytes(data[-2:], "big")
    zeros = (end & -end).bit_length() - 1
    return "" if end and zeros < 8 and end >> zeros & 7 == 7 else "bytes follow the end of a frame of its sound"


def _hold_head(walk: RecordingWalk, moov: ContainerPart, tracks: list[_Track]) -> None:
    """Hold the numbers of each stream, and of the whole film, against what its samples are."""
    lengths = []
    for number, (track, stream) in enumerate(zip(tracks, walk.streams, strict=True), 1):
        head, media = track.box["tkhd"], track.box["mdia/mdhd"]
        each = track.box["mdia/minf/stbl/stts"].number("each")
        edits = [edit["elst"] for edit in track.box.all("edts")]
        skipped = sum(edit.number("start") for edit in edits)
        if skipped > _MOST_PRIMING or (edits and not stream.is_sound):
            walk.tell("it leaves out a part of what it holds")
        scale = media.number("scale")
        length = round((len(track.sizes) * each - skipped) * _UNITS / scale)
        # Of the last frame of sound a part may be left out too, so that it is as long as the pictures.
        shortest = length - each * _UNITS // scale
        length = next((one for edit in edits if shortest <= (one := edit.number("duration")) <= length), length)
        lengths.append(length)
        walk.hold(media, duration=len(track.sizes) * each)
        walk.hold(head, number=number, duration=length, volume=0x100 * stream.is_sound)
        walk.hold(head, width=stream.width << 16, height=stream.height << 16)
        for edit in edits:
            walk.hold(edit, duration=length)
    walk.hold(moov["mvhd"], next=len(tracks) + 1, duration=max(lengths))


_READERS = {"avc1": _h264, "mp4v": _mpeg4, "mp4a": _aac}
