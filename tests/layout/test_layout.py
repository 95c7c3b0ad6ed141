"""What files there are: the promises of the tree, for any number of works, pictures and languages."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.config import media
from packager.config.definition import Definition
from packager.config.profile import load
from packager.layout import lay_out
from packager.layout.build_input import BuildInput
from packager.layout.runs import Load, runs, split
from packager.model import (
    AllRenditions,
    Article,
    Block,
    Chapter,
    Comic,
    Copy,
    Direction,
    Document,
    Edition,
    Entry,
    Figure,
    Flow,
    Footnote,
    FootnoteMark,
    Heading,
    Library,
    MissingRendition,
    NameStyle,
    Paragraph,
    Picture,
    Publication,
    Rendition,
    Renditions,
    Role,
    RoleRenditions,
    Source,
    Span,
    StoredZip,
    Text,
    Transcript,
    Version,
    VersionKey,
    Wording,
)
from packager.output import templating
from tests.helpers.comicinfo_schema import schema

ANY = load("any")
WORDS = templating.dictionary()


def rendition(role: Role, index: int, width: int = 1220, height: int = 1719, size_bytes: int = 300_000) -> Rendition:
    return Rendition(role, f"{role}-{index}.jpg", width, height, size_bytes, index)


def renditions(count: int, size_bytes: int = 300_000) -> Renditions:
    shown = {role: tuple(rendition(role, index, size_bytes=size_bytes) for index in range(count)) for role in Role}
    shown[Role.COVER] = (rendition(Role.COVER, 0, 200, 282, 9_000),)
    return Renditions(tuple(RoleRenditions(role, items) for role, items in shown.items()))


def pictures(count: int) -> tuple[Picture, ...]:
    return tuple(Picture(Source(Path(f"{n}.jpg"), f"comics/c/{n}.jpg"), 1984, 2800) for n in range(count))


def comic(id_: str, count: int = 3, languages: tuple[str, ...] = ("ko",), flow: Flow = Flow.PAGES) -> Publication:
    work = Comic(flow, Direction.LTR, pictures(count))
    return Publication(id_, tuple(Version(language, f"Title in {language}", work) for language in languages))


def article(id_: str, *blocks: object) -> Publication:
    return Publication(id_, (Version("en", "An article", Article(tuple(blocks))),))  # type: ignore[arg-type]


def renditions_of(*publications: Publication, size_bytes: int = 300_000) -> dict[VersionKey, Renditions]:
    """As many pictures as each version shows, of that size."""
    found = {}
    for publication in publications:
        for version in publication.versions:
            found[publication.id, version.language] = renditions(len(version.pictures), size_bytes)
    return found


def entries_of(
    *publications: Publication,
    size_bytes: int = 300_000,
    shown: AllRenditions | None = None,
    editions: tuple[Edition, ...] = (Edition.SITE, Edition.PHONE, Edition.CBZ),
    languages: tuple[str, ...] = ("ko", "en"),
    names: NameStyle = NameStyle.NUMBERS,
) -> tuple[Entry, ...]:
    """The files of a tree of these publications, with pictures of that size, or with those that are `shown`."""
    definition = Definition(Path(), "window", Wording.plain("A window"), languages, names=names)
    library, medium = Library(publications, ()), media.space(0)
    build = BuildInput(definition, ANY, library, WORDS, templating.size_of, medium, editions)
    groups = lay_out(build, shown or renditions_of(*publications, size_bytes=size_bytes))
    return tuple(chain.from_iterable(group.entries for group in groups))


def text_of(entry: Entry) -> str:
    assert isinstance(entry.content, Document)
    return b"".join(piece for piece in templating.render(entry.content) if isinstance(piece, bytes)).decode()


def by_path(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    return {str(entry.path): entry for entry in entries}


def test_the_tree_of_one_comic_has_the_files_of_every_edition() -> None:
    """Home documents first, then the folder in reading order, then the one-file edition and the CBZ."""
    paths = [str(entry.path) for entry in entries_of(comic("w401"))]
    assert paths == [
        "index.html",
        "index-en.html",
        "w401/index.html",
        "w401/index-en.html",
        "w401/001.jpg",
        "w401/002.jpg",
        "w401/003.jpg",
        "phone/w401.html",
        "cbz/w401.cbz",
    ]


def test_a_further_language_has_a_folder_of_its_own() -> None:
    """The first version keeps the plain id."""
    paths = by_path(entries_of(comic("w401", 1, ("ko", "en"))))
    assert {"w401/001.jpg", "w401-en/001.jpg", "phone/w401-en.html", "cbz/w401-en.cbz"} <= set(paths)


@given(count=st.integers(0, 60), works=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_every_path_is_there_once_and_obeys_the_profile(count: int, works: int) -> None:
    """Whatever the number of works and pictures."""
    entries = entries_of(*(comic(f"w40{n}", count, ("ko", "en")) for n in range(works)))
    paths = [entry.path for entry in entries]
    assert len(set(paths)) == len(paths)
    for path in paths:
        assert all(re.fullmatch(ANY.tree.name_pattern, part) for part in path.parts)
        assert len(path.parts) - 1 <= ANY.tree.max_depth


@pytest.mark.parametrize("count", [1, 23, 24, 100])
def test_a_document_shows_at_most_the_pixels_of_the_profile(count: int) -> None:
    """And all documents together show every picture once, in order."""
    entries = entries_of(comic("w401", count), languages=("ko",))
    shown: list[str] = []
    for entry in entries:
        if entry.path.parent == PurePosixPath("w401") and isinstance(entry.content, Document):
            sizes = re.findall(r'<img src="([^"]+)" width="(\d+)" height="(\d+)"', text_of(entry))
            assert sum(int(width) * int(height) for _, width, height in sizes) <= ANY.document.max_pixels
            shown += [name for name, _, _ in sizes]
    assert shown == [f"{number:03}.jpg" for number in range(1, count + 1)]


def test_more_pictures_than_a_folder_may_hold_go_on_in_the_next_folder() -> None:
    """A profile's limit of files a folder holds for long strips too."""
    entries = entries_of(comic("w401", 2500), editions=(Edition.SITE,))
    folders: dict[PurePosixPath, int] = {}
    for entry in entries:
        folders[entry.path.parent] = folders.get(entry.path.parent, 0) + 1
    assert max(folders.values()) <= ANY.tree.max_files_in_folder


def test_above_two_hundred_works_they_stand_in_numbered_folders() -> None:
    """So that no folder holds more than a simple player can list."""
    entries = entries_of(*(comic(f"w4{n:03}", 1) for n in range(201)))
    paths = by_path(entries)
    assert {"1/w4000/index.html", "3/w4200/001.jpg", "phone/3/w4200.html", "cbz/1/w4099.cbz"} <= set(paths)
    assert 'href="../../index.html"' in text_of(paths["1/w4000/index.html"])


@pytest.mark.parametrize("size_bytes", [300_000, 2_000_000])
def test_a_one_file_edition_comes_in_parts_that_fit(size_bytes: int) -> None:
    """Each part is within the limit and names the next one as text."""
    entries = entries_of(comic("w401", 40), size_bytes=size_bytes, editions=(Edition.PHONE,))
    parts = [entry for entry in entries if entry.path.parts[0] == "phone"]
    assert len(parts) > 1
    assert all(part.size_bytes <= ANY.document.max_single_file_bytes for part in parts)
    for part, following in pairwise(parts):
        assert following.path.name in text_of(part)
        assert "href" not in text_of(part)


def test_a_one_file_edition_makes_no_phone_hold_more_pixels_than_a_page_may() -> None:
    """However few bytes they take."""
    entries = entries_of(comic("w401", 60), size_bytes=9_000, editions=(Edition.PHONE,))
    for entry in entries:
        if entry.path.parts[0] == "phone":
            sizes = re.findall(r'width="(\d+)" height="(\d+)"', text_of(entry))
            assert sum(int(width) * int(height) for width, height in sizes) <= ANY.document.max_pixels


def test_every_link_of_ours_leads_to_a_file_of_the_tree() -> None:
    """Previous, up, next, parts and other languages, from every document."""
    entries = entries_of(comic("w401", 40, ("ko", "en")), comic("w402", 1), article("w403", Paragraph((Text("x"),))))
    paths = set(by_path(entries))
    for entry in entries:
        if isinstance(entry.content, Document):
            for href in re.findall(r'href="([^"]+)"', text_of(entry)):
                assert posixpath.normpath(posixpath.join(entry.path.parent.as_posix(), href)) in paths


def test_a_publication_links_to_its_neighbours_in_its_language() -> None:
    """The English version goes on in English where the next work has it."""
    paths = by_path(entries_of(comic("w401", 1, ("ko", "en")), comic("w402", 1, ("ko", "en"))))
    assert 'href="../w402-en/index.html"' in text_of(paths["w401-en/index.html"])


def test_a_missing_page_is_named_in_its_place() -> None:
    """The reader says which, between its neighbours, and no file stands for it."""
    work = comic("w401", 3)
    gap = MissingRendition(1)
    shown = tuple(
        RoleRenditions(
            group.role, (group.shown[0], gap, *group.shown[2:]) if group.role is not Role.COVER else group.shown
        )
        for group in renditions(3).sets
    )
    entries = by_path(entries_of(work, shown={("w401", "ko"): Renditions(shown)}))
    text = text_of(entries["w401/index.html"])
    assert text.index("001.jpg") < text.index("2쪽이 빠져 있습니다.") < text.index("003.jpg")
    assert WORDS["ko"].pictures.format(n=3) in text, "it counts as the reader's buttons do"
    assert 'data-total="3"' in text
    assert "w401/002.jpg" not in entries


def test_the_words_of_a_missing_page_stand_in_its_place() -> None:
    """Where a reader needs them most."""
    work = Comic(
        Flow.PAGES, Direction.LTR, pictures(2), transcripts=(Transcript("ko", ((0, ("안녕",)), (1, ("끝말",)))),)
    )
    publication = Publication("w401", (Version("ko", "T", work),))
    shown = tuple(
        replace(group, shown=(MissingRendition(0), *group.shown[1:])) if group.role is not Role.COVER else group
        for group in renditions(2).sets
    )
    entries = by_path(entries_of(publication, shown={("w401", "ko"): Renditions(shown)}))
    text = text_of(entries["w401/index.html"])
    assert text.index("1쪽이 빠져 있습니다.") < text.index("안녕") < text.index("002.jpg")


def test_a_transcript_in_the_language_of_the_version_comes_first() -> None:
    """Whatever the order of the files."""
    transcripts = (Transcript("en", ((0, ("Hello",)),)), Transcript("ko", ((0, ("안녕",)),)))
    work = Comic(Flow.PAGES, Direction.LTR, pictures(1), transcripts=transcripts)
    text = text_of(by_path(entries_of(Publication("w401", (Version("ko", "T", work),))))["w401/index.html"])
    assert text.index("안녕") < text.index("Hello")


def test_a_library_gives_titles_in_its_own_language_where_there_are_any() -> None:
    """Also of a work that exists in another language only."""
    publication = replace(comic("w401", 1, ("ja",)), title=Wording((("en", "Bird's eye"), ("ko", "새의 눈"))))
    entries = by_path(entries_of(publication))
    assert "새의 눈" in text_of(entries["index.html"])
    assert "Bird&#39;s eye" in text_of(entries["index-en.html"])


def followed(entries: dict[str, Entry], home: str) -> dict[str, str]:
    """The texts of all documents that links lead to from a home document, but for those to other languages, by path."""
    found: dict[str, str] = {}
    to_follow = [home]
    while to_follow:
        path = to_follow.pop()
        if path not in found:
            found[path] = re.sub('<p class="languages">.*', "", text_of(entries[path]))
            links = re.findall(r'<a [^>]*href="([^"]+)"', found[path])
            to_follow += [posixpath.normpath(posixpath.join(posixpath.dirname(path), link)) for link in links]
    return found


@pytest.mark.parametrize("language", ["ko", "en", "ar"])
def test_a_reader_stays_in_the_language_of_the_library(language: str) -> None:
    """Work after work, part after part, in whatever languages they are; and comes to every work."""
    works = [comic(f"w{n}", 40, (spoken,)) for n, spoken in enumerate(["ko", "en", "ja", "ar", "vi", "zxx", "und"])]
    entries = by_path(entries_of(*works, languages=("ko", "en", "ar"), editions=(Edition.SITE,)))
    home = {"ko": "index.html"}.get(language, f"index-{language}.html")
    found = followed(entries, home)
    assert all(f'<html lang="{language}"' in text for text in found.values())
    assert {path.partition("/")[0] for path in found} == {home, *(work.id for work in works)}


def test_a_reader_who_chooses_a_version_goes_on_in_its_language() -> None:
    """Where the library has it; each version that some library shows has one set of documents for each of these."""
    entries = by_path(entries_of(comic("w401", 1, ("ko", "en", "vi")), editions=(Edition.SITE,)))
    assert [path for path in entries if path.endswith(".html")] == [
        "index.html",
        "index-en.html",
        "w401/index.html",
        "w401-en/index.html",
        "w401-vi/index.html",
        "w401-vi/index-en.html",
    ]
    english = text_of(entries["w401-en/index.html"])
    assert all(f'href="../{path}"' in english for path in ("index-en.html", "w401/index.html", "w401-vi/index-en.html"))


def test_a_document_and_the_library_tell_a_works_language_where_it_is_another() -> None:
    """And what has no words is told to have none."""
    entries = by_path(entries_of(comic("w1", 1, ("ja",)), comic("w2", 1, ("zxx",)), comic("w3", 1), languages=("ko",)))
    told = ["日本語", "글 없는 그림", "그림 1장"]
    assert re.findall(r'<p class="length"[^>]*>(?:<b>)?([^<]+)', text_of(entries["index.html"])) == told
    for number, language in enumerate(told[:2], 1):
        assert language in text_of(entries[f"w{number}/index.html"])
    assert 'lang="zxx"' not in text_of(entries["w2/index.html"])


@pytest.mark.parametrize("direction", Direction)
def test_a_scroll_is_one_row_that_begins_where_it_is_read_from(direction: Direction) -> None:
    """A row for each chapter, without a script of the reader's, which goes up and down."""
    chapters = (Chapter("One", 0), Chapter("Two", 2))
    work = Comic(Flow.SCROLL, direction, pictures(4), chapters=chapters)
    text = text_of(by_path(entries_of(Publication("w401", (Version("ko", "T", work),))))["phone/w401.html"])
    rows = re.findall(r'<div class="scroll" dir="(\w+)" tabindex="0">\n(.*?)</div>', text, re.DOTALL)
    assert [(row[0], row[1].count("<img")) for row in rows] == [(direction, 2), (direction, 2)]
    assert "data-width" not in text


def test_transcripts_and_the_artists_page_follow_the_reader() -> None:
    """Whoever reads the library in English has the English words below a Korean page."""
    transcripts = (Transcript("ko", ((0, ("안녕",)),)), Transcript("en", ((0, ("Hello",)),)))
    work = Comic(Flow.PAGES, Direction.LTR, pictures(1), transcripts=transcripts)
    entries = by_path(entries_of(Publication("w401", (Version("ko", "T", work),))))
    for path, first, last in (("index", "안녕", "Hello"), ("index-en", "Hello", "안녕")):
        text = text_of(entries[f"w401/{path}.html"])
        assert text.index(first) < text.index(last)


def test_titles_of_documents_tell_nothing_unless_asked_to() -> None:
    """With names = numbers the <title> is the number; with titles it is the work's."""
    plain = by_path(entries_of(comic("w401", 1)))
    assert "<title>w401</title>" in text_of(plain["w401/index.html"])
    told = by_path(entries_of(comic("w401", 1), names=NameStyle.TITLES))
    assert "<title>Title in ko</title>" in text_of(told["w401/index.html"])


def test_the_words_of_a_page_stand_under_it() -> None:
    """Of the first transcript; those in other languages follow after the pictures, page by page."""
    work = Comic(
        Flow.PAGES,
        Direction.LTR,
        pictures(2),
        transcripts=(Transcript("ko", ((0, ("안녕",)), (1, ("잘 가",)))), Transcript("en", ((1, ("Bye",)),))),
    )
    publication = Publication("w401", (Version("ko", "T", work),))
    text = text_of(by_path(entries_of(publication))["w401/index.html"])
    assert [text.index(word) for word in ("001.jpg", "안녕", "002.jpg", "잘 가", "Bye")] == sorted(
        text.index(word) for word in ("001.jpg", "안녕", "002.jpg", "잘 가", "Bye")
    )


def test_a_library_names_the_phone_files_of_languages_that_it_does_not_speak() -> None:
    """Nobody would find them else: a phone does not follow links."""
    work = Article((Paragraph((Text("Words."),)),))
    publication = Publication("w401", (Version("ko", "글", work), Version("vi", "T", work)))
    text = text_of(by_path(entries_of(publication, languages=("ko",)))["index.html"])
    assert all(f'href="{name}">{name}</a>' in text for name in ("phone/w401.html", "phone/w401-vi.html"))


def strip(count: int, *transcripts: Transcript, chapters: tuple[Chapter, ...] = ()) -> Publication:
    work = Comic(Flow.STRIP, Direction.LTR, pictures(count), transcripts=transcripts, chapters=chapters)
    return Publication("w401", (Version("ko", "T", work),))


def test_the_words_of_a_strip_stand_in_the_document_that_shows_them() -> None:
    """After its pictures, once, also when one picture of the source goes on in the next document."""
    transcript = Transcript("ko", tuple((index, (f"words of {index}.",)) for index in range(60)))
    entries = entries_of(strip(60, transcript), editions=(Edition.SITE,), languages=("ko",))
    told = []
    for entry in entries:
        if isinstance(entry.content, Document) and entry.path.parts[0] == "w401":
            shown = [int(name) - 1 for name in re.findall(r'src="(\d+)\.jpg"', text_of(entry))]
            words = [int(index) for index in re.findall(r"words of (\d+)\.", text_of(entry))]
            assert words == shown
            told += words
    assert told == list(range(60))


@given(count=st.integers(1, 60), most=st.integers(1, 9))
def test_two_pages_that_face_each_other_stay_together(count: int, most: int) -> None:
    """The cover is alone; wherever a next document begins, pairs go on as they would in a book."""
    work = Comic(Flow.PAGES, Direction.LTR, pictures(count))
    shown = tuple((index + 1, rendition(Role.PAGE, index)) for index in range(count))
    found = runs(work, shown, lambda _: Load(1), Load(most))
    assert [item for run in found for item in run.shown] == list(shown)
    assert most == 1 or all(run.first == 1 or run.first % 2 == 0 for run in found)
    assert all(len(run.shown) <= most for run in found)


def test_a_paragraph_in_another_language_is_said_to_be_so_as_a_whole() -> None:
    """So that it stands at the edge at which it begins."""
    inside = Span((Text("مرحبا"),), "ar", Direction.RTL)
    entries = by_path(entries_of(article("w401", Paragraph((inside,)), Paragraph((Text("a "), inside)))))
    text = text_of(entries["w401/index.html"])
    assert '<p lang="ar" dir="rtl">مرحبا</p>' in text
    assert '<p>a <span lang="ar" dir="rtl">مرحبا</span></p>' in text


def test_a_picture_that_goes_on_in_the_next_document_is_told_of_in_the_first() -> None:
    """Slices of a strip begin and end where its pieces do not."""
    slices = tuple(rendition(Role.PAGE, first, 1080, 1620) for first in (0, 0, 1, 1, 2))
    comic_ = Comic(Flow.STRIP, Direction.LTR, pictures(4))
    found = runs(comic_, tuple(enumerate(slices, 1)), lambda _: Load(1), Load(3))
    assert [(run.first, run.sources) for run in found] == [(1, range(2)), (4, range(2, 4))]


def test_a_chapter_begins_a_document_that_the_contents_lead_to() -> None:
    """At the top of the first document, and at the bottom of each."""
    chapters = (Chapter("The road", 1), Chapter("The sea", 3))
    entries = by_path(entries_of(strip(5, chapters=chapters)))
    first, road, sea = (text_of(entries[f"w401/{name}.html"]) for name in ("index", "2", "3"))
    assert first.count('<a href="2.html">The road</a>') == 2
    assert re.findall(r'src="(\d+)', road) == ["002", "003"]
    assert sea.index('<h2 class="chapter" lang="ko" dir="ltr">The sea</h2>') < sea.index("004.jpg")
    assert "<b>The sea</b>" in sea
    assert '<a href="2.html">The road</a>' in sea


def test_a_one_file_edition_keeps_chapters_together_and_names_them() -> None:
    """In one file as long as they fit, with their titles in their places."""
    chapters = (Chapter("The road", 1), Chapter("The sea", 3))
    entries = by_path(entries_of(strip(5, chapters=chapters), editions=(Edition.PHONE,)))
    text = text_of(entries["phone/w401.html"])
    assert "phone/w401-2.html" not in entries
    titles = re.findall("data:image|The road</h2>|The sea</h2>", text)
    assert titles == ["data:image", "The road</h2>", *["data:image"] * 2, "The sea</h2>", *["data:image"] * 2]


def test_every_part_of_a_one_file_edition_is_complete() -> None:
    """With what to open where its pictures do not show, the cover, and what is in which file."""
    entries = by_path(entries_of(comic("w401", 60), editions=(Edition.SITE, Edition.PHONE)))
    parts = [entry for path, entry in entries.items() if path.startswith("phone/")]
    assert len(parts) > 2
    counts = [text_of(part).count('alt="') - (number > 0) for number, part in enumerate(parts)]
    held = list(zip(parts, [1 + sum(counts[:number]) for number, _ in enumerate(parts)], strict=True))
    for number, part in enumerate(parts, 1):
        text = text_of(part)
        body = text.partition("<body")[2]
        assert "w401 폴더를 여세요" in body[: body.index("</p>")], "the first line"
        assert f"{len(parts)}부 가운데 {number}부" in text
        assert text.count('class="cover"') == (number > 1)
        assert isinstance(part.content, Document)
        assert len(part.content.pictures) == text.count("<img")
        assert re.findall(r"<li>(?:<b>)?(w401\S*): (\d+)", text) == [
            (part.path.name, str(first)) for part, first in held
        ]


@pytest.mark.parametrize(
    ("editions", "words"),
    [
        ((Edition.SITE, Edition.PHONE), "w401 폴더를 여세요"),
        ((Edition.PHONE, Edition.PHOTO), "photo/w401 폴더를 여세요"),
        ((Edition.PHONE,), "다른 프로그램에서 여세요"),
    ],
    ids=["a folder with documents", "a folder with pictures", "nothing else"],
)
def test_a_single_file_always_says_what_to_open_instead(editions: tuple[Edition, ...], words: str) -> None:
    """Where its pictures do not show, as in Internet Explorer 8."""
    text = text_of(by_path(entries_of(comic("w401", 2), editions=editions))["phone/w401.html"])
    body = text.partition("<body")[2]
    assert words in body[: body.index("</p>")]


def test_a_text_runs_in_the_direction_that_its_source_says() -> None:
    """Whatever its language."""
    work = Article((Paragraph((Text("Words."),)),), direction=Direction.RTL)
    text = text_of(by_path(entries_of(Publication("w401", (Version("en", "T", work),))))["w401/index.html"])
    assert '<h1 lang="en" dir="rtl">' in text
    assert '<div class="text" lang="en" dir="rtl">' in text


def in_two_languages(ko: tuple[Block, ...], en: tuple[Block, ...]) -> str:
    versions = (Version("ko", "글", Article(ko)), Version("en", "Text", Article(en)))
    publication = Publication("w401", versions, parallel=("ko", "en"))
    return text_of(by_path(entries_of(publication))["w401/index.html"]).partition("<body")[2]


def paragraph(text: str, *marks: FootnoteMark) -> Paragraph:
    return Paragraph((Text(text), *marks))


def test_two_languages_of_an_article_stand_beside_each_other() -> None:
    """Block by block between headings where there are as many, and each in its own language."""
    heading = Heading(2, (Text("Two"),))
    text = in_two_languages(
        (paragraph("하나"), Heading(2, (Text("둘"),)), paragraph("셋"), paragraph("넷")),
        (paragraph("one"), heading, paragraph("three and four")),
    )
    rows = re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    assert [re.findall(r"하나|one|둘|Two", row) for row in rows] == [["하나", "one"], ["둘", "Two"]]
    assert '<td class="side" lang="en" dir="ltr">' in rows[0]
    after = text.index('<div class="other" lang="en" dir="ltr">')
    assert text.index("셋") < text.index("넷") < after < text.index("three and four")


def test_a_picture_is_shown_once_for_both_languages() -> None:
    """Whether the other text shows it too or not; what it says of it stands there."""
    figure = Figure(pictures(1)[0], caption=(Text("물 위의 배"),))
    other = Figure(pictures(1)[0], caption=(Text("A boat"),))
    for en in ((paragraph("first"), other, paragraph("second")), (paragraph("first"), paragraph("second"))):
        text = in_two_languages((paragraph("하나"), figure, paragraph("둘")), en)
        assert text.count("<img") == 1
        assert re.findall(r"하나|first\b|물 위의 배</p>|A boat|둘|second", text) == [
            *("하나", "first", "물 위의 배</p>"),
            *(["A boat"] if other in en else []),
            *("둘", "second"),
        ]


def test_the_footnotes_of_both_languages_stand_beneath() -> None:
    """Those with the same label beside each other, and none is lost."""
    text = in_two_languages(
        (paragraph("하나", FootnoteMark("1")), Footnote("1", (paragraph("각주 하나"),))),
        (
            paragraph("one", FootnoteMark("1"), FootnoteMark("2")),
            *(Footnote("1", (paragraph("note one"),)), Footnote("2", (paragraph("note two"),))),
        ),
    )
    notes = text[text.index('class="notes"') :]
    assert re.findall(r"각주 하나|note one|note two", notes) == ["각주 하나", "note one", "note two"]


def test_two_transcripts_stand_beside_each_other_line_by_line() -> None:
    """Where both have as many lines for a page, else page by page; one language alone where the other is silent."""
    ko = Transcript("ko", ((0, ("가", "나")), (1, ("다",)), (2, ("라",))))
    en = Transcript("en", ((0, ("A", "B")), (1, ("C", "D"))))
    work = Comic(Flow.PAGES, Direction.LTR, pictures(3), transcripts=(en, ko))
    publication = Publication("w401", (Version("ko", "T", work),), parallel=("en", "ko"))
    text = text_of(by_path(entries_of(publication))["w401/index.html"])
    rows = re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    assert [re.findall(r"<p>(.)</p>", row) for row in rows] == [["가", "A"], ["나", "B"], ["다", "C", "D"]]
    assert "<p>라</p>" in text


def test_a_footnote_stands_in_the_document_that_points_to_it() -> None:
    """However many documents an article needs for its pictures."""
    figures = [Figure(picture) for picture in pictures(40)]
    blocks = (
        Heading(2, (Text("One"),)),
        *figures,
        Paragraph((Text("Look"), FootnoteMark("7"))),
        Footnote("7", (Paragraph((Text("The note."),)),)),
    )
    entries = by_path(entries_of(article("w401", *blocks)))
    for path in ("w401/index.html", "w401/2.html", "w401/3.html"):
        text = text_of(entries[path])
        assert ("The note." in text) == ("Look" in text)


def test_a_cbz_holds_the_pages_in_order_with_a_description_from_our_model() -> None:
    """ComicInfo.xml first, then 001.jpg ..., with sizes as they are."""
    (entry,) = [entry for entry in entries_of(comic("w401", 2)) if isinstance(entry.content, StoredZip)]
    assert isinstance(entry.content, StoredZip)
    info, *pages = entry.content.members
    assert [str(page.path) for page in pages] == ["001.jpg", "002.jpg"]
    assert all(isinstance(page.content, Copy) for page in pages)
    root = ElementTree.fromstring(text_of(info))
    assert root.findtext("Title") == "Title in ko"
    assert [page.get("ImageSize") for page in root.iter("Page")] == ["300000", "300000"]


def test_a_cbz_larger_than_a_file_may_be_comes_in_parts_that_home_names() -> None:
    """Each with all its own, none above the profile's limit, no page lost."""
    entries = by_path(entries_of(comic("w401", 1500), size_bytes=2_000_000, editions=(Edition.SITE, Edition.CBZ)))
    parts = [entry for path, entry in entries.items() if path.startswith("cbz/")]
    assert len(parts) == 2
    assert all(part.size_bytes <= ANY.tree.max_file_bytes for part in parts)
    assert sum(len(part.content.members) - 1 for part in parts if isinstance(part.content, StoredZip)) == 1500
    home = text_of(entries["index.html"])
    assert all(str(part.path) in home for part in parts)


@pytest.mark.parametrize("direction", Direction)
def test_what_describes_a_cbz_obeys_its_schema(direction: Direction) -> None:
    """Version 2.0, with everything that our model can say."""
    work = Comic(Flow.PAGES, direction, pictures(2))
    version = Version("ar", "A <title> & more", work, ("One", "Two"), "A summary", "Credit")
    publication = Publication("w401", (version,), series=Wording.plain("A series"))
    (entry,) = [entry for entry in entries_of(publication) if isinstance(entry.content, StoredZip)]
    assert isinstance(entry.content, StoredZip)
    schema().validate(text_of(entry.content.members[0]))


def test_an_article_without_pictures_needs_no_more_than_its_text() -> None:
    """No cover, no CBZ, one document."""
    paths = [str(entry.path) for entry in entries_of(article("w401", Paragraph((Text("Words."),))))]
    assert paths == ["index.html", "index-en.html", "w401/index.html", "w401/index-ko.html", "phone/w401.html"]


@given(weights=st.lists(st.integers(0, 50), max_size=40), limit=st.integers(1, 60))
def test_splitting_keeps_order_and_limits(weights: list[int], limit: int) -> None:
    """Nothing is lost, and a run is over the limit only when a single item is."""
    runs = split(weights, Load, Load(limit))
    assert [weight for run in runs for weight in run] == weights
    assert all(sum(run) <= limit or len([weight for weight in run if weight]) == 1 for run in runs)


def test_hostile_titles_stay_text() -> None:
    """Markup and control characters in what an organizer typed never become markup."""
    publication = Publication(
        "w401", (Version("ko", "<script>\x1a0\x1a&", Comic(Flow.PAGES, Direction.LTR, pictures(1))),)
    )
    text = text_of(by_path(entries_of(publication))["w401/index.html"])
    assert "&lt;script&gt;0&amp;" in text
