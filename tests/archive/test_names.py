"""Names in archives that say nothing of their code page: told by all names of the archive together."""

from __future__ import annotations

import pytest

from packager.archive import names

NAMES = {
    "cp949": [["1화.jpg", "10화.jpg"], ["탈출/표지.jpg"], ["나 혼자 1권/001.jpg"], ["외모 제12화/01.png"]],
    "cp932": [["ワンピース 第01話.jpg"], ["第1話 表ソ予定/1.jpg", "第2話 能/1.jpg"], ["鬼の刃 第1巻/001.jpg"]],
    "euc_jp": [["第1話 始まり/001.jpg", "第2話 始まり/001.jpg"], ["表紙.jpg"]],
    "gbk": [["第1话 开始/001.jpg"], ["逃离/封面.jpg"], ["第一章.jpg"]],
    "big5": [["第1話 開始與結束/001.jpg"], ["航海王/封面.jpg"], ["第01卷/001.jpg"]],
    "cp866": [["Глава 1 Начало/001.jpg"], ["Обложка.jpg"], ["Том 1/001.jpg"], ["стр 001.jpg"]],
    "cp1251": [["Глава 1 Начало/001.jpg"], ["Часть 2.jpg"], ["Розділ 1 Її дім/1.jpg"], ["Поглавље 1/1.jpg"]],
    "koi8-r": [["Глава 1 Начало/001.jpg"], ["Обложка.jpg"]],
    "cp1252": [["Chapitre 1 été à Noël/001.jpg"], ["schön/001.jpg", "Übermut.jpg"], ["n°1.jpg"], ["«Où».jpg"]],
    "cp850": [["Chapitre 1 été à Noël/001.jpg"], ["Página 1.jpg"], ["São Paulo.jpg"], ["Álbum.jpg"]],
    "mac_roman": [["Chapitre 1 été à Noël/001.jpg", "Première partie/1.jpg"]],
    "cp437": [["schön/001.jpg", "Übermut.jpg"], ["año.jpg"]],
    "cp737": [["Κεφάλαιο 1/001.jpg"], ["Εξώφυλλο.jpg"]],
    "cp1253": [["Κεφάλαιο 1/001.jpg"], ["Τόμος 3/1.jpg"]],
    "cp1256": [["الفصل 1/1.jpg"], ["غلاف.jpg"]],
    "cp720": [["الفصل 1/1.jpg"]],
    "cp1250": [["Rozdział 1 Początek/1.jpg"], ["Žluťoučký kůň.jpg"], ["Żółw i gęś – rozdział 1/1.jpg"]],
    "cp852": [["Rozdział 1 Początek/1.jpg"], ["Kapitola 1 Část/1.jpg"]],
    "cp1254": [["Bölüm 1 Işık/1.jpg"]],
    "cp857": [["Çığlık/1.jpg", "Güneş/1.jpg"]],
    "cp862": [["פרק 1/1.jpg"]],
    "cp874": [["วันพีซ/1.jpg", "ปกหน้า.jpg"], ["ตอนที่ 1/1.jpg"]],
    "cp1255": [["פרק 1/1.jpg"]],
}


@pytest.mark.parametrize(
    ("written", "code_page"),
    [pytest.param(each, page, id=f"{page} {each[0]}") for page, lists in NAMES.items() for each in lists],
)
def test_names_in_any_code_page_are_read(written: list[str], code_page: str) -> None:
    """As they were written; and it is told that this is a guess."""
    read = names.decoded([(name.encode(code_page), False) for name in written])
    assert list(read.names) == written
    assert read.code_page


@pytest.mark.parametrize("name", ["001.jpg", "1화.jpg", "Глава.jpg", "été.jpg", "n°1.jpg", "schön.jpg", "第1話.jpg"])
def test_utf8_is_no_guess(name: str) -> None:
    """It is told by itself."""
    assert names.decoded([(name.encode(), False)]) == names.DecodedNames((name,))


def test_a_name_that_is_not_the_utf8_it_says_is_guessed_with_the_others() -> None:
    """Some programs say UTF-8 of whatever they write."""
    read = names.decoded([("제1화.jpg".encode("cp949"), True), ("제2화.jpg".encode(), True)])
    assert read.names == ("제1화.jpg", "제2화.jpg")


def test_noise_is_never_a_name() -> None:
    """What is ASCII in names that nobody can read stays, with a number where that would make two names one."""
    raw = [b"\xa4\xdb\x9a\x81\xd0\xff 1/001.jpg", b"\xa4\xdb\x9a\x81\xd0\xff 1/002.jpg", b"\xff\xde\x81\x9a 1/001.jpg"]
    read = names.decoded([(name, False) for name in raw])
    assert read.code_page == names.UNKNOWN
    assert all(name.isascii() for name in read.names)
    assert read.names[:2] == ("1/001.jpg", "1/002.jpg")
    assert len(set(read.names)) == 3
    assert read.names[2].endswith("/001.jpg")
    read = names.decoded([(b"Kapitel \xff\xde\x81\x9aab 1/d\xff\xde\x81e 002.jpg", False)])
    assert read.names == ("Kapitel 1/002.jpg",)  # no rest of a word stands for it


def test_names_of_nothing_but_noise_are_numbers() -> None:
    """Each keeps its ending, and is another."""
    read = names.decoded([(bytes([0xFF, 0x81, 0x9A, 0xD0 + number]) + b".jpg", False) for number in range(3)])
    assert read.names == ("1.jpg", "2.jpg", "3.jpg")


def test_tens_of_thousands_of_names_that_look_the_same_get_numbers_too() -> None:
    """Each number is tried once: a list of names is read in a time that grows with it, and no faster."""
    raw = [
        bytes([0xFF, 0x81, 0x80 + number % 100, 0x80 + number // 100 % 100, 0x80 + number // 10_000])
        for number in range(60_000)
    ]
    assert len(set(names.decoded([(name, False) for name in raw]).names)) == len(raw)
