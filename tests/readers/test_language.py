"""The language of a text is told by its script, its letters and its words, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.model import Outcome
from packager.readers.language import guess, language_called, script_doubt
from packager.sandbox.pool import Workers
from tests.helpers.builders import write
from tests.helpers.languages import TEXTS
from tests.helpers.reading import read_bundle


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_told_from_its_neighbours(language: str) -> None:
    """Of a text of four sentences."""
    assert guess(TEXTS[language]) == language


NEIGHBOURS = {
    "Danish": "Båden er på floden, og ingen ved, hvor den sejler hen. Vi har lavet den af papir, men den kan flyde.",
    "Indonesian": "Perahu itu ada di sungai dan tidak ada yang tahu ke mana. Kami sudah membuat itu dari kertas.",
    "Croatian": "Brod je na rijeci i nitko ne zna kamo ide. Napravili smo ga od papira, ali može plivati.",
    "Zulu": "Isikebhe sisemfuleni futhi akekho owaziyo ukuthi siya kuphi. Sisenze ngephepha kodwa siyantanta.",
    "Luganda": "Eryato liri ku mugga era tewali amanyi gye ligenda. Twalikola mu lupapula naye lisobola okuwuga.",
    "Tswana": "Mokoro o mo nokeng mme ga go na ope yo o itseng gore o ya kae.",
    "Yakut": "Оҥочо өрүскэ турар, ханна барарын ким да билбэт. Биһиги кинини кумааҕынан оҥорбуппут.",
    "no language": "Lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor incididunt labore.",
    "places": "Quay B: Saturday, eight. Deck B: ten. Box B: noon.",
    "names": "Kim Haneul, Min Lee, Garcia Lopez, Müller, Novák, O'Brien, Sørensen",
}
POSSIBLE = {"Danish": "da", "Indonesian": "id", "Croatian": "hr"}


@pytest.mark.parametrize("language", NEIGHBOURS)
def test_no_language_is_better_than_a_wrong_one(language: str) -> None:
    """What two neighbours may share, and what is in none of those that are known."""
    assert guess(NEIGHBOURS[language]) in ("und", POSSIBLE.get(language))


@pytest.mark.parametrize(
    ("text", "language"),
    [("ko", "ko"), ("pt_BR", "pt-BR"), ("German", "de"), ("en_US.UTF-8", "en-US"), ("Klingon", ""), ("", "")],
)
def test_a_language_is_known_by_its_tag_or_its_name(text: str, language: str) -> None:
    """In English."""
    assert language_called(text) == language


@pytest.mark.parametrize(
    ("tag", "text", "letters"),
    [
        ("ru", TEXTS["en"], "Latin"),
        ("en", TEXTS["ru"], "Cyrillic"),
        ("ko", TEXTS["en"], "Latin"),
        ("ja", TEXTS["ar"], "Arabic"),
        ("fr", "종이배를 접어 강에 띄웠다. " * 12, "Korean"),
        ("ko", ("종이배 " + TEXTS["en"][:25]) * 9, ""),
        ("ja", "東京", ""),
        ("zh-Hant", "東京", ""),
        ("uk", TEXTS["ru"], ""),
        ("sr", TEXTS["en"], ""),
        ("sr-Latn", TEXTS["en"], ""),
        ("ru-Latn", "Lodka na reke " * 9, ""),
        ("tlh", TEXTS["en"], ""),
        ("ru", "1234", ""),
        ("ru", "A few words.", ""),
    ],
)
def test_a_tag_is_held_against_the_letters(tag: str, text: str, letters: str) -> None:
    """Where a language is written in one script, and the text hardly has a letter of it."""
    assert script_doubt(tag, text) == letters


def test_a_language_that_cannot_be_is_told(tmp_path: Path, workers: Workers) -> None:
    """The name said it, and the letters are others."""
    write(tmp_path / "articles" / "boats.ru.txt", f"Boats\n\n{TEXTS['en']}\n")
    remarks = read_bundle(tmp_path, workers).remarks
    (remark,) = (remark for remark in remarks if remark.outcome is Outcome.WARNING)
    assert remark.message == "said to be in Russian (ru), and its letters are Latin: is that right? (`language`)"
