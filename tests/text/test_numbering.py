"""Numbers of lists in the letters and signs that people count with."""

from __future__ import annotations

import pytest

from packager.text.numbering import marker, written_by_word


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        ("decimal", 12, "12."),
        ("decimal-leading-zero", 7, "07."),
        ("lower-alpha", 3, "c."),
        ("upper-latin", 26, "Z."),
        ("lower-alpha", 27, "aa."),
        ("lower-alpha", 702, "zz."),
        ("lower-alpha", 0, "0."),
        ("lower-roman", 4, "iv."),
        ("upper-roman", 1994, "MCMXCIV."),
        ("upper-roman", 4000, "4000."),
        ("upper-roman", -3, "-3."),
        ("hangul", 2, "나."),
        ("hangul-consonant", 14, "ㅎ."),
        ("cjk-ideographic", 10, "十、"),
        ("simp-chinese-informal", 23, "二十三、"),
        ("cjk-ideographic", 110, "一百一十、"),
        ("cjk-ideographic", 203, "二百〇三、"),
        ("cjk-decimal", 10, "一〇、"),
        ("katakana", 3, "ウ、"),
        ("hiragana-iroha", 2, "ろ、"),
        ("cjk-heavenly-stem", 3, "丙、"),
        ("persian", 10, "۱۰."),
        ("circled", 20, "⑳"),
        ("circled", 21, "㉑"),
        ("circled", 50, "㊿"),
        ("circled", 51, "51"),
        ("no such style", 5, "5."),
    ],
)
def test_a_number_is_written_as_its_style_counts(style: str, number: int, expected: str) -> None:
    """Where a style does not reach a number, common digits stand."""
    assert marker(number, style) == expected


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (28, "lowerLetter", "bb"),
        (1994, "upperRoman", "MCMXCIV"),
        (3, "ganada", "다"),
        (2, "chosung", "ㄴ"),
        (12, "japaneseCounting", "十二"),
        (21, "koreanDigital", "이십일"),
        (4, "decimalEnclosedCircle", "④"),
        (5, "decimalZero", "05"),
        (2, "russianUpper", "Б"),
        (0, "upperRoman", "0"),
        (7, "novelty", "7"),
    ],
)
def test_numbers_are_written_in_the_forms_of_word(number: int, form: str, expected: str) -> None:
    """Those that nobody knows yet in digits."""
    assert written_by_word(number, form) == expected
