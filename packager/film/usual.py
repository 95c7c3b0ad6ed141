"""Whether pictures of others hold nothing but themselves: no part that players pass over, no clock of a camera.

A decoder shows pictures and says nothing of units that it leaves out, numbers that it does not heed, or pictures that
come twice. So they must be what our own encoder could have made, numbered and timed by their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd
from operator import lt

from packager.film.bits import HeaderBits
from packager.film.sps import SliceForm
from packager.film.vol import Clock

_KEY_SLICE = 5
_KINDS = (0, 2, 5, 7)  # of slices without B, table 7-6
_HEAD_BYTES = 16  # of a slice
# What ends a unit for decoders (H.264, 7.4.1), and escapes that stand for nothing.
_BREAKS = re.compile(rb"\x00\x00[\x00-\x02]|\x00\x00\x03(?![\x00-\x03])")
_GROUP, _PICTURE, _START = b"\0\0\1\xb3", b"\0\0\1\xb6", b"\0\0\1"
_TIME_BYTES = 64  # of a picture's header
_DAY_S = 86_400  # after which the clock of groups begins again


def are_usual_h264(samples: Iterable[bytes], form: SliceForm) -> bool:
    """Whether each sample is slices of one picture, in order, with the numbers of its place (7.3.3)."""
    number = since_key = 0
    ranks: dict[int, int] = {}
    for sample in samples:
        slices = [_slice(unit, form) for unit in _units(sample)]
        firsts = [one[0] for one in slices]
        if not slices or firsts[0] or not all(map(lt, firsts, firsts[1:])) or len({one[1:] for one in slices}) > 1:
            return False
        _, head, own, as_key, place = slices[0]
        is_key = head & 0x1F == _KEY_SLICE
        since_key = 0 if is_key else since_key + 1
        places = [step * since_key % (1 << form.order_bits) for step in (1, 2)]
        expected = 0 if is_key else (number + 1) % (1 << form.number_bits)
        if own != expected or as_key > 1 or place not in places or ranks.setdefault(head & 0x1F, head) != head:
            return False
        number = own if head & 0x60 else number
    return True


def _units(sample: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(sample):
        size = int.from_bytes(sample[at : at + 4], "big")
        yield sample[at + 4 : at + 4 + size]
        at += 4 + size


def _slice(unit: bytes, form: SliceForm) -> tuple[int, int, int, int, int]:
    """Its first block, its first byte, and its picture's numbers: its own, that as a key, its place.

    The first is -1 for one that holds what decoders pass over.
    """
    bits = HeaderBits(unit[1:_HEAD_BYTES].replace(b"\0\0\3", b"\0\0"))
    first, kind, parameters = bits.numbers(3)
    own = bits.take(form.number_bits)
    as_key = bits.number() if unit[0] & 0x1F == _KEY_SLICE else 0
    if kind not in _KINDS or parameters or _BREAKS.search(unit):
        first = -1
    return first, unit[0], own, as_key, bits.take(form.order_bits)


def are_usual_mpeg4(samples: Iterable[bytes], clock: Clock, before_keys: bytes, rate: Fraction) -> bool:
    """Whether each sample is a picture at its time, and before keys the headers and the clock of a group (6.2.4)."""
    each = clock.resolution / rate
    if each.denominator != 1 or gcd(clock.resolution, int(each)) != 1 or clock.each not in (0, each):
        return False
    second = 0
    for place, sample in enumerate(samples):
        head, _, picture = sample.rpartition(_PICTURE)
        is_key = picture[:1] < b"\x40"  # of itself alone
        headers, start, group = head.partition(_GROUP)
        if headers != before_keys * is_key or (start and not is_key) or _START in picture:
            return False
        if start:
            second = int(place / rate) % _DAY_S
            if group != _group(second):
                return False
        second, within = _time(picture, second, clock)
        if within < 0 or (second * clock.resolution + within - place * each) % (_DAY_S * clock.resolution):
            return False
    return True


def _group(second: int) -> bytes:
    """The clock of a group that begins in that second of a film."""
    minutes, seconds = divmod(second, 60)
    return ((minutes // 60 << 13 | minutes % 60 << 7 | 1 << 6 | seconds) << 6 | 7).to_bytes(3, "big")


def _time(picture: bytes, second: int, clock: Clock) -> tuple[int, int]:
    """The second of a picture and its time in it, which is -1 where bytes stand behind one that is not coded."""
    bits = HeaderBits(picture[:_TIME_BYTES])
    bits.take(2)
    while bits.take(1):
        second += 1
    bits.take(1)
    within = bits.take(clock.time_bits)
    bits.take(1)
    is_coded = bits.take(1)
    return second, within if is_coded or (bits.is_stuffed and len(picture) <= _TIME_BYTES) else -1
