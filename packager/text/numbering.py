"""The numbers of lists, in the letters and signs that people count with."""

from __future__ import annotations

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MOST_ROMAN = 3999
_KANJI, _TENS = "〇一二三四五六七八九", ("", "十", "百", "千")
CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))

# Counted as letters are, the first again with a second one after the last; a name is one of CSS
# (https://www.w3.org/TR/predefined-counter-styles/).
LETTERS = {
    "lower-alpha": _LATIN,
    "upper-alpha": _LATIN.upper(),
    "lower-greek": _GREEK,
    "hangul": "가나다라마바사아자차카타파하",
    "hangul-consonant": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "hiragana": "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをん",
    "katakana": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲン",
    "hiragana-iroha": "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやまけふこえてあさきゆめみしゑひもせす",
    "katakana-iroha": "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス",
    "cjk-heavenly-stem": "甲乙丙丁戊己庚辛壬癸",
    "cjk-earthly-branch": "子丑寅卯辰巳午未申酉戌亥",
}
_DIGITS = {
    "cjk-decimal": _KANJI,
    "arabic-indic": "٠١٢٣٤٥٦٧٨٩",
    "persian": "۰۱۲۳۴۵۶۷۸۹",
    "devanagari": "०१२३४५६७८९",
    "bengali": "০১২৩৪৫৬৭৮৯",
    "thai": "๐๑๒๓๔๕๖๗๘๙",
    "lao": "໐໑໒໓໔໕໖໗໘໙",
    "khmer": "០១២៣៤៥៦៧៨៩",
    "myanmar": "၀၁၂၃၄၅၆၇၈၉",
}
_ALIASES = {
    "lower-latin": "lower-alpha",
    "upper-latin": "upper-alpha",
    **dict.fromkeys(("simp-chinese-informal", "trad-chinese-informal", "japanese-informal"), "cjk-ideographic"),
    "korean-hanja-informal": "cjk-ideographic",
}
_OTHERS = ("decimal", "decimal-leading-zero", "lower-roman", "upper-roman", "cjk-ideographic")
STYLES = frozenset((*LETTERS, *_DIGITS, *_ALIASES, *_OTHERS))
"""The names of CSS for all styles of numbers that are known here."""


def numeral(number: int, style: str) -> str:
    """Return a number in a style that CSS names, or "circled"; in common digits where the style does not reach it."""
    style = _ALIASES.get(style, style)
    written = ""
    if number > 0 and style in LETTERS:
        written = _lettered(number, LETTERS[style])
    elif number >= 0 and style in _DIGITS:
        written = "".join(_DIGITS[style][int(digit)] for digit in str(number))
    elif style in ("lower-roman", "upper-roman"):
        written = _roman(number) if style == "lower-roman" else _roman(number).upper()
    elif style == "cjk-ideographic":
        written = _ideographic(number)
    elif style == "circled":
        written = CIRCLED[number - 1 : number] if number > 0 else ""
    elif style == "decimal-leading-zero":
        written = f"{number:02}"
    return written or str(number)


def marker(number: int, style: str) -> str:
    """Return what stands before an item with this number: `3.`, `c.`, `三、`, `③`."""
    written = numeral(number, style)
    if _ALIASES.get(style, style).startswith(("cjk", "hiragana", "katakana")):
        return f"{written}、"
    return written if style == "circled" else f"{written}."


def _lettered(number: int, letters: str) -> str:
    written = ""
    while number:
        number, place = divmod(number - 1, len(letters))
        written = letters[place] + written
    return written


def _roman(number: int) -> str:
    if not 0 < number <= _MOST_ROMAN:
        return ""
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written


def _ideographic(number: int) -> str:
    """Up to 9999, as they are written in words: 十二, 二百〇三."""
    if not 0 <= number < 10 ** len(_TENS):
        return ""
    digits = str(number)
    written = ""
    for place, digit in enumerate(map(int, digits)):
        rank = len(digits) - 1 - place
        if digit:
            written += ("" if digit == 1 and rank == 1 and not place else _KANJI[digit]) + _TENS[rank]
        elif not written.endswith(_KANJI[0]):
            written += _KANJI[0]
    return written.rstrip(_KANJI[0]) or _KANJI[0]
