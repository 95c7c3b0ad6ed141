"""One spelling for what people and systems write in several: texts, language tags, names of files."""

from __future__ import annotations

import re
import unicodedata

UNDETERMINED = "und"  # ISO 639-2: the language is not known
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?([-_]([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
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


def language_of_country(tag: str) -> str:
    """The language that was meant by a tag that begins with a country's code; "" for any other tag."""
    return _LANGUAGES_OF_COUNTRIES.get(tag.partition("-")[0], "")


def language_tag(tag: str) -> str:
    """`tag` written as BCP 47 recommends (`ko`, `zh-Hant`, `pt-BR`); "" where it is not well-formed or says nothing."""
    tag = tag.strip()
    if not _LANGUAGE.fullmatch(tag) or tag.lower() == UNDETERMINED:
        return ""
    first, *others = re.split("[-_]", tag)
    cases = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cases.get(len(part), str.lower)(part) for part in others)])


def plain_name(text: str, longest: int) -> str:
    """`text` in Latin letters as a name of `[a-z0-9_-]`, at most `longest` characters; "" when nothing is left."""
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9_]+", "-", anyascii(text).lower())[:longest].strip("-_")


def normal(name: str) -> str:
    """A name in Unicode's composed form: Korean typed on a Mac arrives as single letters. Spaces at its ends stay."""
    return unicodedata.normalize("NFC", name)
