"""Bare streams of any bytes are parted into samples, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.film.mp3 import plain_frames
from packager.film.sps import h264_form, is_usual_picture_set
from packager.film.streams import AacSamples, H264Samples, Mpeg4Samples
from packager.film.vol import mpeg4_form

_READERS: dict[str, Callable[[Iterable[bytes]], Iterable[object]]] = {
    "H.264": H264Samples,
    "MPEG-4": lambda pieces: Mpeg4Samples(pieces, has_setup=True),
    "AAC": AacSamples,
    "MP3": plain_frames,
}
# Beginnings of units and frames, so that what follows is looked into.
_UNITS = b"", b"\x67\x42", b"\x68", b"\x65\x80", b"\x41", b"\xb0\x03", b"\x20", b"\xb6"
_FRAMES = b"\xff\xfb\x90\x64", b"\xff\xf3\x40\xc4", b"\xff\xf1\x50\x80\x02", bytes(40)
_MARKS = [*(b"\0\0\1" + unit for unit in _UNITS), *_FRAMES]
_BYTES = st.lists(st.sampled_from(_MARKS) | st.binary(max_size=300), max_size=12)


@pytest.mark.parametrize("reader", _READERS.values(), ids=_READERS)
@given(pieces=_BYTES)
def test_any_bytes_are_samples_or_refused(
    reader: Callable[[Iterable[bytes]], Iterable[object]], pieces: list[bytes]
) -> None:
    """With no other error, and the same however they come."""

    def read(given_: list[bytes]) -> list[object] | str:
        try:
            return [*reader(given_)]
        except SourceError as error:
            return error.what

    whole = b"".join(pieces)
    assert read(pieces) == read([whole]) == read([whole[at : at + 1] for at in range(len(whole))])


@given(data=st.binary(max_size=300) | st.binary(max_size=60).map(lambda data: b"\x67\x42\0\x1e" + data))
def test_any_parameters_are_a_form_or_none(data: bytes) -> None:
    """However they are cut off."""
    setup = b"\0\0\1\xb0\x03\0\0\1\xb5\x89\x13\0\0\1\0\0\0\1\x20"
    for found in (h264_form(data, Fraction(25)), mpeg4_form(data), mpeg4_form(setup + data)):
        assert found is None or 0 <= found[0].level <= 26
    assert is_usual_picture_set(data) in (True, False)
