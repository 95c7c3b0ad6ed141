"""Text of any encoding is read as it was written, without what cannot be seen."""

from __future__ import annotations

import codecs
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.model import Outcome
from packager.readers.encodings import decode
from tests.helpers.articles import read
from tests.helpers.languages import TEXTS

WRITTEN = [
    ("utf-8", "Ünïcödé – 창 窗 نافذة"),
    ("utf-16", "A window – 창문"),
    ("utf-16-le", "Hello"),
    ("utf-16-le", "안녕 하세요\n"),
    ("utf-16-le", "Привет"),
    ("utf-16-le", "مرحبا"),
    ("utf-16-be", "Hello\n"),
    ("utf-16-be", "안녕하세요"),
    ("utf-32-le", "Hi 안녕"),
    ("cp949", "안녕하세요"),
    ("cp949", "탈북"),
    ("cp949", "북한 사람들의 이야기를 담은 웹툰입니다."),
    ("cp949", "“나는 자유를 선택했다.” - 단비, 2011년 탈북"),
    ("cp949", "똠방각하와 펲시콜라 abc"),
    ("euc_kr", "제1장 압록강을 건너다\n\n그날 밤은 몹시 추웠다."),
    ("gb18030", "你好"),
    ("gb18030", "北京"),
    ("gb18030", "他们逃离了家乡，寻找自由。"),
    ("gb2312", "第一章\n\n这是一个关于自由的故事。"),
    ("big5", "台灣的朋友們，大家好"),
    ("cp932", "こんにちは"),
    ("cp932", "カタカナと漢字だけ"),
    ("euc_jp", "日本語のテキスト"),
    ("iso2022_jp", "日本語のテキスト"),
    ("cp1252", "café"),
    ("cp1252", "It’s a “window” — naïve, déjà vu"),
    ("cp1252", "¿Qué pasó? São Paulo, Straße, 10 €"),
    ("cp1252", "Déjà vu à Genève"),
    ("cp1252", "Où êtes-vous, mes chers amis ? Voilà."),
    ("cp1252", "café olé, déjà vu"),
    ("cp1252", "Ça va ? À bientôt, Hélène. ÉTÉ À PARIS"),
    ("cp1252", "« L’œuvre », dit-elle, « fût brûlée… »"),
    ("cp1252", "Perché non è così?"),
    ("cp1252", "La città è già lontana, però la libertà è più vicina."),
    ("cp1252", "„Schöne Grüße aus Köln“ – ÄRGER, STRAßE, weiß"),
    ("cp1252", "—No —dijo él—. ¿Dónde está el niño? ¡AÑO NUEVO!"),
    ("cp1252", "Você não é de São Paulo; as canções da irmã, às três."),
    ("cp1252", "Stå op, små børn, og gå ned til søen. Træet er grønt, Ærø"),
    ("cp1252", "Där går båten över sjön. ÅR, Öland"),
    ("cp1251", "Северная Корея"),
    ("koi8_r", "Привет, как дела"),
    ("cp1250", "Příliš žluťoučký kůň, zażółć gęślą jaźń"),
    ("cp1250", "Dziękuję, mamo. Chcę być wolna."),
    ("cp1250", "Včera přišel člověk"),
    ("cp1250", "A bűn és a bűnhődés"),
    ("cp1257", "Labas rytas, ačiū"),
    ("cp1254", "ışık, Türkiye’de yaşıyor"),
    ("cp1253", "Καλημέρα κόσμε"),
    ("cp1255", "שלום עולם"),
    ("cp1256", "مرحبا بالعالم"),
    ("cp874", "สวัสดีชาวโลก"),
    ("mac_roman", "déjà vu, naïve café"),
    ("mac_roman", "Où êtes-vous, mes chers amis ? Voilà."),
    ("utf-16-le", "नमस्ते दुनिया\n"),
    ("hz", "第一章：过河"),
    ("ascii", "rm ~{a,b}~}"),
    ("iso2022_kr", "강을 건너다"),
    ("johab", "그날 밤은 몹시 추웠다. 강은 얼어 있었다."),
    ("cp866", "Северная Корея, зима, река"),
    ("mac_cyrillic", "Северная Корея, зима, река"),
    ("iso8859_6", "مرحبا بالعالم، كيف الحال اليوم"),
    ("cp850", "Wir gingen über die Brücke und hörten plötzlich Stimmen, größer als die Nacht."),
    ("cp850", "Der große Hund lief voraus.\nEr war müde."),
    ("cp852", "Przeszliśmy przez zamarzniętą rzekę, było ciemno."),
    ("iso8859_2", "Przeszliśmy przez zamarzniętą rzekę, było ciemno."),
]


@pytest.mark.parametrize(("codec", "text"), WRITTEN, ids=[f"{codec} {text[:12]!r}" for codec, text in WRITTEN])
def test_short_texts_are_read_in_the_encoding_they_were_written_in(codec: str, text: str) -> None:
    """A line or two is enough to tell the encoding."""
    assert decode(text.encode(codec)) == text


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1))
def test_what_is_written_in_utf8_is_read_in_nfc(text: str) -> None:
    """UTF-8 is never taken for another encoding, with a byte order mark or without."""
    visible = decode(text.encode())
    assert unicodedata.is_normalized("NFC", visible)
    assert decode(codecs.BOM_UTF8 + text.encode()) == visible


def test_one_damaged_byte_does_not_turn_a_text_into_another_encoding() -> None:
    """The damaged letter shows as a replacement, the rest as it was."""
    before, after = "그날 밤은 몹시 추웠다. ", "강은 얼어 있었다."
    assert decode(before.encode() + b"\xff" + after.encode()) == f"{before}\ufffd{after}"


@pytest.mark.parametrize("codec", ["cp949", "gb18030", "big5", "euc_jp", "cp932"])
def test_one_damaged_byte_in_an_old_encoding_stays_one_damaged_letter(codec: str) -> None:
    """The other lines tell the encoding."""
    line = {"cp949": "강은 얼어 있었다.", "gb18030": "河水结了冰。", "big5": "河水結了冰。"}.get(
        codec, "川は凍っていた。"
    )
    whole = "\n".join([line] * 6)
    assert decode(line.encode(codec) + b"\xff\n" + whole.encode(codec)).endswith(whole)


@pytest.mark.parametrize("length", [999, 1000])
def test_a_zero_at_the_end_of_a_text_does_not_make_pairs_of_its_letters(length: int) -> None:
    """Half of the bytes of UTF-16 are of one kind, and the others of another."""
    assert decode(b"a" * length + b"\0") == "a" * length


def test_a_half_in_ascii_does_not_hide_the_letters_of_the_other() -> None:
    """What is rare in a text is read as it was written too."""
    text = "We left at night.\n\nThe river was frozen.\n\nWir ließen alles zurück."
    assert decode(text.encode("cp850")) == text


def test_a_declared_encoding_is_used_where_it_fits() -> None:
    """What the text says of itself goes before a guess, but not before UTF-8, which is hardly ever wrong."""
    data = bytes([0xE9, 0xE8])
    assert decode(data, declared="cp1251") == "йи"
    assert decode("é".encode(), declared="cp1251") == "é"
    assert decode("안녕하세요".encode("cp949"), declared="ascii") == "안녕하세요"


UNSEEN = [
    ("zero-width joiner in Latin", "a\u200db", "ab"),
    ("zero-width space", "a\u200bb", "ab"),
    ("byte order mark inside", "a\ufeffb", "ab"),
    ("soft hyphen", "a\u00adb", "ab"),
    ("tag characters", "a\U000e0041\U000e007fb", "ab"),
    ("selectors that carry a message", "a\ufe01\ufe02\ufe03", "a"),
    ("selectors beyond the plane", "a\U000e0101", "a"),
    ("an override of direction", "\u202ecba", "cba"),
    ("a mark of direction in Latin", "a\u200eb", "ab"),
    ("terminal codes", "\x1b[31mred\x1b[0m \x07bell\x1b", "red bell"),
    ("line ends of all systems", "a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
    ("letters in pieces", "e\u0301", "é"),
]
KEPT = [
    ("Persian non-joiner", "می‌خواهم"),
    ("Hindi joiner", "क्‍ष"),
    ("family of emoji", "👨‍👩‍👧"),
    ("emoji style", "❤️"),
    ("Thai word break", "สวัสดี\u200bชาวโลก"),
    ("mark of direction in Arabic", "مرحبا\u200f!"),
]


@pytest.mark.parametrize(("raw", "clean"), [case[1:] for case in UNSEEN], ids=[case[0] for case in UNSEEN])
def test_what_cannot_be_seen_is_dropped(raw: str, clean: str) -> None:
    """Nothing hidden passes: it could name who copied the text."""
    assert decode(raw.encode()) == clean


@pytest.mark.parametrize("text", [case[1] for case in KEPT], ids=[case[0] for case in KEPT])
def test_what_shapes_letters_is_kept(text: str) -> None:
    """Joiners stay where a script or an emoji needs them."""
    assert decode(text.encode()) == text


BINARY = [
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0"),
    ("a ZIP", b"PK\x03\x04\x14\0\0\0\x08\0"),
    ("zeros", bytes(100)),
    ("zeros at every place", b"\0\x01\x02ab" * 50),
    ("letters and an odd zero", b"\0" + b"a" * 10 + b"\0"),
    ("four bytes that could be two letters", b"\x00\x01\xff\x00"),
    ("noise", random.Random(1).randbytes(500)),
    ("noise without zeros", random.Random(2).randbytes(500).replace(b"\0", b"")),
]


@pytest.mark.parametrize("data", [case[1] for case in BINARY], ids=[case[0] for case in BINARY])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    """The error names the file and says what to do."""
    with pytest.raises(SourceError, match=r"articles/x\.txt: is not a text") as refused:
        decode(data, label="articles/x.txt")
    assert refused.value.hint


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_clean_text_or_refused(data: bytes) -> None:
    """No bytes bring the reader down, and none leave a control character."""
    try:
        text = decode(data)
    except SourceError:
        return
    assert not [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"]


OLD = [
    ("pl", "mac_latin2"), ("pl", "cp1257"), ("pl", "cp852"), ("cs", "mac_latin2"), ("cs", "iso8859_2"),
    ("hu", "mac_latin2"), ("hu", "cp852"), ("ro", "cp1250"), ("tr", "cp857"), ("tr", "iso8859_9"), ("de", "cp437"),
    ("fr", "mac_roman"), ("pt", "cp850"), ("sv", "iso8859_15"), ("vi", "cp1258"), ("ru", "cp866"), ("ru", "iso8859_5"),
    ("ru", "mac_cyrillic"), ("ru", "cp855"), ("uk", "koi8_u"), ("uk", "cp1251"), ("bg", "cp1251"), ("kk", "kz1048"),
    ("el", "cp737"), ("el", "iso8859_7"), ("he", "cp862"), ("he", "iso8859_8"), ("ar", "iso8859_6"), ("ar", "cp720"),
    ("fa", "cp1256"), ("hi", "utf_16_le"), ("ta", "utf_16_be"), ("ka", "utf_32_le"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "codec"), OLD, ids=[f"{language} in {codec}" for language, codec in OLD])
def test_texts_in_old_encodings_are_read_in_their_language(language: str, codec: str) -> None:
    """Of encodings that are alike, it is the one in which the words are some."""
    text = "".join(letter for letter in TEXTS[language] if letter.encode(codec, "ignore"))
    assert decode(text.encode(codec)) == text


def remarks_on(folder: Path, data: bytes) -> list[tuple[Outcome, int | None, str]]:
    return [(remark.outcome, remark.line, remark.message) for remark in read(folder, "a.txt", data).remarks]


def test_a_guess_at_an_encoding_is_told_with_the_first_line_that_shows_it(tmp_path: Path) -> None:
    """Whoever sees the line sees whether it is right."""
    text = f"Boats\n\n{TEXTS['cs']}\n"
    assert remarks_on(tmp_path, text.encode("cp1250")) == [
        (
            Outcome.DECIDED,
            3,
            "its encoding was told from its letters: windows-1250, "
            "“Loďka je na řece a nikdo neví, kam pluje. Udělali jsme ji z …”",
        )
    ]
    assert remarks_on(tmp_path, text.encode()) == []


def test_a_poor_guess_at_an_encoding_is_warned_of(tmp_path: Path) -> None:
    """Of a text in no language that is known, nobody can say whether its letters are right."""
    (remark,) = remarks_on(tmp_path, "Ōŗŧų ķīņš vōģū\n\nĻōģģī ŋāŧŧī ķōŗŗū ŗīģģī.\n".encode("iso8859_4"))
    assert remark[:2] == (Outcome.WARNING, 1)
    assert remark[2].startswith("its encoding is hard to tell: read as ")
    assert remark[2].endswith("”; if that is wrong, save it as UTF-8")


def test_letters_that_are_damaged_are_counted(tmp_path: Path) -> None:
    """With the line of the first; the others are read."""
    data = f"Boats\n\n{TEXTS['ko']}\n".encode()
    damaged = data.replace("강".encode(), b"\xea\xb0", 1)
    assert (Outcome.WARNING, 3, "letters that cannot be read, and show as \ufffd: 1") in remarks_on(tmp_path, damaged)
