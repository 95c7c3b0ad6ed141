"""Encodings that texts come in, each with the letters by which it is known."""

from __future__ import annotations

import string
from dataclasses import dataclass
from enum import Enum, auto


class Script(Enum):
    """How letters lie in bytes and words: several bytes a letter; beside ASCII letters; never in one word with them."""

    WIDE = auto()
    LATIN = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Alphabet:
    """An encoding with the letters `frequent` in its languages.

    Letters that the national standard `standard` puts into the rows `first` to `last`, where it keeps the common ones,
    count too.
    """

    codec: str
    script: Script
    frequent: frozenset[str]
    standard: str = ""
    first: int = 0
    last: int = 0


_HANGUL = (
    "이다는의가을에하고지은로기도한를사있어서나인리아그자시만대게일라부해전정수보여면것과제장들성주으니없우마스구상원세중비신"
    "소조모생계오동국문화경안무공유안녕요야와내저너거말때더위무두방당바행음또같치실미연물관심재선간점용발진영분교학민명산반"
    "회통단개적입식차석업체력람북남탈출창외추운했였었않습됩까네데든면드른러터타테트하호현편품표프파포크카"
)
_HAN = (
    "的一是不了人我在有他中大上和你地出也子得就那下以生自之可她里后心去天而能小多然於把好看起如事己用第成方前所都很"
    "想面又定行同公行使政性山利老月十日本三二四五六七八九百千万年北京南西水民主由立文字手意正名今太明其当向法理高世全"
    "平安友女男父母口言家活走逃寻城江河海道路入分比各此只知者工作力回外内化身相些果最重部物次表平什已很市信新先再"
)
_SIMPLIFIED = "这来国个到说们为时会着过学对么发经过没还样见开长书语东车门问间听让认给谁话边亲"
_TRADITIONAL = "這來國個到說們為時會著過學對麼發經過沒還樣見開長書語東車門問間聽讓認給誰話邊親灣"
_FULL_WIDTH = "。，、！？：；（）「」『』《》“”‘’…—·　"
_JAPANESE = (
    "のにはをたがでてとしれさあいうるなかもらっりこすくよまきつけそみわせえおんスンルトイアラリクシドーレ日本人国大中"
)
_CYRILLIC = "оеаинтсрвлкмдпуяАВИКМНОПРСТ"
_GREEK = "αοιετσνηυρπκμλςωήίόάέΑΕΗΚΟΤ"
_ARABIC = "الينموتربعدفهكسةأحق،؟"
_HEBREW = "יוהלאתרבשמנםדע"
_THAI = "านรกอเงมยลวดทสตะปบคหแจพชขใไโำิีืุู่้็์ั"
_QUOTES = "’‘“”–—…«»¿¡°§©·•€£"
_WESTERN = _QUOTES + "éèêëàâáäåãæçñóôòöõøíîïìúùûüßœÉÀÖÜÄ"
_WORLD = "".join(
    (_HANGUL, _HAN, _SIMPLIFIED, _TRADITIONAL, _FULL_WIDTH, _JAPANESE, _CYRILLIC, _GREEK, _ARABIC, _HEBREW, _THAI)
)
EVERY_SCRIPT = frozenset(_WORLD + string.ascii_letters + string.digits + " \n")


def _wide(codec: str, frequent: str, standard: str = "", first: int = 0, last: int = 0) -> Alphabet:
    return Alphabet(codec, Script.WIDE, frozenset(frequent), standard, first, last)


def _narrow(codec: str, frequent: str, first: int, last: int) -> Alphabet:
    return Alphabet(codec, Script.OTHER, frozenset(_QUOTES + frequent), codec, first, last)


# The rows of common letters: KS X 1001 (Hangul), GB 2312 level 1, Big5 level 1, JIS X 0208 (kana to level 1); for
# encodings of one byte a letter the places of all letters.
ALPHABETS = (
    _wide("cp949", _HANGUL, "euc_kr", 0xB0, 0xC8),
    _wide("gb18030", _HAN + _SIMPLIFIED + _FULL_WIDTH, "gb2312", 0xB0, 0xD7),
    _wide("cp932", _JAPANESE + _FULL_WIDTH, "euc_jp", 0xA4, 0xCF),
    _wide("big5hkscs", _HAN + _TRADITIONAL + _FULL_WIDTH, "big5", 0xA4, 0xC6),
    _wide("euc_jp", _JAPANESE + _FULL_WIDTH, "euc_jp", 0xA4, 0xCF),
    _wide("utf-16-le", _WORLD),
    _wide("utf-16-be", _WORLD),
    Alphabet("cp1252", Script.LATIN, frozenset(_WESTERN)),
    Alphabet("cp1250", Script.LATIN, frozenset(_QUOTES + "ąćęłńóśźżáčďéěíňřšťúůýžöőüűŁŚŻŠČŘŽ")),
    Alphabet("cp1254", Script.LATIN, frozenset(_QUOTES + "ğışçöüİŞâî")),
    Alphabet("mac_roman", Script.LATIN, frozenset(_WESTERN)),
    _narrow("cp1251", _CYRILLIC, 0xC0, 0xFF),
    _narrow("koi8_r", _CYRILLIC, 0xC0, 0xFF),
    _narrow("cp1256", _ARABIC, 0xC0, 0xED),
    _narrow("cp1255", _HEBREW, 0xE0, 0xFA),
    _narrow("cp1253", _GREEK, 0xC1, 0xFE),
    _narrow("cp874", _THAI, 0xA1, 0xFB),
)
