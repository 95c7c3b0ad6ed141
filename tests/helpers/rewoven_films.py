"""Pictures of films as they are coded, changed, and woven into a container again that knows of the change."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from packager.film.avi import write_avi
from packager.film.mp4 import write_mp4
from packager.film.streams import H264Parameters, H264Samples, Mpeg4Samples
from packager.film.track import PictureTrack, Track
from tests.helpers import films
from tests.helpers.planted_films import WORDS

Kind = Literal["mp4", "avi"]
_OPTIONS = {
    "mp4": "-c:v libx264 -profile:v baseline -level 3.0 -b:v 200k -maxrate 300k -bufsize 300k -g 25",
    "avi": "-c:v mpeg4 -profile:v 0 -level 3 -b:v 400k -g 25",
}
_START, _PICTURE, _GROUP = b"\0\0\1", b"\0\0\1\xb6", b"\0\0\1\xb3"
_FORGED_NUMBER = 5  # of a picture that is changed; it is no key


@dataclass(frozen=True)
class Coded:
    """The pictures of two seconds of film, those at which a player can begin, and what they need to be known."""

    kind: Kind
    samples: tuple[bytes, ...]
    keys: tuple[int, ...]
    setup: H264Parameters | bytes
    rate: Fraction = Fraction(25)

    def woven(self) -> bytes:
        """The film without sound."""
        with TemporaryDirectory() as name:
            bare, film = Path(name, "bare"), Path(name, "film")
            bare.write_bytes(b"".join(self.samples))
            track = Track(bare, self.rate, array("I", map(len, self.samples)), array("I", self.keys))
            (write_avi if self.kind == "avi" else write_mp4)(film, PictureTrack(track, 160, 128, self.setup), None)
            return film.read_bytes()


@cache
def coded(kind: Kind, options: str = "") -> Coded:
    """What an encoder makes with further options."""
    with TemporaryDirectory() as name:
        source = films.made(
            Path(name, "film.mkv"), *_OPTIONS[kind].split(), *options.split(), seconds=2, size="160x128"
        )
        form = ("h264",) if kind == "mp4" else ("m4v", "-bsf:v", "dump_extra")
        bare = films.run("-i", str(source), "-map", "0:v", "-c", "copy", "-f", *form, "pipe:1")
    found = H264Samples([bare]) if kind == "mp4" else Mpeg4Samples([bare], has_setup=True)
    samples = list(found)
    keys = tuple(number for number, one in enumerate(samples) if one.is_key)
    assert found.setup
    return Coded(kind, tuple(one.data for one in samples), keys, found.setup)


Change = Callable[[Coded], Coded]


def _one(change: Callable[[bytes], bytes], number: int = _FORGED_NUMBER) -> Change:
    """Do something to one picture."""

    def changed(film: Coded) -> Coded:
        samples = list(film.samples)
        samples[number] = change(samples[number])
        return replace(film, samples=tuple(samples))

    return changed


def _unit(change: Callable[[bytes], bytes]) -> Change:
    """Do something to the unit of a picture of H.264."""

    def changed(sample: bytes) -> bytes:
        unit = change(sample[4:])
        return len(unit).to_bytes(4, "big") + unit

    return _one(changed)


def _set(film: Coded, which: str, change: Callable[[str], str]) -> Coded:
    """Do something to the bits of a set of parameters, behind its head and before its end."""
    assert isinstance(film.setup, H264Parameters)
    unit, head = getattr(film.setup, which), 4 if which == "sequence" else 1
    bits = "".join(f"{byte:08b}" for byte in unit[head:].replace(b"\0\0\3", b"\0\0"))
    made = change(bits[: bits.rindex("1")]) + "1"
    made += "0" * (-len(made) % 8)
    return replace(
        film, setup=replace(film.setup, **{which: unit[:head] + int(made, 2).to_bytes(len(made) // 8, "big")})
    )


def _without(number: int) -> Change:
    def changed(film: Coded) -> Coded:
        samples = (*film.samples[:number], *film.samples[number + 1 :])
        return replace(film, samples=samples, keys=tuple(key - (key > number) for key in film.keys))

    return changed


def _before_picture(new: bytes, number: int = 0) -> Change:
    return _one(lambda sample: sample.replace(_PICTURE, new + _PICTURE), number)


def _uncoded(sample: bytes) -> bytes:
    """A picture that is not coded, with words in the place of codes: kind 1, no second passed, its time."""
    bits = f"0101{_FORGED_NUMBER:05b}10" + "01111"
    return _PICTURE + int(bits, 2).to_bytes(2, "big") + WORDS


# What it is -> how it is planted in pictures; players show the film all the same, and say nothing of it.
H264: dict[str, Change] = {
    "words behind a start in a slice": _unit(lambda unit: unit + _START + WORDS),
    "zeros behind a slice": _unit(lambda unit: unit + bytes(5)),
    "words of zeros behind a slice": _unit(lambda unit: unit + b"\0\0\3" * 3),
    "escape that stands for nothing": _unit(lambda unit: unit + b"\0\0\3" + WORDS),
    "picture that is empty": _one(lambda _: b""),
    "slice twice": _one(lambda sample: sample + sample),
    "unit of another kind": _one(lambda sample: len(WORDS).to_bytes(4, "big") + b"\x0d" + WORDS[1:] + sample),
    "rank of its own": _unit(lambda unit: bytes((unit[0] ^ 0x20,)) + unit[1:]),
    "picture that is missing": _without(_FORGED_NUMBER),
    "bits behind the parameters of a picture": lambda film: _set(film, "picture", lambda bits: f"{bits}0110"),
    "bits behind those of the film": lambda film: _set(film, "sequence", lambda bits: f"{bits}0110"),
    "rate that is none": lambda film: replace(film, rate=Fraction(24)),
    "buffer of a sender": lambda _: coded("mp4", "-x264-params nal-hrd=cbr"),
    "arithmetic codes": lambda _: coded("mp4", "-profile:v main -bf 0"),
    "flags that mean nothing": lambda film: replace(
        film,
        setup=replace(film.setup, sequence=film.setup.sequence[:2] + b"\xc7" + film.setup.sequence[3:]),  # type: ignore[union-attr,type-var]
    ),
}
# With slices that have not changed with them players show nothing.
SETS: dict[str, Change] = {
    "pictures a second time": lambda film: _set(film, "picture", lambda bits: f"{bits[:-1]}1"),
    "another number of its own": lambda film: _set(film, "sequence", lambda bits: f"010{bits[1:]}"),
}
MPEG4: dict[str, Change] = {
    "clock of a camera": _before_picture(_GROUP + (0x0F2_5C0 << 2 | 7).to_bytes(3, "big"), 0),
    "clock twice": _one(lambda sample: sample.replace(_GROUP, _GROUP + b"\0\x10\7" + _GROUP, 1), 0),
    "clock before a picture that is no key": _before_picture(_GROUP + b"\0\x10\7", _FORGED_NUMBER),
    "objects of no film": _before_picture(b"\0\0\1\5" + b"\0\0\1\6", 0),
    "video that is described again": _before_picture(b"\0\0\1\xb5me", 0),
    "headers before a picture that is no key": lambda film: _before_picture(film.setup, _FORGED_NUMBER)(film),  # type: ignore[arg-type]
    "words behind a picture that is not coded": _one(_uncoded),
    "picture that is empty": _one(lambda _: b""),
    "picture that is missing": _without(_FORGED_NUMBER),
    "rate that is none": lambda film: replace(film, rate=Fraction(24)),
}
# Of this a decoder alone knows.
BEHIND = _one(lambda sample: sample + b"me")
