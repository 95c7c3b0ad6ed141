"""Comics: the order of their pages, their texts, their languages, how they read."""

from __future__ import annotations

import io
import re
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from packager.errors import SourceError
from packager.model import Direction, Flow, Missing, Outcome, Picture, Source, Version
from packager.readers.comics.info import parse_comic_info
from packager.readers.comics.pages import flow_of
from packager.readers.comics.texts import place_sections, transcript_sections
from packager.readers.language import guess, known_language, split_language
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_comic, make_picture, make_strip, packager, write
from tests.helpers.reading import (
    comic_of,
    make_archive,
    make_files,
    messages,
    only_version,
    outcomes,
    page_names,
    read_bundle,
)
from tests.helpers.samples import SAMPLES, needs_samples

# Transcripts


PEPPER = [PurePosixPath(f"gfx_by-David_E06{page}.png") for page in ("", "P00", "P01", "P10", "P11")]


@pytest.mark.parametrize(
    ("heading", "index"),
    [("P01", 2), ("p1", 2), ("E06P10", 3), ("gfx_by-David_E06.png", 0), ("GFX_by-david_e06P11", 4), ("10", 3)],
)
def test_a_section_finds_its_page_by_name_or_by_its_ending(heading: str, index: int) -> None:
    """`## P1` means the page whose name ends in P01."""
    (placed,) = place_sections(transcript_sections(f"## {heading}\n\n- Hello\n"), PEPPER)
    assert (placed.index, placed.is_guess) == (index, False)


def test_a_number_does_not_match_the_end_of_a_longer_number() -> None:
    """`## 1` is page 1, not page 11 or 21."""
    pages = [PurePosixPath(f"{number:03}.jpg") for number in (21, 11, 1)]
    (placed,) = place_sections(transcript_sections("## 1\nHello"), pages)
    assert placed.index == 2


def test_chapters_that_count_alike_are_filled_in_order() -> None:
    """The second `## 1` means the first page of the second chapter."""
    pages = [PurePosixPath(name) for name in ("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg")]
    parts = transcript_sections("".join(f"## {name}\n- x\n" for name in ("1", "2", "1", "2")))
    assert [placed.index for placed in place_sections(parts, pages)] == [0, 1, 2, 3]


def test_a_section_without_page_stands_with_the_one_before() -> None:
    """Its lines are kept, and it is marked as a guess."""
    pages = [PurePosixPath("1.jpg"), PurePosixPath("2.jpg")]
    placed = place_sections(transcript_sections("## 2\n- a\n## Epilogue\n- b\n"), pages)
    assert [(part.index, part.is_guess, part.section.line) for part in placed] == [(1, False, 1), (1, True, 3)]


@pytest.mark.parametrize("heading", ["1 ##", "1 # #\t", "1#"])
def test_signs_that_close_a_heading_are_no_part_of_it(heading: str) -> None:
    """`## 1 ##` is `## 1`."""
    (section,) = transcript_sections(f"## {heading}\n- Hello\n")
    assert section.heading == "1"


def test_a_heading_with_many_spaces_is_read_at_once() -> None:
    """As often as it is tried, a run of spaces is looked at once."""
    (section,) = transcript_sections(f"## a{' ' * 100_000}b\n- Hello\n")
    assert section.heading.split() == ["a", "b"]


def test_lines_lose_their_list_mark_and_nothing_else() -> None:
    """A star that the author wrote stays."""
    (section,) = transcript_sections("## 1\n\n- Hello\n- * a note\n\n  plain  \n")
    assert section.lines == ("Hello", "* a note", "plain")


def test_a_transcript_that_names_no_page_is_warned_of(tmp_path: Path, workers: Workers) -> None:
    """The warning gives the line, and the words are not lost."""
    make_comic(tmp_path / "comics" / "a", 2)
    write(tmp_path / "comics" / "a" / "transcript.en.md", "## 1\n\n- Yes\n\n## Page nine\n\n- No\n")
    library = read_bundle(tmp_path, workers)
    (read,) = comic_of(only_version(library)).transcripts
    assert read.sections == ((0, ("Yes", "No")),)
    (warning,) = [remark for remark in library.remarks if remark.outcome is Outcome.WARNING]
    assert (warning.source, warning.line) == ("comics/a/transcript.en.md", 5)
    assert "Page nine" in warning.message


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headings=st.lists(st.sampled_from(["1", "2.png", "3", "P00", "P07", "1.png", "Epilogue", "9"]), max_size=12))
def test_every_line_of_a_transcript_is_kept_whatever_its_headings(
    headings: list[str], tmp_path: Path, workers: Workers
) -> None:
    """One section a page, however many headings stand for it; those of one page keep their order."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "2.png": "", "3.png": ""})
    said = "".join(f"## {heading}\n- line {place:02}\n" for place, heading in enumerate(headings))
    write(tmp_path / "comics" / "a" / "transcript.en.md", said)
    sections = [
        section
        for read in comic_of(only_version(read_bundle(tmp_path, workers))).transcripts
        for section in read.sections
    ]
    assert sorted(line for _, lines in sections for line in lines) == [f"line {n:02}" for n in range(len(headings))]
    assert [page for page, _ in sections] == sorted({page for page, _ in sections})
    unknown = [f"line {place:02}" for place, heading in enumerate(headings) if heading in ("P00", "P07", "Epilogue")]
    if len(unknown) == len(headings) and headings:
        assert [list(lines) for _, lines in sections] == [unknown]


def test_what_many_unknown_headings_say_is_in_the_documents(tmp_path: Path) -> None:
    """All of it, in order, at the first page; and one line of the report for all of them."""
    make_files(tmp_path / "b" / "comics" / "a", {"scan0.png": "", "scan1.png": ""})
    said = "".join(f"## P{number:02}\n- words of {number}.\n" for number in range(11))
    write(tmp_path / "b" / "comics" / "a" / "transcript.en.md", said)
    packager("build", tmp_path / "b", "-o", tmp_path / "out")
    (page,) = [page.read_text("utf-8") for page in (tmp_path / "out" / "b").glob("*/index.html")]
    told = re.findall(r"words of \d+\.", page)
    assert told == [f"words of {number}." for number in range(11)]
    report = (tmp_path / "out" / "keep" / "report.txt").read_text("utf-8")
    assert "11 headings name no page (`P00`, `P01`, …): their lines are shown with the page before" in report
    assert report.count("no page") == 1


@pytest.mark.parametrize(
    "words", ["long words " * 600_000, "&amp;" * 400_000 + "& " * 1_000_000], ids=["words", "signs"]
)
@pytest.mark.parametrize("name", ["comics/a/transcript.en.md", "articles/a.md"])
def test_a_text_of_more_words_than_one_may_have_is_refused(
    tmp_path: Path, workers: Workers, name: str, words: str
) -> None:
    """It would be laid out for minutes, and make a document that no phone opens: `&` is five bytes there."""
    make_files(tmp_path, {"comics/a/1.png": "", name: words})
    with pytest.raises(SourceError, match=r"has more than 6 MB of words"):
        read_bundle(tmp_path, workers)


def test_a_chapters_transcript_means_its_own_pages(tmp_path: Path, workers: Workers) -> None:
    """Each chapter may bring a transcript; together they are one for each language."""
    for chapter in ("1", "2"):
        make_comic(tmp_path / "comics" / "a" / chapter, 2)
        write(tmp_path / "comics" / "a" / chapter / "transcript.en.md", f"## 2\n- chapter {chapter}\n")
    (read,) = comic_of(only_version(read_bundle(tmp_path, workers))).transcripts
    assert read.sections == ((1, ("chapter 1",)), (3, ("chapter 2",)))


# What names tell


TOLD = {
    "a missing page": ("1.png|2.png|4.png", Outcome.WARNING, "no page between 2.png and 4.png"),
    "a missing chapter": ("c1/1.png|c2/1.png|c4/1.png", Outcome.WARNING, "no chapter between c2 and c4"),
    "two comics in one folder": (
        "a 1.png|a 2.png|a 3.png|b 1.png|b 2.png|b 3.png",
        Outcome.WARNING,
        "its pages are counted twice, from a 1.png and from b 1.png",
    ),
    "two comics in folders": (
        "Harbour/1.png|Lighthouse/1.png",
        Outcome.DECIDED,
        "of one comic: Harbour, Lighthouse",
    ),
    "a chapter without a number": ("c1/1.png|c2/1.png|Extras/1.png", Outcome.DECIDED, "Extras behind c2"),
    "a prologue": ("c1/1.png|c2/1.png|Prologue/1.png", Outcome.DECIDED, "Prologue first"),
}


@pytest.mark.parametrize(("names", "outcome", "words"), TOLD.values(), ids=list(TOLD))
@pytest.mark.parametrize("is_packed", [False, True], ids=["folder", "archive"])
def test_what_names_tell_is_told_once(
    tmp_path: Path, workers: Workers, names: str, outcome: Outcome, words: str, is_packed: bool
) -> None:
    """In folders and in archives."""
    files = dict.fromkeys(names.split("|"), "")
    if is_packed:
        make_archive(tmp_path / "comics" / "x.cbz", files)
    else:
        make_files(tmp_path / "comics" / "x", files)
    told = [message for message in messages(read_bundle(tmp_path, workers), outcome) if "language" not in message]
    (message,) = [message for message in told if "`flow`" not in message]
    assert words in message


def test_a_picture_of_two_pages_leaves_no_gap(tmp_path: Path, workers: Workers) -> None:
    """Its second page has no number of its own."""
    for name, width in {"1.png": 30, "2.png": 60, "4.png": 30}.items():
        make_picture(tmp_path / "comics" / "a" / name, (width, 42))
    assert messages(read_bundle(tmp_path, workers), Outcome.WARNING) == []


def test_a_missing_part_of_a_series_is_told(tmp_path: Path, workers: Workers) -> None:
    """Each archive is a work of its own, and nobody may notice."""
    for number in (1, 2, 4):
        make_archive(tmp_path / "comics" / "h" / f"Chapter {number}.cbz", {"1.png": ""})
    (told,) = messages(read_bundle(tmp_path, workers), Outcome.WARNING)
    assert told == "comics/h: no part between Chapter 2.cbz and Chapter 4.cbz: is one missing?"


# ComicInfo.xml


INFO = """<?xml version="1.0" encoding="utf-8"?>
<ComicInfo xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Title>창문</Title><Series>Windows</Series><Number>2</Number><Writer>Ju Ok, Min Ho</Writer>
  <Summary>Out &amp; up.</Summary><LanguageISO>KO-kr</LanguageISO><Manga>YesAndRightToLeft</Manga>
  <Pages><Page Image="0"/><Title>not this</Title></Pages>
</ComicInfo>"""


def test_what_comicinfo_says_reaches_the_version(tmp_path: Path, workers: Workers) -> None:
    """Title, series, writers, summary, language and direction."""
    make_comic(tmp_path / "comics" / "a")
    write(tmp_path / "comics" / "a" / "ComicInfo.xml", INFO)
    library = read_bundle(tmp_path, workers)
    version = only_version(library)
    assert (version.title, version.language, version.summary) == ("창문", "ko-KR", "Out & up.")
    assert version.authors == ("Ju Ok", "Min Ho")
    assert comic_of(version).direction is Direction.RTL
    assert library.publications[0].series.in_language("ko") == "Windows"


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE c [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><ComicInfo><Title>&b;</Title></ComicInfo>',
        b'<!DOCTYPE c SYSTEM "file:///etc/passwd"><ComicInfo/>',
        '<!DOCTYPE c [<!ENTITY a "aaaa">]><ComicInfo/>'.encode("utf-16"),
        b"<ComicInfo><Title>open",
        b"<ComicInfo>&undefined;</ComicInfo>",
        b'<?xml version="1.0" encoding="no-such-code"?><ComicInfo/>',
        b"",
        b"\x00\x01\x02",
        b"<ComicInfo>" + b" " * 1_000_001 + b"</ComicInfo>",
    ],
    ids=["entities", "outside", "utf-16 entities", "cut", "undefined", "encoding", "empty", "binary", "huge"],
)
def test_hostile_xml_is_refused(xml: bytes) -> None:
    """Nothing is expanded, nothing fetched, and nothing but a SourceError comes out."""
    with pytest.raises(SourceError):
        parse_comic_info(xml)


INFO_VALUES = [
    ("<ci:ComicInfo><ci:Title>A</ci:Title></ci:ComicInfo>", "title", "A"),
    ('<ComicInfo xmlns="urn:x"><Title>A</Title></ComicInfo>', "title", "A"),
    ("<comicinfo><title>A</title></comicinfo>", "title", "A"),
    ("<ComicInfo><Title>A <b>new</b> day</Title></ComicInfo>", "title", "A new day"),
    ("<ComicInfo><Writer>A, </Writer><Writer>B</Writer></ComicInfo>", "writers", ("A", "B")),
    ("<ComicInfo><Summary/><Summary>A</Summary><Summary>B</Summary></ComicInfo>", "summary", "A\nB"),
    ("<ComicInfo><Title>A</Title><Title>B</Title></ComicInfo>", "title", "A"),
    ("<ComicInfo><Title>A & B &amp; C&#33;</Title></ComicInfo>", "title", "A & B & C!"),
    (
        "<ComicInfo><Summary>&lt;p&gt;A&amp;nbsp;boat.&lt;/p&gt;3 &lt; 4</Summary></ComicInfo>",
        "summary",
        "A boat.\n3 < 4",
    ),
    ("<ComicInfo><Summary>x &lt;3 y &amp;amp; z</Summary></ComicInfo>", "summary", "x <3 y &amp; z"),
]


@pytest.mark.parametrize(("xml", "field", "value"), INFO_VALUES, ids=[case[0] for case in INFO_VALUES])
def test_comicinfo_is_read_as_programs_write_it(xml: str, field: str, value: object) -> None:
    """Prefixes that nothing declares, small letters, markup inside a text and elements that stand twice."""
    assert getattr(parse_comic_info(xml.encode()), field) == value


def test_a_broken_comicinfo_does_not_stop_the_comic(tmp_path: Path, workers: Workers) -> None:
    """It is left with one warning."""
    make_comic(tmp_path / "comics" / "a")
    write(tmp_path / "comics" / "a" / "ComicInfo.xml", "<ComicInfo>")
    library = read_bundle(tmp_path, workers)
    assert only_version(library).title == "a"
    assert [remark.outcome for remark in library.remarks if "ComicInfo" in remark.source] == [Outcome.WARNING]


# Languages


@pytest.mark.parametrize(
    ("word", "tag"),
    [
        ("ko", "ko"),
        ("zh-hant", "zh-Hant"),
        ("pt_BR", "pt-BR"),
        ("xx", ""),
        ("my-comic", ""),
        ("my-page", ""),
        ("1", ""),
    ],
)
def test_only_names_of_languages_are_languages(word: str, tag: str) -> None:
    """A folder called `my-comic` is not a variant of Burmese."""
    assert known_language(word) == tag


@pytest.mark.parametrize(
    ("stem", "parts"),
    [("window.ko", ("window", "ko")), ("window", ("window", "")), ("v1.old", ("v1.old", "")), (".ko", (".ko", ""))],
)
def test_a_suffix_is_a_language_only_when_it_is_one(stem: str, parts: tuple[str, str]) -> None:
    """`v1.old` is a name."""
    assert split_language(stem) == parts


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("창문 너머로 바다가 보인다 (OK, see the map)", "ko"),
        ("窓の外に海が見える", "ja"),
        ("窗外可以看到大海", "zh"),
        ("За окном видно море", "ru"),
        ("За вікном видно море", "uk"),
        ("يمكن رؤية البحر من النافذة", "ar"),
        ("از پنجره دریا دیده می‌شود چه", "fa"),
        ("The sea is in view from the window and it was blue", "en"),
        ("La mer est visible de la fenêtre et elle est bleue dans le soir", "fr"),
        ("El mar se ve desde la ventana y es azul por la tarde", "es"),
        ("Das Meer ist von dem Fenster aus zu sehen und es ist blau", "de"),
        ("Escape", "und"),
        ("12345 !?", "und"),
        ("", "und"),
    ],
)
def test_a_language_is_told_by_its_script_and_its_words(text: str, language: str) -> None:
    """And never by the machine's locale."""
    assert guess(text) == language


def test_every_picture_in_a_language_folder_makes_versions(tmp_path: Path, workers: Workers) -> None:
    """The bundle's first language stands for the publication."""
    write(tmp_path / "bundle.toml", 'languages = ["ko", "en"]')
    for language in ("en", "ko"):
        make_comic(tmp_path / "comics" / "a" / language, 2)
    (publication,) = read_bundle(tmp_path, workers).publications
    assert [version.language for version in publication.versions] == ["ko", "en"]
    assert [len(comic_of(version).pictures) for version in publication.versions] == [2, 2]


def test_folders_of_languages_may_be_called_by_their_names(tmp_path: Path, workers: Workers) -> None:
    """In English, or as their speakers call them."""
    make_files(tmp_path / "comics" / "a", {"English/1.png": "", "한국어/1.png": "", "Español/1.png": ""})
    (publication,) = read_bundle(tmp_path, workers).publications
    assert sorted(version.language for version in publication.versions) == ["en", "es", "ko"]


def test_a_chapter_called_it_stays_a_chapter(tmp_path: Path, workers: Workers) -> None:
    """One page beside the folders, and they are no languages; should they be, the organizer is told."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "it/1.png": "", "ko/1.png": ""})
    library = read_bundle(tmp_path, workers)
    assert len(comic_of(only_version(library)).pictures) == 3
    assert any("chapters of one comic" in message for message in messages(library, Outcome.WARNING))


def test_a_comic_called_it_is_not_italian(tmp_path: Path, workers: Workers) -> None:
    """The folder of the comic itself is its name."""
    make_files(tmp_path / "comics" / "it", {"1.png": ""})
    version = only_version(read_bundle(tmp_path, workers))
    assert (version.title, version.language) == ("it", "und")


def test_pictures_beside_language_folders_do_not_mix_the_languages(tmp_path: Path, workers: Workers) -> None:
    """A cover stands before the pages of each; what a text shows, and what nobody shows, is no page."""
    about = "# The artist\n\n![](desk.png)\n"
    files = {"ko/1.png": "", "en/1.png": "", "cover.png": "", "desk.png": "", "old.png": "", "about.en.md": about}
    make_files(tmp_path / "comics" / "a", files)
    library = read_bundle(tmp_path, workers)
    (publication,) = library.publications
    assert {version.language: page_names(version) for version in publication.versions} == {
        language: ["cover.png", "1.png"] for language in ("ko", "en")
    }
    told = outcomes(library)
    assert (told["comics/a/desk.png"], told["comics/a/old.png"]) == (Outcome.TAKEN, Outcome.WARNING)


def test_one_folder_that_could_be_a_language_beside_pages_is_a_chapter(tmp_path: Path, workers: Workers) -> None:
    """Only several tell of languages."""
    make_files(tmp_path / "comics" / "a", {"it/1.png": "", "1.png": ""})
    assert len(page_names(only_version(read_bundle(tmp_path, workers)))) == 2


def test_a_language_folders_texts_are_its_own(tmp_path: Path, workers: Workers) -> None:
    """What lies above the languages belongs to all of them."""
    folder = tmp_path / "comics" / "a"
    make_files(
        folder, {"ko/1.png": "", "en/1.png": "", "ko/transcript.md": "## 1\n- 안녕", "transcript.en.md": "## 1\n- Hi"}
    )
    (publication,) = read_bundle(tmp_path, workers).publications
    told = {v.language: [t.language for t in comic_of(v).transcripts] for v in publication.versions}
    assert told == {"en": ["en"], "ko": ["ko", "en"]}


def test_two_folders_of_one_language_are_refused(tmp_path: Path, workers: Workers) -> None:
    """Neither can stand for the language alone."""
    make_files(tmp_path / "comics" / "a", {"zh-Hant/1.png": "", "zh_hant/1.png": ""})
    with pytest.raises(SourceError, match=r"comics/a/zh-Hant and comics/a/zh_hant are both in Chinese .zh-Hant."):
        read_bundle(tmp_path, workers)


def test_an_archive_may_hold_languages_below_one_folder(tmp_path: Path, workers: Workers) -> None:
    """Archives often hold everything in a folder of their own name."""
    make_archive(tmp_path / "comics" / "a.cbz", {"A/ko/1.png": "", "A/en/1.png": ""})
    (publication,) = read_bundle(tmp_path, workers).publications
    assert {version.language for version in publication.versions} == {"ko", "en"}


LANGUAGES = {
    "its definition": ({}, 'language = "es"', "es"),
    "its transcript": ({"transcript.fr.md": "## 1\n- oui"}, "", "fr"),
    "the transcript in the bundle's first language": (
        {"transcript.fr.md": "## 1\n- oui", "transcript.ko.md": "## 1\n- 네"},
        "",
        "ko",
    ),
    "a transcript that does not say": ({"transcript.md": "## 1\n- 窓の外に海が見える"}, "", "ja"),
    "the bundle": ({}, "", "ko"),
}


@pytest.mark.parametrize(("files", "said", "language"), LANGUAGES.values(), ids=list(LANGUAGES))
def test_a_comic_without_words_takes_its_language_from(
    tmp_path: Path, workers: Workers, files: dict[str, str], said: str, language: str
) -> None:
    """The nearest that says one."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", **files})
    write(tmp_path / "bundle.toml", f'languages = ["ko"]\n[[publication]]\nsource = "comics/a"\n{said}\n')
    assert only_version(read_bundle(tmp_path, workers)).language == language


def test_a_korean_name_makes_a_korean_comic_and_is_reported(tmp_path: Path, workers: Workers) -> None:
    """A guess is never silent."""
    make_comic(tmp_path / "comics" / "탈출")
    library = read_bundle(tmp_path, workers)
    assert only_version(library).language == "ko"
    assert any("ko" in message and "name" in message for message in messages(library, Outcome.DECIDED))


def tiff_of(*sizes: tuple[int, int]) -> bytes:
    """A TIFF of pages of these sizes."""
    first, *others = (Image.new("RGB", size, "navy") for size in sizes)
    buffer = io.BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=others)
    return buffer.getvalue()


def test_each_page_of_a_tiff_is_a_page(tmp_path: Path, workers: Workers) -> None:
    """Chapters and words that follow stand at their pages all the same; nothing is said to be left out."""
    scans = tiff_of((30, 42), (42, 30), (30, 40))
    transcript = "## a.tif\n\n- One\n\n## 1.png\n\n- Four\n"
    files: dict[str, str | bytes] = {"1/a.tif": scans, "2/1.png": "", "2/2.png": "", "transcript.en.md": transcript}
    make_files(tmp_path / "comics" / "a", files)
    library = read_bundle(tmp_path, workers)
    comic = comic_of(only_version(library))
    assert [(one.width, one.height, one.page) for one in comic.pictures[:3] if isinstance(one, Picture)] == [
        (30, 42, 0),
        (42, 30, 1),
        (30, 40, 2),
    ]
    assert len(comic.pictures) == 5
    assert [chapter.first for chapter in comic.chapters] == [0, 3]
    assert comic.transcripts[0].sections == ((0, ("One",)), (3, ("Four",)))
    assert [remark.message for remark in library.remarks if "1/a.tif" in remark.source] == ["pages 1 to 3"]
    assert not messages(library, Outcome.WARNING)


# Flow and direction


def shapes(*sizes: tuple[int, int]) -> list[Picture]:
    """Pictures of these widths and heights."""
    return [Picture(Source(Path(str(index)), str(index)), *size) for index, size in enumerate(sizes)]


FLOWS = {
    "tall tiles": (shapes((850, 1200), *[(850, 3699)] * 10), Flow.STRIP),
    "manga pages": (shapes(*[(1000, 1420)] * 20), Flow.PAGES),
    "pages with a title, a wide strip and a last half": (
        shapes((992, 690), (992, 265), *[(992, 1401)] * 9, (992, 991)),
        Flow.PAGES,
    ),
    "pages with double pages": (shapes(*[(1000, 1500)] * 5, (2000, 1500)), Flow.PAGES),
    "one picture as tall as a tower": (shapes((800, 30_000)), Flow.STRIP),
    "equally wide pieces of all heights": (shapes((800, 600), (800, 1900), (800, 1100), (800, 2500)), Flow.STRIP),
    "one page": (shapes((1000, 1400)), Flow.PAGES),
    "nothing": ([], Flow.PAGES),
}


@pytest.mark.parametrize(("pictures", "flow"), FLOWS.values(), ids=list(FLOWS))
def test_shapes_decide_the_flow(pictures: list[Picture], flow: Flow) -> None:
    """Tall tiles are a strip; pages stay pages when some are odd."""
    assert flow_of(pictures, lambda jobs: [b""] * len(jobs))[0] is flow


def test_the_decided_flow_is_reported_and_can_be_overruled(tmp_path: Path, workers: Workers) -> None:
    """What the organizer says is no decision of ours."""
    make_strip(tmp_path / "comics" / "a", 3)
    decided = read_bundle(tmp_path, workers)
    assert comic_of(only_version(decided)).flow is Flow.STRIP
    assert any("`flow`" in message for message in messages(decided, Outcome.DECIDED))
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a"\nflow = "pages"\n')
    said = read_bundle(tmp_path, workers)
    assert comic_of(only_version(said)).flow is Flow.PAGES
    assert not any("`flow`" in message for message in messages(said, Outcome.DECIDED))


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ('language = "ar"', Direction.RTL),
        ('language = "ja"', Direction.LTR),
        ('language = "fa"\ndirection = "ltr"', Direction.LTR),
    ],
)
def test_the_direction_follows_the_language_unless_it_is_said(
    tmp_path: Path, workers: Workers, said: str, direction: Direction
) -> None:
    """Arabic and Persian books turn to the right."""
    make_comic(tmp_path / "comics" / "a", 1)
    write(tmp_path / "bundle.toml", f'[[publication]]\nsource = "comics/a"\n{said}\n')
    assert comic_of(only_version(read_bundle(tmp_path, workers))).direction is direction


@pytest.mark.parametrize(("flow", "warnings"), [("strip", 1), ("pages", 0)])
def test_a_strip_has_no_page_direction(tmp_path: Path, workers: Workers, flow: str, warnings: int) -> None:
    """Whoever asks for one is told that it does nothing, and what would."""
    make_comic(tmp_path / "comics" / "a", 1)
    write(tmp_path / "bundle.toml", f'[[publication]]\nsource = "comics/a"\ndirection = "rtl"\nflow = "{flow}"\n')
    said = messages(read_bundle(tmp_path, workers), Outcome.WARNING)
    assert len(said) == warnings
    assert all("no page direction" in message and 'flow = "pages"' in message for message in said)


def test_a_page_about_the_artist_without_words_is_left_out_and_told(tmp_path: Path, workers: Workers) -> None:
    """A heading alone does not stop a build."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "about.en.md": "# The artist\n"})
    library = read_bundle(tmp_path, workers)
    assert not comic_of(only_version(library)).about
    assert outcomes(library)["comics/a/about.en.md"] is Outcome.WARNING


# Pages, covers, damage


def test_chapters_follow_one_another(tmp_path: Path, workers: Workers) -> None:
    """Folders inside a comic are its chapters."""
    make_files(tmp_path / "comics" / "a", {f"{chapter}/{page}.png": "" for chapter in (10, 2) for page in (10, 9)})
    version = only_version(read_bundle(tmp_path, workers))
    labels = [picture.source.label for picture in comic_of(version).pictures]
    assert labels == [f"comics/a/{chapter}/{page}.png" for chapter in (2, 10) for page in (9, 10)]


def test_a_damaged_picture_keeps_its_place(tmp_path: Path, workers: Workers) -> None:
    """All others are read; measuring lists it later."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "2.png": b"no picture", "3.png": ""})
    kinds = [type(picture) for picture in comic_of(only_version(read_bundle(tmp_path, workers))).pictures]
    assert kinds == [Picture, Missing, Picture]


@pytest.mark.parametrize("content", [b"", b"<html>404 Not Found</html>"], ids=["no bytes", "HTML"])
def test_a_page_that_cannot_be_read_is_missing_in_its_place(tmp_path: Path, workers: Workers, content: bytes) -> None:
    """A failed download leaves such files behind; a work of nothing but them is none."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "2.png": content, "3.png": ""})
    version = only_version(read_bundle(tmp_path, workers))
    assert page_names(version) == ["1.png", "2.png", "3.png"]
    assert [isinstance(one, Missing) for one in comic_of(version).pictures] == [False, True, False]
    make_files(tmp_path / "comics" / "b", {"1.png": content, "2.png": content})
    assert len(read_bundle(tmp_path, workers).publications) == 2
    library = read_bundle(tmp_path, workers, skip_damaged=True)
    assert len(library.publications) == 1
    (remark,) = [remark for remark in library.remarks if remark.outcome is Outcome.DAMAGED]
    assert remark.source == "comics/b"
    assert remark.message.startswith("none of its pictures can be read; the first is comics/b/1.png: ")


def test_an_empty_page_in_an_archive_is_missing_in_its_place(tmp_path: Path, workers: Workers) -> None:
    """The pages beside it do not close up; an empty file that is called no picture is no page."""
    make_archive(tmp_path / "comics" / "a.cbz", {"1.png": "", "2.png": b"", "3.png": "", "4": b""})
    pictures = comic_of(only_version(read_bundle(tmp_path, workers))).pictures
    assert [type(picture) for picture in pictures] == [Picture, Missing, Picture]


def test_a_cover_from_elsewhere_is_no_page(tmp_path: Path, workers: Workers) -> None:
    """It is taken as the cover, and said to be."""
    make_files(tmp_path, {"comics/a/1.png": "", "covers/front.png": ""})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a"\ncover = "covers/front.png"\n')
    library = read_bundle(tmp_path, workers)
    comic = comic_of(only_version(library))
    assert comic.cover is not None
    assert (comic.cover.source.label, len(comic.pictures)) == ("covers/front.png", 1)
    assert outcomes(library)["covers/front.png"] is Outcome.TAKEN


def test_a_cover_that_is_damaged_is_an_error(tmp_path: Path, workers: Workers) -> None:
    """The organizer named it, so it is not quietly left out."""
    make_files(tmp_path, {"comics/a/1.png": "", "front.png": b"no picture"})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a"\ncover = "front.png"\n')
    with pytest.raises(SourceError, match="cover"):
        read_bundle(tmp_path, workers)


@pytest.mark.parametrize("name", ["Android", "recycled", "found.000"])
def test_a_comic_may_be_called_what_systems_leave_at_the_root_of_a_drive(
    tmp_path: Path, workers: Workers, name: str
) -> None:
    """A bundle is no drive, and nothing in it may be lost for its name."""
    make_files(tmp_path / "comics" / name, {"1.png": ""})
    assert outcomes(read_bundle(tmp_path, workers))[f"comics/{name}/1.png"] is Outcome.TAKEN


def test_an_archive_is_read_like_a_folder(tmp_path: Path, workers: Workers) -> None:
    """Pages in natural order, texts beside them, junk told by name."""
    files = {"10.png": "", "9.png": "", "transcript.en.md": "## 9\n- Hi", "__MACOSX/._9.png": "x", "more.css": "x"}
    make_archive(tmp_path / "comics" / "my_comic.cbz", files)
    library = read_bundle(tmp_path, workers)
    version = only_version(library)
    assert (version.title, version.language, page_names(version)) == ("my comic", "en", ["9.png", "10.png"])
    assert comic_of(version).transcripts[0].sections == ((0, ("Hi",)),)
    assert outcomes(library) == {
        "comics/my_comic.cbz": Outcome.TAKEN,
        "comics/my_comic.cbz/transcript.en.md": Outcome.TAKEN,
        "comics/my_comic.cbz/__MACOSX/._9.png": Outcome.PASSED_OVER,
        "comics/my_comic.cbz/more.css": Outcome.PASSED_OVER,
    }


def test_a_page_about_the_artist_is_an_article_of_its_own_language(tmp_path: Path, workers: Workers) -> None:
    """Beside the pictures, in a folder or in an archive."""
    about = {"1.png": "", "about.ko.md": "# 주옥\n\n그림을 그립니다.\n"}
    make_files(tmp_path / "comics" / "a", about)
    make_archive(tmp_path / "comics" / "b.zip", about)
    library = read_bundle(tmp_path, workers)
    for publication in library.publications:
        (page,) = comic_of(publication.versions[0]).about
        assert page.language == "ko"
        assert page.blocks


@needs_samples
def test_the_eleven_tiles_are_one_strip(workers: Workers) -> None:
    """The Bird's Eye: 850 x 38178 pixels."""
    library = read_bundle(SAMPLES / "comics" / "bird-eye", workers)
    comic = comic_of(only_version(library))
    pictures = [picture for picture in comic.pictures if isinstance(picture, Picture)]
    assert comic.flow is Flow.STRIP
    assert {picture.width for picture in pictures} == {850}
    assert sum(picture.height for picture in pictures) == 38_178


@needs_samples
def test_the_pages_of_pepper_have_three_transcripts(workers: Workers) -> None:
    """The picture without a page number comes first; every section finds its page."""
    library = read_bundle(SAMPLES / "comics", workers, language="ko")
    (version,) = next(p.versions for p in library.publications if "pepper" in p.versions[0].title)
    comic = comic_of(version)
    assert (comic.flow, len(comic.pictures), version.language) == (Flow.PAGES, 12, "ko")
    assert page_names(version)[:2] == [f"gfx_Pepper-and-Carrot_by-David-Revoy_E06{end}.png" for end in ("", "P00")]
    assert [t.language for t in comic.transcripts] == ["ko"]
    every = comic_of(read_bundle(SAMPLES / "comics", workers).publications[1].versions[0]).transcripts
    assert [t.language for t in every] == ["en", "fr", "ko"]
    assert all([index for index, _ in t.sections] == list(range(1, 12)) for t in every)
    assert not messages(library, Outcome.WARNING)


# Chapters


def chapters(version: Version) -> list[tuple[str, int]]:
    """The titles of a comic's chapters, each with the index of its first page."""
    return [(chapter.title, chapter.first) for chapter in comic_of(version).chapters]


def test_folders_are_chapters_with_titles(tmp_path: Path, workers: Workers) -> None:
    """In natural order; folders in folders are one title; what lies before them is in no chapter."""
    names = ("cover.png", "2_the_road/1.png", "2_the_road/2.png", "10/a/1.png", "10/b/1.png")
    make_files(tmp_path / "comics" / "a", dict.fromkeys(names, ""))
    version = only_version(read_bundle(tmp_path, workers))
    assert chapters(version) == [("2 the road", 1), ("10 · a", 3), ("10 · b", 4)]


@pytest.mark.parametrize("names", [["1.png", "2.png"], ["in/1.png", "in/2.png"]], ids=["loose", "in one folder"])
def test_pages_that_lie_together_have_no_chapters(tmp_path: Path, workers: Workers, names: list[str]) -> None:
    """A folder that holds everything divides nothing."""
    make_files(tmp_path / "comics" / "a", dict.fromkeys(names, ""))
    assert chapters(only_version(read_bundle(tmp_path, workers))) == []


def test_each_language_has_its_own_chapters(tmp_path: Path, workers: Workers) -> None:
    """The folder of the language is no part of their titles."""
    names = [f"{language}/{chapter}/1.png" for language in ("en", "ko") for chapter in (1, 2)]
    make_files(tmp_path / "comics" / "a", dict.fromkeys(["cover.png", *names], ""))
    (publication,) = read_bundle(tmp_path, workers).publications
    assert [chapters(version) for version in publication.versions] == [[("1", 1), ("2", 2)]] * 2
