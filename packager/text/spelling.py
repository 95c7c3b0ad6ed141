"""One reading for what people and systems write in several ways: texts, language tags, names of files, sizes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from html import unescape

from packager.text.terminal import clean

UNDETERMINED = "und"  # ISO 639-2: the language is not known
WORDLESS = "zxx"  # ISO 639-2: there is no language in it
# Control characters, direction overrides, and what stands for the bytes of a name that is no text.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]+")
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?([-_]([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
# Scripts of languages of today and variants that texts come in, from IANA's Language Subtag Registry. Others tell a
# browser nothing, and may be words.
_SCRIPTS_AND_VARIANTS = frozenset(
    """
    adlm arab armn bali batk beng bopo brai bugi cakm cans cham cher copt cyrl deva ethi geor goth grek gujr guru hang
    hani hans hant hebr hira java jpan kana khmr knda kore lana laoo latn lepc limb lisu mlym mong mtei mymr newa nkoo
    olck orya rohg sinh sund syrc tale talu taml tavt telu tfng thaa thai tibt vaii yiii
    1901 1994 1996 abl1943 alalc97 aluku ao1990 arevela arevmda baku1926 bohoric boont colb1945 cornu dajnko ekavsk
    fonipa hepburn hognorsk ijekavsk jauer jyutping kkcor kscor lipaw luna1918 metelko monoton ndyuka nedis njiva osojs
    oxendict pamaka petr1708 pinyin polyton rozaj scotland scouse simple solba sotav tarask uccor ucrcor ulster unifon
    vaidika valencia wadegile
    """.split()
)

# Codes of ISO 639-2, for the terminology and for libraries, of languages that have one of two letters.
_SHORTER = dict(
    pair.split(":")
    for pair in """
    ara:ar ben:bn bul:bg cat:ca ces:cs chi:zh cze:cs dan:da deu:de dut:nl ell:el eng:en est:et fas:fa fin:fi
    fra:fr fre:fr ger:de gre:el heb:he hin:hi hrv:hr hun:hu ind:id ita:it jpn:ja khm:km kor:ko lao:lo lav:lv
    lit:lt may:ms mon:mn msa:ms mya:my bur:my nld:nl nor:no per:fa pol:pl por:pt ron:ro rum:ro rus:ru slk:sk
    slo:sk slv:sl spa:es srp:sr swe:sv tha:th tur:tr ukr:uk urd:ur vie:vi zho:zh
    """.split()
)

# Codes of countries that are taken for their language's, which ISO 639-1 writes differently. Those that another living
# language has (`se`, `br`, `tw`, `uk`) are not among them; `kr` is Kanuri's, which `kau` says without a doubt.
_LANGUAGES_OF_COUNTRIES = {
    "by": "be",
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "gb": "en",
    "gr": "el",
    "hk": "zh-Hant",
    "il": "he",
    "ir": "fa",
    "jp": "ja",
    "kr": "ko",
    "ua": "uk",
    "us": "en",
    "vn": "vi",
}

# Languages whose letters run from the right, and whose books turn their pages to the right.
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "arz", "ckb", "dv", "fa", "he", "iw", "prs", "ps", "sd", "ug", "ur", "yi"))
_TAG = re.compile(
    r"</?(?:p|div|br|hr|b|i|u|em|strong|span|a|h[1-6]|ul|ol|li|blockquote)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_BREAK = re.compile(r"</?(?:p|div|br|hr|h[1-6]|li|blockquote)(?:\s[^<>]*)?/?>", re.IGNORECASE)


def language_of_country(tag: str) -> str:
    """The language that was meant by a tag that begins with a country's code; "" for any other tag."""
    return _LANGUAGES_OF_COUNTRIES.get(tag.partition("-")[0], "")


def without_tags(text: str) -> str:
    """Return what is left of a text that may be one of a web page: its words, each paragraph a line of its own."""
    if not _TAG.search(text):
        return text
    words = clean(unescape(_TAG.sub("", _BREAK.sub("\n", text))))
    return "\n".join(filter(None, (" ".join(line.split()) for line in words.splitlines())))


def language_tag(tag: str) -> str:
    """`tag` written as BCP 47 recommends (`ko`, `zh-Hant`, `pt-BR`); "" where it is not well-formed or says nothing.

    Scripts and variants that are not known are left out.
    """
    tag = tag.strip()
    if not _LANGUAGE.fullmatch(tag) or tag.lower() == UNDETERMINED:
        return ""
    first, *others = re.split("[-_]", tag)
    cases = {2: str.upper, 4: str.title}
    first = _SHORTER.get(first.lower(), first.lower())
    told = [part for part in others if len(part) < 4 or part.lower() in _SCRIPTS_AND_VARIANTS]
    return "-".join([first, *dict.fromkeys(cases.get(len(part), str.lower)(part) for part in told)])


def is_right_to_left(language: str) -> bool:
    """Return whether the letters of a language, by its tag, run from the right; so do the pages of its books."""
    return language.partition("-")[0].lower() in _RIGHT_TO_LEFT


def plain_name(text: str, longest: int) -> str:
    """`text` in Latin letters as a name of `[a-z0-9_-]`, at most `longest` characters; "" when nothing is left."""
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9_]+", "-", anyascii(text).lower())[:longest].strip("-_")


def unused_name(name: str, used: Collection[str], longest: int) -> str:
    """Return `name`, with a number behind it where it is used; capital letters make no difference."""
    folded = {other.casefold() for other in used}
    candidate, number = name, 1
    while candidate.casefold() in folded:
        number += 1
        candidate = f"{name[: longest - len(str(number)) - 1]}-{number}"
    return candidate


def normal(name: str) -> str:
    """A name in Unicode's composed form: Korean typed on a Mac arrives as single letters. Spaces at its ends stay."""
    return unicodedata.normalize("NFC", name)


def title_of_name(name: str) -> str:
    """`01_the_window` -> `01 the window`; leading numbers stay, unprintable characters are replaced by U+FFFD."""
    return clean(_UNPRINTABLE.sub("\ufffd", " ".join(name.replace("_", " ").split())))


def joined_titles(names: Iterable[str]) -> str:
    """`Vol 1`, `Chapter_2` -> `Vol 1 · Chapter 2`: folders in one another as one title, each name once."""
    return " · ".join(dict.fromkeys(filter(None, map(title_of_name, names))))


def shortened(text: str, longest: int = 60) -> str:
    """Return `text`, cut at a word's end and with an ellipsis where it has more than `longest` letters."""
    if len(text) <= longest:
        return text
    cut = text[: longest + 1]
    # Scripts without spaces may be cut anywhere.
    return f"{cut.rpartition(' ')[0] or cut[:longest]} …"


def first_of(names: Sequence[str], most: int, *, parted_by: str = ", ") -> str:
    """Return the first of some names, `most` at the most, and how many more there are: `a, b and 3 more`."""
    more = len(names) - most
    return parted_by.join(names[:most]) + (f" and {more} more" if more > 0 else "")


def size(size_bytes: int) -> str:
    """Return bytes as people say them, decimal."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size_bytes >= step:
            number = size_bytes / step
            return f"{number:.0f} {unit}" if number >= 100 else f"{number:.1f} {unit}"
    return f"{size_bytes} bytes"


_UNITS = {"B": 1} | {
    f"{letter}{suffix}": base**power
    for power, letter in enumerate("KMGT", start=1)
    for suffix, base in (("", 1000), ("B", 1000), ("IB", 1024))
}


def size_in_bytes(size: str) -> int | None:
    """The bytes that `500MB`, `500M`, `1.5 GiB` or `4000000` mean, only those with an i binary; None for else."""
    match = re.fullmatch(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([A-Za-z]*)\s*", size, re.ASCII)
    unit = _UNITS.get((match[2] or "B").upper()) if match else None
    return int(Fraction(match[1]) * unit) if match and unit else None


def size_words(size_bytes: int) -> str:
    """The shortest way to write exactly that many bytes, as `size_in_bytes` reads it; "" for none."""
    units = {name.replace("I", "i"): unit for name, unit in _UNITS.items() if name.endswith("B")}
    exact = [f"{size_bytes // unit}{name}" for name, unit in units.items() if size_bytes % unit == 0]
    return min(exact, key=len) if size_bytes else ""
