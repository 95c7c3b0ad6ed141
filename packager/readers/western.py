"""Whether a text is one of Western Europe in cp1252: told by where its letters and signs stand.

Where cp1252 has "è", cp1250 has "č", cp1257 "č" too, the Mac "ë" and cp850 "Þ", and these stand elsewhere in words.
Libraries that count letters are often wrong about a line or two, in which a word may be all that is not English.
"""

from __future__ import annotations

import re

_MOST_ODD = 50  # one letter in so many may stand elsewhere: in a name from another language

_CONSONANT = "[b-df-hj-np-tv-z]"
_PLACES = re.compile(
    rf"""
    \b[àèéóôåøö]\b | [éíóúäöüßôå]\B | \B[éíóúäöüßôå] | \bá\B | \B(?<![ao])á       # "oá" and "aá" are cp850's "oß"
    | à(?=s?\b|quel)                                                              # "voilà", "città", "às", "àquela"
    | \Bè(?=s\b|(?:{_CONSONANT}{{1,3}}|[qg]u)[eé]) | (?:{_CONSONANT}|cio|pi|qu)è\b  # "mère", "après", "caffè", "cioè"
    | (?:[cfghlrsu]|[er]d)ì\b | (?:{_CONSONANT}|[cgh]i|u)ò\b | (?:\bo|i|\bvirt|vent|trib|ges)ù\b
    | (?<!i)ê(?=[tmlvnx]|ch|qu|ss|s\b) | iê(?=nc) | (?<=[rvu])ê(?=p) | \b(?:vo|por|mer)?(?:[a-z]|qu)ê\b
    | (?<=[aeiouy])ë | (?<=[aeouy])ï(?=[eé]|{_CONSONANT}) | î(?=[tnlmrcs]) | â(?=[tcmnlgpbsi])
    | (?<=[oea])û | \bdû | \b[sm]ûr | brûl | flût | bûch | qûr | \bfût\b          # elsewhere it is Hungarian's "ű"
    | ã(?=[oe]) | (?:nh|irm|aç|lem|\b[lfr])ãs?\b | õ(?=e) | ñ(?=[aeiouáéíóú]) | ç(?=[aeiouáâãéêíóôõú]|\b)
    | æ(?={_CONSONANT}) | [rnls]æ(?=\b|e[nrt]?\b) | ø(?={_CONSONANT}|e[nrt]\b) | {_CONSONANT}ø\b | œ(?=u|il)

    | (?<![^\W\d_])[“”«»‹›‘–—¿¡] | [“”«»‹›‘](?![^\W\d_]) | (?<=\S)…(?![^\W\d_]) | (?<!\w)…(?=\w) | [–—](?=[.,;:!?)])
    | „(?=\w[^„]*[“”]) | ‚(?=\w[^‚]*[‘’]) | ’(?![aeiou]\b) | \b(?:[a-z]|qu)’
    | (?<!\w)\xa0 | (?<=\d)\xa0 | \xa0(?=[\d!?:;%»–—]) | (?<=\d)[€°ªº] | (?<=\d[ \xa0])[€°] | [€£](?=[ \xa0]?\d)
    | (?<!\w)[§©•·](?!\w) | (?<!\w)[§©](?=\d) | [®™](?!\w) | l·l | n[°º] | m[²³](?!\w)
    | (?<![^\W\d_])[½¼¾×±](?![^\W\d_])
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Letters and signs of cp1252 where the languages of Western Europe have them."""
_NO_WORDS = re.compile(r"[À-ÿ]{3}|(?<![^\W_])[À-ÿ]{2}(?![^\W_])|[a-zß-ÿ][À-ÞŒ]")
"""What stands in texts of alphabets that are not Latin: words without a letter of ASCII, capitals inside words."""


def is_western(data: bytes) -> bool:
    """Whether `data` is a text in cp1252, with letters that are not in ASCII."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    foreign, odd = (len(part) - len(part.encode("ascii", "ignore")) for part in (text, _PLACES.sub("", text)))
    return odd * _MOST_ODD <= foreign > 0 and len(_NO_WORDS.findall(text)) * _MOST_ODD <= foreign
