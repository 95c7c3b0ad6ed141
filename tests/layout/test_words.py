"""The interface words: every language says everything, and fills in the same blanks."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from packager.layout.interface_words import Words, direction_in
from packager.model import Direction
from packager.output import templates
from packager.text.spelling import is_right_to_left

FILES = sorted((templates.folder() / "words").glob("*.toml"))
# How long a button or a heading may get before it no longer fits beside its neighbours on a phone.
LONGEST_LABEL = 24
LABELS = (
    *("previous", "next", "all_works", "find", "contents", "notes", "end"),
    *("fit_width", "fit_height", "fit_original", "two_pages", "help"),
)


def table(path: Path) -> dict[str, str]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def blanks(text: str) -> list[str]:
    return sorted(re.findall(r"{[^}]*}", text))


def test_readers_of_eight_languages_are_spoken_to_in_their_own() -> None:
    """The languages that are promised have words."""
    assert {"ar", "en", "es", "fr", "ja", "ko", "ru", "zh"} <= {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_has_every_word(path: Path) -> None:
    """No key is missing, none is left over, none is empty, and blanks are those of the English words."""
    words, english = table(path), table(path.with_name("en.toml"))
    assert set(words) == {field.name for field in fields(Words)} - {"language"}
    for key, text in words.items():
        assert text.strip() == text != "", key
        assert blanks(text) == blanks(english[key]), key


@pytest.mark.parametrize("language", ["ar", "arz", "ckb", "fa-AF", "he", "iw", "prs", "ur"])
def test_text_runs_in_the_direction_in_which_pages_turn(language: str) -> None:
    """Also in languages that have no interface words, as Egyptian Arabic and Dari; English runs from the left."""
    assert is_right_to_left(language)
    assert not is_right_to_left("en")
    assert direction_in(language, {}) is Direction.RTL
    assert direction_in("en", {}) is Direction.LTR


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_labels_are_short(path: Path) -> None:
    """What stands on a button fits a phone."""
    words = table(path)
    assert [key for key in LABELS if len(words[key]) > LONGEST_LABEL] == []
