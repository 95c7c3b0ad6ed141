"""Subtitles beside a film are found by devices, in encodings that these read, and hold every word at its time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.check.document import document_facts
from packager.check.recordings.subtitles import subtitle_facts
from packager.config.profile import load
from packager.layout import lay_out
from packager.layout.subtitles import within
from packager.model import (
    Cue,
    Document,
    Entry,
    Film,
    Publication,
    Rendition,
    Renditions,
    Role,
    RoleRenditions,
    Subtitles,
)
from packager.output.templating import render
from packager.readers.encodings import decode
from packager.readers.films.subtitles import subtitles
from tests.helpers.subtitle_files import for_players, subtitle_files
from tests.layout.test_film import build_of, film

KOREAN = Subtitles("ko", (Cue(0, 900, ("똠방각하 & <펲>", "“가자”")), Cue(1_000, 3_661_007, ("3 < 5 & A<b",))))
ENGLISH = Subtitles("en", (Cue(500, 2_000, ("A café – déjà vu",)),))
ARABIC = Subtitles("ar", (Cue(1, 2_000, ("لنذهب",)),))


def with_words(*tracks: Subtitles) -> Publication:
    one = film("film")
    work = one.versions[0].work
    assert isinstance(work, Film)
    return replace(one, versions=(replace(one.versions[0], work=replace(work, subtitles=tracks)),))


def written(*tracks: Subtitles, profile: str, seconds: tuple[float, ...] = (0,)) -> dict[str, bytes]:
    """What lies in the tree of a film in so many parts, in the order of writing, by the names; films are empty."""
    build = build_of(with_words(*tracks), profile=profile)
    parts = tuple(Rendition(Role.FILM, "film.mp4", 640, 360, 1, seconds=each) for each in seconds)
    renditions = {("film", "ko"): Renditions((RoleRenditions(Role.FILM, parts),))}
    renditions |= {("", language): Renditions(()) for language in ("ko", "en")}
    entries = [entry for group in lay_out(build, renditions) for entry in group.entries]
    return {entry.path.name: data_of(entry) for entry in entries if entry.path.suffix in (".mp4", ".srt", ".smi")}


def data_of(entry: Entry) -> bytes:
    if not isinstance(entry.content, Document):
        return b""
    data = b"".join(piece for piece in render(entry.content) if isinstance(piece, bytes))
    assert len(data) == entry.size_bytes
    return data


def page_of(*tracks: Subtitles, profile: str = "any", seconds: tuple[float, ...] = (0,)) -> str:
    """The document of a film in so many parts, for readers of Korean."""
    parts = tuple(Rendition(Role.FILM, "film.mp4", 640, 360, 1, seconds=each) for each in seconds)
    renditions = {("film", "ko"): Renditions((RoleRenditions(Role.FILM, parts),))}
    groups = lay_out(build_of(with_words(*tracks), profile=profile), renditions)
    (found,) = (entry for group in groups for entry in group.entries if str(entry.path) == "film/index.html")
    return data_of(found).decode()


def test_tv_has_both_kinds_called_as_the_film() -> None:
    made = written(ENGLISH, KOREAN, profile="tv")
    assert list(made) == ["001.mp4", "001.srt", "001_en.srt", "001.smi"]
    assert made["001.srt"].startswith(b"\xef\xbb\xbf1\r\n00:00:00,000 --> 00:00:00,900\r\n")
    assert "\r\n2\r\n00:00:01,000 --> 01:01:01,007\r\n3 < 5" in made["001.srt"].decode("utf-8-sig")
    sami = made["001.smi"].decode("cp949")
    assert "<SYNC Start=0><P Class=KRCC>\r\n똠방각하 & 〈펲〉<br>“가자”\r\n" in sami
    assert "<SYNC Start=500><P Class=ENCC>\r\nA cafe - deja vu\r\n" in sami
    assert ".KRCC { Name: 한국어; lang: ko-KR; SAMIType: CC; }" in sami


@pytest.mark.parametrize("name", ["001.srt", "001.smi"])
def test_every_word_is_read_back_at_its_time(name: str) -> None:
    for number, file in enumerate(subtitle_files()):
        if number % 7 == 0:
            korean = Subtitles("ko", file.tracks["ko"])
            (found,) = subtitles(decode(written(korean, profile="tv")[name]))
            assert found == for_players(korean)


def test_no_word_beside_a_film_looks_like_a_mark() -> None:
    """Players show nothing of what stands between < and >, and other signs as they are."""
    marked = replace(ENGLISH, cues=(Cue(500, 2_000, ("&amp; &#65; <b>x</b> <!-- R&B --> 3 < 5 > 4 <the", "sea> <3")),))
    made = written(KOREAN, marked, profile="tv")
    shown = replace(
        ENGLISH, cues=(Cue(500, 2_000, ("&amp; &#65; 〈b〉x〈/b〉 〈!-- R&B --〉 3 < 5 > 4 〈the", "sea〉 <3")),)
    )
    assert subtitles(decode(made["001.smi"])) == (for_players(KOREAN), shown)
    assert "\r\n&amp; &#65; 〈b〉x〈/b〉 〈!-- R&B --〉 3 < 5 > 4 〈the\r\nsea〉 <3\r\n" in made["001_en.srt"].decode()


_PIECES = (
    *("<", ">", "</i>", "<!--", "{\\", "}", "&", "&lt;", "&#x200b;", "&#27;", "&nbsp;", "<br>", "\n", "  ", "\t", "1"),
    *(
        "a",
        "가",
        "똠",
        "ع",
        "க",
        "😀",
        "\u1100\u1161",
        "\u0301",
        "\u0338",
        "\u200f",
        "\u202b",
        "\ufe0f",
        "\u3000",
        "\xa0",
    ),
    *("\u2028", "\ue000", "\U000e0041", "00:00:01,000", "-->", "[Events]", "<sync start=5>"),
)


@given(st.lists(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_no_cue_stops_a_build(cues: list[str]) -> None:
    """Whatever stands in subtitles, the check passes what is written of them beside a film."""
    times = [(f"00:00:0{number},000 --> 00:00:0{number},900", words) for number, words in enumerate(cues, 1)]
    text = decode("".join(f"{number}\n{time}\n{words}\n\n" for number, (time, words) in enumerate(times, 1)).encode())
    for track in subtitles(text, "ko"):
        for name, data in written(track, profile="tv").items():
            facts, shown = subtitle_facts(name[-3:], data) if name.endswith(("srt", "smi")) else (None, ())
            assert (facts.problems if facts else (), shown) == ((), ())


def test_letters_that_the_code_page_lacks_are_in_the_other_file_alone() -> None:
    assert list(written(ARABIC, profile="tv")) == ["001.mp4", "001.srt"]
    assert "KRCC" in (mixed := written(ARABIC, KOREAN, profile="tv"))["001.smi"].decode("cp949")
    assert "ARCC" not in mixed["001.smi"].decode("cp949")
    assert "لنذهب" in mixed["001_ar.srt"].decode()


@pytest.mark.parametrize(("profile", "endings"), [("phone", {".srt"}), ("any", {".srt", ".smi"}), ("phone-old", set())])
def test_profiles_have_the_kinds_that_their_devices_read(profile: str, endings: set[str]) -> None:
    limits = load(profile).film
    assert limits.container == "mp4"
    assert {Path(name).suffix for name in written(KOREAN, profile=profile)} == {".mp4", *endings}


def test_each_part_of_a_film_has_its_words() -> None:
    made = written(KOREAN, profile="tv", seconds=(0.5, 10.25, 5_000))
    found = {name: subtitles(decode(data)) for name, data in made.items() if name.endswith("srt")}
    first, second = for_players(KOREAN).cues
    assert {name: one.cues for name, (one,) in found.items()} == {
        "001.srt": (replace(first, end_ms=500),),
        "001_2.srt": (replace(first, end_ms=400), replace(second, start_ms=500, end_ms=10_250)),
        "001_3.srt": (replace(second, start_ms=0, end_ms=3_661_007 - 10_750),),
    }


def test_words_at_the_seam_of_two_parts_are_in_both() -> None:
    cues = Subtitles("ko", (Cue(900, 1_100, ("가",)),))
    assert within(cues, 0, 1).cues == (Cue(900, 1_000, ("가",)),)
    assert within(cues, 1, 2).cues == (Cue(0, 100, ("가",)),)
    assert within(cues, 1.1, 2).cues == ()


def test_subtitles_in_a_language_that_nobody_knows_have_a_place() -> None:
    """Behind the readers' own, with a mark for their name."""
    unknown = Subtitles("und", (Cue(0, 900, ("Hm.",)),))
    page = page_of(unknown, KOREAN)
    assert "<summary>자막: ?</summary>" in page
    assert page.index("“가자”") < page.index(">Hm.<")
    assert 'href="film_und.srt"' in page
    assert document_facts(page.encode())[0].problems == ()


def test_each_part_has_its_words_over_its_own_player() -> None:
    page = page_of(KOREAN, seconds=(0.5, 10.25, 5_000))
    assert re.findall(r'data-film="(\d)"|data-cue="(\d+ \d+)"', page) == [
        ("0", ""), ("", "0 500"), ("1", ""), ("", "0 400"), ("", "500 10250"), ("2", ""), ("", "0 3650257"),
    ]  # fmt: skip
    assert [page.count(mark) for mark in ("<video", "<script")] == [3, 1]


def test_words_that_are_burnt_in_are_not_shown_twice() -> None:
    """They can be read below all the same."""
    page = page_of(KOREAN, profile="phone-old")
    assert "“가자”" in page
    assert not any(mark in page for mark in ("<script", "data-cue", "data-film", ".srt"))
