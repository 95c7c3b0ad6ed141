"""The numbers of lists, in the letters and signs that people count with."""

from __future__ import annotations

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
_ROMAN = tuple(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True)
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
# By the names of Word (ECMA-376, part 1, 17.18.59).
_ROMAN_OF_WORD = {"lowerRoman": "lower-roman", "upperRoman": "upper-roman"}
_LETTERS_OF_WORD = {
    "lowerLetter": LETTERS["lower-alpha"],
    "upperLetter": LETTERS["upper-alpha"],
    "ganada": LETTERS["hangul"],
    "chosung": LETTERS["hangul-consonant"],
    "aiueo": "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
    "aiueoFullWidth": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "iroha": "ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳｲﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼｴﾋﾓｾｽ",
    "irohaFullWidth": LETTERS["katakana-iroha"],
    "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ",
    "ideographTraditional": LETTERS["cjk-heavenly-stem"],
    "ideographZodiac": LETTERS["cjk-earthly-branch"],
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "hebrew2": "אבגדהוזחטיכלמנסעפצקרשת",
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), CIRCLED),
}
_COUNTED_BY_WORD = {
    **dict.fromkeys(
        "chineseCounting chineseCountingThousand japaneseCounting ideographDigital japaneseDigitalTenThousand "
        "taiwaneseCounting taiwaneseCountingThousand koreanDigital2".split(),
        (_KANJI, "十", "百"),
    ),
    **dict.fromkeys("koreanDigital koreanCounting koreanLegal".split(), ("영일이삼사오육칠팔구", "십", "백")),
}
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


def written_by_word(number: int, form: str) -> str:
    """Return a number as Word writes it in a form of its (ECMA-376, part 1, 17.18.59); as digits in others."""
    if number < 1:
        return str(number)
    if form == "decimalZero":
        return f"{number:02}"
    if letters := _LETTERS_OF_WORD.get(form):
        # A letter is written twice in the second round, three times in the third.
        return letters[(number - 1) % len(letters)] * min((number - 1) // len(letters) + 1, 9)
    if form in _ROMAN_OF_WORD:
        return numeral(number, _ROMAN_OF_WORD[form])
    if form in _COUNTED_BY_WORD and number < 1_000:
        return _counted(number, *_COUNTED_BY_WORD[form])
    return str(number)


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


def _counted(number: int, digits: str, ten: str, hundred: str) -> str:
    words = ""
    for worth, name in ((100, hundred), (10, ten)):
        count, number = divmod(number, worth)
        words += (digits[count] if count > 1 else "") + name if count else ""
    return words + (digits[number] if number else "")


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
