"""Languages: which one a name says or a text is written in, and what each is called in English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from packager.text.spelling import language_tag

UNKNOWN = "und"

# ISO 639-1, and the three-letter codes of languages that have none and that people read comics in.
_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg
    ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta
    te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    arz ast ceb ckb cmn fil haw hmn kmr prs tet wuu yue
"""

_TAG = re.compile(r"([a-z]{2,3})([-_](hans|hant|latn|cyrl|arab))?([-_]([a-z]{2}|[0-9]{3}))?")

# The letters of a script, and the language that most texts in it are in. Han is Japanese where Kana stands beside it.
_SCRIPTS = {
    "ko": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "ja": re.compile("[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile("[\u0400-\u052f]"),
    "ar": re.compile("[\u0620-\u064a\u0671-\u06d3]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "th": re.compile("[\u0e01-\u0e3a]"),
    "hi": re.compile("[\u0904-\u0939]"),
    "": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}

# Letters that tell the neighbours of a script's first language from it.
_TELLING_LETTERS = {"ru": ("uk", re.compile("[іїєґІЇЄҐ]")), "ar": ("fa", re.compile("[پچژگ]"))}

_FREQUENT_WORDS = {
    "en": "the and of to in is that it was for with he she you are this not have from they",
    "fr": "le la les des et est une un dans que qui pour pas sur du au avec ce il elle vous",
    "es": "el la los las y de que en un una es por con para no se del lo su más",
    "de": "der die das und ist nicht ein eine zu den mit von auf für sich es dem im wir ich",
    "pt": "o a os as e de que em um uma não para com se do da no na por mais",
    "it": "il la lo gli e di che in un una non per con si del della è sono i le",
    "vi": "và của là không có một được người cho trong những các với này tôi đã để khi",
    "id": "dan yang di itu dengan untuk tidak dari dalam ini ke akan pada saya adalah",
}

_NAMES = {
    "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bo": "Tibetan", "ca": "Catalan", "ckb": "Sorani", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fil": "Filipino", "fr": "French", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "ko": "Korean",
    "kr": "Kanuri", "ku": "Kurdish", "ky": "Kyrgyz", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "my": "Burmese", "nb": "Norwegian",
    "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish",
    "prs": "Dari", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sd": "Sindhi",
    "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai", "ti": "Tigrinya",
    "tk": "Turkmen", "tr": "Turkish", "tw": "Twi", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese", "yi": "Yiddish", "yo": "Yoruba", "yue": "Cantonese", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip

_ENOUGH = 100_000  # characters; more do not change the answer


def known_language(word: str) -> str:
    """Return the tag that a folder's or a file's name says, as in `ko`, `zh-Hant`; "" where it names no language.

    Stricter than BCP 47, in which `my-comic` would be a variant of Burmese.
    """
    match = _TAG.fullmatch(word.lower())
    return language_tag(word) if match and match[1] in _CODES.split() else ""


def split_language(stem: str) -> tuple[str, str]:
    """`window.ko` -> (`window`, `ko`); a stem without a language is returned whole, with ""."""
    base, dot, word = stem.rpartition(".")
    language = known_language(word) if dot and base else ""
    return (base, language) if language else (stem, "")


def guess(text: str) -> str:
    """Return the language of `text` by its script, of Latin letters by frequent words; "und" where neither tells."""
    return guess_by_script(text) or _guess_by_words(text[:_ENOUGH])


def guess_by_script(text: str) -> str:
    """Return the language that most texts in the script of `text` are in; "" for Latin letters and for none."""
    text = text[:_ENOUGH]
    counts = {language: len(letters.findall(text)) for language, letters in _SCRIPTS.items()}
    if counts["ja"] * 20 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    language = max(counts, key=lambda candidate: counts[candidate])
    if language in _TELLING_LETTERS:
        neighbour, letters = _TELLING_LETTERS[language]
        return neighbour if letters.search(text) else language
    return language if counts[language] else ""


def language_name(tag: str) -> str:
    """`ko` -> `Korean (ko)`, `zh-Hant` -> `Chinese (zh-Hant)`; the tag in backticks where the name is not known."""
    if tag == UNKNOWN:
        return "an unknown language"
    name = _NAMES.get(tag.partition("-")[0])
    return f"{name} ({tag})" if name else f"`{tag}`"


def same_language(one: str, other: str) -> bool:
    """Whether two tags share their primary language."""
    return one.partition("-")[0] == other.partition("-")[0]


def prefer(available: Iterable[str], wanted: Iterable[str]) -> str:
    """Return the first of `available` that `wanted` asks for, in the order of `wanted`, else the first; "" of none."""
    tags = list(available)
    matches = (tag for wish in wanted for tag in tags if same_language(tag, wish))
    return next(matches, tags[0] if tags else "")


def _guess_by_words(text: str) -> str:
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    hits = {language: sum(words[word] for word in frequent.split()) for language, frequent in _FREQUENT_WORDS.items()}
    (first, most), (_, second) = sorted(hits.items(), key=lambda hit: -hit[1])[:2]
    return first if most >= 2 and most > second else UNKNOWN
