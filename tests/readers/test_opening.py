"""Archives and books become comics: whatever holds the pages, they come whole, in order, and told where they lay."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pypdfium2
import pytest

from packager.archive.read import read_source
from packager.config.definition import PublicationDefinition
from packager.errors import SourceError
from packager.model import Direction, Library, Outcome, Picture, Source
from packager.readers import pdf
from packager.readers.context import Scratch
from packager.readers.files import FileKind, SourceFile, member_path
from packager.readers.found import FoundWork, WorkKind
from packager.readers.opening import open_works
from packager.sandbox.limits import Limits
from packager.sandbox.pool import Workers
from tests.archive.test_archive_forms import MAKERS, Make, each_form, zipped
from tests.helpers.books import add_text, comic_book, jpeg, page, png, write_pdf
from tests.helpers.builders import packager
from tests.helpers.rars import rar5
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
from tests.readers.test_comics import chapters


def put(path: Path, data: bytes) -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def pages(library: Library) -> list[bytes]:
    """The bytes of the one comic's pages, in order."""
    return [read_source(picture.source) for picture in comic_of(only_version(library)).pictures]


ENDINGS = {"zip": "cbz", "7z": "cb7", "tar": "cbt", "rar 5": "cbr"}
THREE = {
    name: png(colour=colour) for name, colour in (("10.png", "#112233"), ("9.png", "#445566"), ("a/1.png", "#778899"))
}


@pytest.mark.parametrize("form", MAKERS)
def test_every_form_of_archive_is_a_comic(tmp_path: Path, workers: Workers, form: str) -> None:
    """Pages in natural order, folders as chapters, everything else told."""
    ending = ENDINGS.get(form, form)
    put(tmp_path / "comics" / f"a.{ending}", MAKERS[form](THREE | {"x.css": b"y", "__MACOSX/._1.png": b"z"}))
    library = read_bundle(tmp_path, workers)
    assert pages(library) == [THREE[name] for name in ("9.png", "10.png", "a/1.png")]
    assert chapters(only_version(library)) == [("a", 2)]
    assert outcomes(library) == {
        f"comics/a.{ending}": Outcome.TAKEN,
        f"comics/a.{ending}/x.css": Outcome.PASSED_OVER,
        f"comics/a.{ending}/__MACOSX/._1.png": Outcome.PASSED_OVER,
    }


@each_form
def test_archives_inside_archives_are_chapters(tmp_path: Path, workers: Workers, make: Make) -> None:
    """Of any form in any form; their names are the chapters' titles."""
    inner = {f"{number}.cbz": make({"1.png": png(), "2.png": png()}) for number in (10, 9)}
    put(tmp_path / "comics" / "a.zip", make(inner))
    version = only_version(read_bundle(tmp_path, workers))
    assert chapters(version) == [("9", 0), ("10", 2)]
    labels = [picture.source.label for picture in comic_of(version).pictures]
    assert labels[0] == "comics/a.zip/9.cbz/1.png"


def test_archives_beside_pages_are_chapters_too(tmp_path: Path, workers: Workers) -> None:
    """Each has an outcome of its own in the report."""
    make_files(tmp_path / "comics" / "a", {"cover.png": "", "1/1.png": ""})
    make_archive(tmp_path / "comics" / "a" / "2.cbz", {"1.png": "", "2.png": ""})
    make_archive(tmp_path / "comics" / "a" / "3.zip", {"notes.css": "x"})
    library = read_bundle(tmp_path, workers)
    assert chapters(only_version(library)) == [("1", 1), ("2", 2)]
    assert outcomes(library)["comics/a/2.cbz"] is Outcome.TAKEN
    assert messages(library, Outcome.WARNING) == ["comics/a/3.zip: contains no picture"]


def nested(levels: int) -> bytes:
    """A picture inside so many archives."""
    data = png()
    for level in range(levels):
        data = zipped({f"{level}.zip" if level else "1.png": data, f"beside {level}.png": png()})
    return data


def test_archives_are_opened_to_a_limit(tmp_path: Path, workers: Workers) -> None:
    """The one that lies too deep is told, and what lies beside it is read."""
    put(tmp_path / "comics" / "a.zip", nested(5))
    library = read_bundle(tmp_path, workers)
    assert len(comic_of(only_version(library)).pictures) == 3
    (message,) = messages(library, Outcome.WARNING)
    assert message.endswith("2.zip: lies inside 3 archives, so it is not opened: unpack it")


def work_of(path: Path) -> FoundWork:
    """The work that an archive is."""
    file = SourceFile(Source(path, path.name), PurePosixPath(path.name), FileKind.ARCHIVE)
    return FoundWork(WorkKind.COMIC, file.path, (), PublicationDefinition(path), archive=file)


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(members=3), "more than 3 members, with"), (Limits(archive_bytes=500), "unpacks to more than")],
    ids=["members", "bytes"],
)
def test_limits_hold_for_all_archives_of_a_work_together(
    tmp_path: Path, workers: Workers, limits: Limits, words: str
) -> None:
    """Many small archives in one are no way around them."""
    inner = zipped({"1.png": png(), "2.png": png()})
    path = put(tmp_path / "a.zip", zipped({f"{number}.zip": inner for number in range(3)}))
    (tmp_path / "scratch").mkdir()
    problems: list[SourceError] = []
    assert not list(open_works([work_of(path)], workers, Scratch(tmp_path / "scratch"), problems, limits))
    assert [words in str(problem) for problem in problems] == [True]


def test_a_broken_archive_is_named_and_can_be_left_out(tmp_path: Path, workers: Workers) -> None:
    """With all others, in one run; what lies beside it in the same comic stays."""
    put(tmp_path / "comics" / "a" / "1.png", png())
    put(tmp_path / "comics" / "a" / "2.cbr", b"Rar!\x1a\x07\x01\x00 cut")
    put(tmp_path / "comics" / "b.cb7", b"7z\xbc\xaf\x27\x1c cut")
    with pytest.raises(SourceError) as caught:
        read_bundle(tmp_path, workers)
    assert all(name in str(caught.value) for name in ("2 sources", "comics/a/2.cbr", "comics/b.cb7"))
    library = read_bundle(tmp_path, workers, skip_damaged=True)
    assert len(comic_of(only_version(library)).pictures) == 1
    damaged = {remark.source for remark in library.remarks if remark.outcome is Outcome.DAMAGED}
    assert damaged == {"comics/a/2.cbr", "comics/b.cb7"}
    assert damaged.isdisjoint(remark.source for remark in library.remarks if remark.outcome is not Outcome.DAMAGED)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a/1.png", "a/1.png"),
        ("/etc/1.png", "etc/1.png"),
        ("../../1.png", "1.png"),
        ("a\\b\\1.png", "a/b/1.png"),
        ("C:\\x\\1.png", "x/1.png"),
        ("//server/share/1.png", "server/share/1.png"),
        ("a/./b//1.png", "a/b/1.png"),
        ("..", "unnamed"),
        ("", "unnamed"),
        (" a /1.png", " a /1.png"),
    ],
)
def test_a_members_name_is_a_label_below_its_archive(name: str, place: str) -> None:
    """Nothing in it leads anywhere else."""
    assert str(member_path(name)) == place


@pytest.mark.needs("bsdtar")
def test_a_rar_is_read_where_only_a_program_can(tmp_path: Path) -> None:
    """Workers may start none: what it writes is taken in by the process that they belong to."""
    put(tmp_path / "b" / "comics" / "a.cbr", rar5(THREE))
    ended = packager("build", "b", cwd=tmp_path, environment={"LIBARCHIVE": "none.so"})
    assert ended.returncode == 0, ended.stderr
    assert len(list((tmp_path / "b-built" / "b").glob("*/00?.jpg"))) == 3


def test_where_nothing_reads_rar_one_line_says_what_to_install(tmp_path: Path) -> None:
    """Neither library nor program."""
    put(tmp_path / "b" / "comics" / "a.cbr", rar5(THREE))
    ended = packager("build", "b", cwd=tmp_path, environment={"LIBARCHIVE": "none.so", "PATH": str(tmp_path)})
    assert ended.returncode == 4
    assert "comics/a.cbr: is an archive that nothing on this computer reads" in ended.stderr
    assert "libarchive13" in ended.stderr


def test_where_all_is_skipped_it_is_said_why(tmp_path: Path) -> None:
    """That there is nothing to read is the half of it."""
    put(tmp_path / "b" / "comics" / "a.cbr", rar5(THREE))
    without = {"LIBARCHIVE": "none.so", "PATH": str(tmp_path)}
    ended = packager("build", "b", "--skip-damaged", cwd=tmp_path, environment=without)
    assert ended.returncode == 4
    assert "comics/a.cbr: is an archive that nothing on this computer reads" in ended.stderr


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.cbz", "a.cbz: not taken: it is not in comics/: move it there"),
        ("comics/a.cbz.gz", "comics/a.cbz.gz: not taken: unpack it"),
        ("comics/a.iso", "comics/a.iso: not taken: unpack it"),
        ("1.jpg", "1.jpg: it is not part of a comic"),
    ],
)
def test_where_nothing_is_read_what_lies_there_is_named(
    tmp_path: Path, workers: Workers, name: str, reason: str
) -> None:
    """With what to do about it."""
    put(tmp_path / "comics" / "note.json", b"{}")
    put(tmp_path / name, png() if name.endswith(".jpg") else b"what it holds")
    with pytest.raises(SourceError, match="nothing to read") as raised:
        read_bundle(tmp_path, workers)
    assert reason in raised.value.hint


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"<!DOCTYPE html><p>404", "an HTML document"), (b'{"error": 1}', "plain text"), (jpeg(), "a JPEG picture")],
)
def test_what_is_no_archive_is_called_what_it_is(tmp_path: Path, workers: Workers, content: bytes, kind: str) -> None:
    """Such as what a site sent in place of the archive: there is nothing to unpack."""
    put(tmp_path / "comics" / "a.cbz", content)
    with pytest.raises(SourceError, match=f"is {kind}, not an archive"):
        read_bundle(tmp_path, workers)


def test_why_an_archive_of_books_holds_nothing_is_said(tmp_path: Path, workers: Workers) -> None:
    """It is not empty: what lies in it is not opened there."""
    book = comic_book(tmp_path / "1.epub", {"1.xhtml": page("a.png")}, ["a.png"]).read_bytes()
    put(tmp_path / "b" / "comics" / "Pack.zip", zipped({"Vol 1.epub": book}))
    with pytest.raises(SourceError, match=r"Vol 1\.epub: an EPUB inside an archive is not opened: unpack it"):
        read_bundle(tmp_path / "b", workers)


@pytest.mark.parametrize("name", ["2.jpg.lnk", "2.png - Shortcut.lnk", ".2.jpg.icloud", "b.cbz.lnk"])
def test_what_stands_for_a_file_elsewhere_is_like_a_link(tmp_path: Path, workers: Workers, name: str) -> None:
    """It may be a page that would be lost."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "3.png": "", name: b"L\0\0\0"})
    with pytest.raises(SourceError, match="is a shortcut to a file elsewhere") as raised:
        read_bundle(tmp_path, workers)
    assert name in str(raised.value)


@pytest.mark.parametrize("name", ["Visit us.lnk", "window.url"])
def test_other_shortcuts_are_passed_over(tmp_path: Path, workers: Workers, name: str) -> None:
    """Such as those to a site."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", name: b"L\0\0\0"})
    assert outcomes(read_bundle(tmp_path, workers))[f"comics/a/{name}"] is Outcome.PASSED_OVER


def test_a_document_outside_articles_is_warned_of(tmp_path: Path, workers: Workers) -> None:
    """A whole text may be lost; a note of a few lines is only named."""
    make_files(tmp_path, {"comics/a/1.png": "", "story.docx": b"PK", "note.txt": b"Buy ink."})
    library = read_bundle(tmp_path, workers)
    assert outcomes(library)["story.docx"] is Outcome.WARNING
    assert outcomes(library)["note.txt"] is Outcome.PASSED_OVER


def test_an_archive_of_no_bytes_is_warned_of(tmp_path: Path, workers: Workers) -> None:
    """A whole work may be lost with it."""
    put(tmp_path / "comics" / "a.cbz", b"")
    put(tmp_path / "comics" / "b" / "1.png", png())
    warnings = messages(read_bundle(tmp_path, workers), Outcome.WARNING)
    assert warnings == ["comics/a.cbz: an empty file, as where a download failed"]


@pytest.mark.parametrize("form", ["rar 5", "zip"])
def test_a_member_is_what_its_place_is(tmp_path: Path, workers: Workers, form: str) -> None:
    """Dots that lead out of an archive make nothing hidden, not in the process that unpacks either."""
    if form not in MAKERS:
        pytest.skip(f"nothing here reads {form}")
    packed = {"../../1.png": png(colour="#112233"), "./2.png": png(colour="#445566"), "a/._3.png": png()}
    put(tmp_path / "comics" / f"a.{ENDINGS[form]}", MAKERS[form](packed))
    library = read_bundle(tmp_path, workers)
    assert pages(library) == [packed["../../1.png"], packed["./2.png"]]
    assert outcomes(library)[f"comics/a.{ENDINGS[form]}/a/._3.png"] is Outcome.PASSED_OVER


# EPUB


def test_an_epub_of_pictures_is_a_comic_in_the_books_order(tmp_path: Path, workers: Workers) -> None:
    """What it says of itself is used, its words become the transcript, and pictures that no page shows are told."""
    bodies = {"9.xhtml": page("img/z.png", "Where to?"), "1.xhtml": page("img/a.png", "To the sea.")}
    comic_book(
        tmp_path / "comics" / "b.epub",
        bodies,
        ["img/z.png", "img/a.png", "img/unused.png"],
        spine='page-progression-direction="rtl"',
    )
    library = read_bundle(tmp_path, workers)
    version = only_version(library)
    assert page_names(version) == ["z.png", "a.png"]
    assert (version.title, version.authors, version.language) == ("A window", ("Ju Ok",), "ko")
    assert comic_of(version).direction is Direction.RTL
    (transcript,) = comic_of(version).transcripts
    assert transcript.sections == ((0, ("Where to?",)), (1, ("To the sea.",)))
    assert "comics/b.epub/OEBPS/img/unused.png: no page of the book shows it" in messages(library, Outcome.PASSED_OVER)


def test_an_epub_of_text_is_an_article_wherever_it_lies(tmp_path: Path, workers: Workers) -> None:
    """A novel in comics/ is read as a text, and a comic in articles/ as a comic."""
    sentences = "It was the blue of the sky that they had come for, and the boat was small. " * 20
    comic_book(tmp_path / "comics" / "novel.epub", {"1.xhtml": f"<h1>One</h1><p>{sentences}</p>"}, [])
    comic_book(tmp_path / "articles" / "comic.epub", {"1.xhtml": page("a.png")}, ["a.png"])
    library = read_bundle(tmp_path, workers)
    kinds = {publication.versions[0].work.__class__.__name__ for publication in library.publications}
    assert (len(library.publications), kinds) == (2, {"Article", "Comic"})
    assert outcomes(library)["comics/novel.epub"] is outcomes(library)["articles/comic.epub"] is Outcome.TAKEN


# PDF


def test_a_pdf_of_scans_gives_its_pictures_as_they_are(tmp_path: Path, workers: Workers) -> None:
    """Byte for byte: nothing is lost by drawing them anew."""
    scans = [jpeg(seed=number) for number in range(12)]
    write_pdf(tmp_path / "comics" / "a.pdf", scans)
    library = read_bundle(tmp_path, workers)
    assert pages(library) == scans
    assert not messages(library, Outcome.WARNING)


def test_a_pdf_of_text_is_pages_with_a_remark(tmp_path: Path, workers: Workers) -> None:
    """Drawn in the width of a page; where they are few, the report counts them."""
    write_pdf(tmp_path / "comics" / "a.pdf", ["Where does this road go?", jpeg(), "To the sea."])
    library = read_bundle(tmp_path, workers)
    pictures = [picture for picture in comic_of(only_version(library)).pictures if isinstance(picture, Picture)]
    assert [picture.width for picture in pictures] == [1700, 300, 1700]
    assert any("2 of 3 pages are drawn" in message for message in messages(library, Outcome.DECIDED))


def test_words_over_a_scan_are_not_lost(tmp_path: Path) -> None:
    """A page with anything beside its picture is drawn."""
    path = write_pdf(tmp_path / "a.pdf", [jpeg()])
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        add_text(document, page, "Farewell", (300, 420))
        page.gen_content()
        document.save(tmp_path / "b.pdf")
    assert pdf.DRAWN in next(pdf.walk(tmp_path / "b.pdf"))[0].name


def test_a_pdf_in_articles_is_pages_too(tmp_path: Path, workers: Workers) -> None:
    """There is no other form for it."""
    write_pdf(tmp_path / "articles" / "a.pdf", [jpeg()])
    assert comic_of(only_version(read_bundle(tmp_path, workers)))


def test_books_in_an_archive_are_opened_or_named(tmp_path: Path, workers: Workers) -> None:
    """A PDF is a chapter, an EPUB is told to be unpacked."""
    book = write_pdf(tmp_path / "a.pdf", [jpeg(seed=1), jpeg(seed=2)]).read_bytes()
    put(tmp_path / "b" / "comics" / "a.zip", zipped({"x/a.pdf": book, "b.epub": b"x"}))
    library = read_bundle(tmp_path / "b", workers)
    assert pages(library) == [jpeg(seed=1), jpeg(seed=2)]
    assert messages(library, Outcome.WARNING) == [
        "comics/a.zip/b.epub: an EPUB inside an archive is not opened: unpack it"
    ]


def test_a_pdf_with_too_many_pages_is_refused(tmp_path: Path) -> None:
    """Before the first is drawn."""
    with pytest.raises(SourceError, match="has 3 pages; 2 are read at most"):
        next(pdf.walk(write_pdf(tmp_path / "a.pdf", ["x"] * 3), Limits(pages=2)))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000), b"x"])
def test_a_broken_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    """With a reason."""
    with pytest.raises(SourceError, match="is not a valid PDF"):
        next(pdf.walk(put(tmp_path / "a.pdf", data)))
