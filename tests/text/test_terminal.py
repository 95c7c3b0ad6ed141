"""Text from anywhere holds nothing hidden when it has been cleaned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from packager.text.terminal import HIDING, clean

_SIGNS = "a가ع☂\u1820\u2801\u2800\u200b\u200c\u200d\u200f\u202b\u2060\u180b\ufe0f\U000e0041 \n"


@given(st.text(st.sampled_from(_SIGNS), max_size=12))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    """A sign that only another hidden one let stand is hidden, too."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not HIDING.search(cleaned)


@given(st.text(st.characters(max_codepoint=127), max_size=20))
def test_what_is_hidden_among_letters_of_ascii_is_hidden_elsewhere_too(text: str) -> None:
    """A text of ASCII alone, which is read a faster way, comes out as it does beside another letter."""
    assert f"{clean(text)}가" == clean(f"{text}가")
    assert not HIDING.search(clean(text))
