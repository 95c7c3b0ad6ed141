"""What people have goes into a bundle as plain files, whole or not at all, and `inspect` says beforehand what it is."""

from __future__ import annotations

import io
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from packager import importing
from packager.errors import DefinitionError, OutputError, SourceError, UsageError
from packager.importing import import_sources, read_alone
from packager.importing.files import ImportFile
from packager.importing.inspection import inspect
from packager.model import Comic, Outcome
from packager.output import templates
from packager.output.starter import start
from packager.sandbox.pool import Workers
from packager.sandbox.restrictions import Bounds, KernelFeatures, Restriction
from tests.helpers import worker_jobs
from tests.helpers.builders import contents, make_comic, make_picture, packager, write
from tests.helpers.papers import docx, epub, mhtml, paragraph, png, shown

pytestmark = pytest.mark.slow


def zipped(folder: Path, path: Path) -> Path:
    """The folder as a CBZ."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """A folder as ten years make it."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    zipped(make_comic(tmp_path / "pages", pages=3), folder / "escape.cbz")
    body = paragraph("The boat", "Title") + paragraph("Fold it.") + shown("boat", "A boat")
    (folder / "boat.docx").write_bytes(docx(body, {"boat.png": png()}))
    (folder / "page.mhtml").write_bytes(mhtml("<h1>Page</h1><p>Words.<img src='cid:x'>", {"cid:x": png("#123456")}))
    (folder / "book.epub").write_bytes(epub({"1.xhtml": "<h1>One</h1>" + "<p>Many words in it.</p>" * 50}))
    make_picture(folder / "pictures" / "a b.png", (120, 90))
    write(folder / "note.md", "# Note\n\nSee *this*.\n\n![Words](<pictures/a b.png>)\n")
    return folder


@pytest.fixture
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is unpacked."""
    return tmp_path_factory.mktemp("scratch")


SOURCES = ("escape.cbz", "boat.docx", "page.mhtml", "book.epub", "note.md")


def test_sources_go_in_as_files_that_can_be_edited(tmp_path: Path, downloads: Path) -> None:
    """Comics as folders of their pictures as they are, articles as Markdown; the bundle builds at once."""
    bundle = tmp_path / "window"
    done = packager("import", *(downloads / name for name in SOURCES), bundle)
    assert done.returncode == 0, done.stderr
    files = contents(bundle)
    listed = tomllib.loads(files["bundle.toml"].decode())["publication"]
    assert [entry["source"] for entry in listed] == [
        "comics/escape",
        "articles/boat.md",
        "articles/page.md",
        "articles/book.md",
        "articles/note.md",
    ]
    with zipfile.ZipFile(downloads / "escape.cbz") as archive:
        for page in ("1.jpg", "2.jpg", "3.jpg"):
            assert files[f"comics/escape/{page}"] == archive.read(page)
    assert files["articles/boat-pictures/picture-1.png"] == png()
    assert files["articles/note-pictures/a-b.png"] == (downloads / "pictures" / "a b.png").read_bytes()
    assert "![Words](<note-pictures/a-b.png>)" in files["articles/note.md"].decode()
    assert 'authors: ["Min Lee"]' in files["articles/book.md"].decode()
    built = packager("build", bundle, "-o", tmp_path / "built")
    assert built.returncode == 0, built.stderr
    assert "1 comic, 4 articles" in built.stdout


def test_what_stands_in_a_bundle_stays_as_it_is(tmp_path: Path, downloads: Path, workers: Workers) -> None:
    """Not a byte of a file changes, comments and all; names that are taken get a number."""
    bundle = tmp_path / "window"
    import_sources([downloads / "boat.docx"], bundle, workers)
    definition = (bundle / "bundle.toml").read_text() + "# A comment\n"
    (bundle / "bundle.toml").write_text(definition)
    before = contents(bundle)
    import_sources([downloads / "boat.docx"], bundle, workers)
    after = contents(bundle)
    assert {name: after[name] for name in before if name != "bundle.toml"} == {
        name: data for name, data in before.items() if name != "bundle.toml"
    }
    assert after["bundle.toml"].decode().startswith(definition)
    assert "articles/boat-2.md" in after


def test_what_a_bundle_without_a_list_holds_is_listed_first(tmp_path: Path, downloads: Path, workers: Workers) -> None:
    """Or else it would be left out, now that something is listed."""
    bundle = tmp_path / "window"
    make_comic(bundle / "comics" / "harbour")
    write(bundle / "articles" / "old.md", "# Old\n\nWords.\n")
    import_sources([downloads / "note.md"], bundle, workers)
    listed = tomllib.loads((bundle / "bundle.toml").read_text())["publication"]
    assert [entry["source"] for entry in listed] == ["comics/harbour", "articles/old.md", "articles/note.md"]


def test_a_source_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path, downloads: Path) -> None:
    """The others go in, and the exit code says that one did not."""
    (downloads / "broken.docx").write_bytes(b"no document")
    bundle = tmp_path / "window"
    done = packager("import", downloads / "broken.docx", downloads / "note.md", bundle)
    assert done.returncode == 4
    assert "Not taken broken.docx: is no document of Word" in done.stdout
    assert {name for name in contents(bundle) if "broken" in name} == set()
    assert not (bundle / ".import").exists()
    assert (bundle / "articles" / "note.md").is_file()


def test_a_failure_half_way_takes_back_what_was_put_in_place(tmp_path: Path, downloads: Path, workers: Workers) -> None:
    """Where the list cannot be written, no file stays."""
    bundle = tmp_path / "window"
    write(bundle / "bundle.toml", 'publication = [{ source = "articles/a.md" }]\n')
    write(bundle / "articles" / "a.md", "# A\n\nWords.\n")
    before = contents(bundle)
    with pytest.raises(DefinitionError, match="cannot take another publication") as refused:
        import_sources([downloads / "note.md"], bundle, workers)
    assert "[[publication]]" in refused.value.hint
    assert contents(bundle) == before


def test_pages_keep_their_order_under_names_that_every_system_can_have(
    tmp_path: Path, workers: Workers, scratch: Path
) -> None:
    """Names that would sort otherwise, meet or hide get numbers before them."""
    archive = tmp_path / "odd.cbz"
    names = ["A/2.png", "a/10.png", "b/CON.png", "b/a*.png", "b/a?.png", "c/x.png", "it/1.png"]
    colours = {name: png(f"#00000{number}") for number, name in enumerate(names)}
    with zipfile.ZipFile(archive, "w") as packed:
        for name, data in colours.items():
            packed.writestr(name, data)
    import_sources([archive], tmp_path / "window", workers)
    before = read_alone(archive, workers, scratch).publications[0].versions[0].work
    after = read_alone(tmp_path / "window" / "comics" / "odd", workers, scratch).publications[0].versions[0].work
    assert isinstance(before, Comic)
    assert isinstance(after, Comic)
    expected = [colours[picture.source.member or ""] for picture in before.pictures]
    assert [picture.source.path.read_bytes() for picture in after.pictures] == expected
    assert all(not set(name) & set('<>:"\\|?*') for name in contents(tmp_path / "window"))


def test_a_bundle_is_not_put_into_itself(tmp_path: Path, workers: Workers) -> None:
    """A source in the bundle, or around it, is refused before anything is written."""
    bundle = tmp_path / "window"
    make_comic(bundle / "comics" / "a")
    for source in (bundle / "comics" / "a", tmp_path):
        with pytest.raises(UsageError, match="lies in the bundle"):
            import_sources([source], bundle, workers)
        assert not (bundle / "bundle.toml").exists()


def test_inspect_says_what_would_happen_and_what_is_betrayed(
    downloads: Path,
) -> None:
    """Kinds, sizes, damage, encodings, mentions, places, cameras and authors."""
    exif = Image.Exif()
    exif[0x0110] = "Camera 5"
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(37), IFDRational(30), IFDRational(0))})
    exif.get_ifd(0x8769)[0xA431] = "SN-1234"
    stream = io.BytesIO()
    Image.new("RGB", (200, 100)).save(stream, "JPEG", exif=exif)
    (downloads / "pictures" / "1.jpg").write_bytes(stream.getvalue())
    (downloads / "pictures" / "2.jpg").write_bytes(stream.getvalue()[:-40])
    done = packager("inspect", downloads / "pictures")
    assert done.returncode == 0, done.stderr
    assert "a comic (language not known)" in done.stdout
    for betrayed in ("the place where it was taken (GPS)", "camera: Camera 5", "serial number of the camera: SN-1234"):
        assert f"Betrays   {betrayed} (1.jpg and 1 more file): does not reach the tree\n" in done.stdout
    assert "Damaged   2.jpg: " in done.stdout
    write(downloads / "mail.txt", "").write_bytes(
        "제목\n\n우리는 mina@example.org 로 쓴다. 안녕하세요.\n".encode("cp949")
    )
    text = packager("inspect", downloads / "mail.txt").stdout
    assert "Encoding  mail.txt: cp949" in text
    assert "Shown     mail.txt, line 3: e-mail: mina@example.org" in text


def test_inspect_says_of_an_author_that_the_tree_names_them(downloads: Path) -> None:
    """As the one thing said of the makers that readers learn."""
    told = packager("inspect", downloads / "named.html")
    assert told.returncode == 4
    write(downloads / "named.html", "<meta name='author' content='Min Lee'><h1>One</h1><p>Many words in it.</p>")
    told = packager("inspect", downloads / "named.html")
    assert "Betrays   author: Min Lee (named.html): reaches the tree, as the author\n" in told.stdout


def test_import_takes_a_damaged_picture_and_says_so(tmp_path: Path) -> None:
    """As it is, byte for byte; and what is said of a folder names the folder."""
    page = make_picture(tmp_path / "scans" / "1.png", (300, 200))
    make_picture(tmp_path / "scans" / "2.png", (300, 200))
    page.write_bytes(page.read_bytes()[:-60])
    write(tmp_path / "scans" / "transcript.ko.md", "## 1\n- mina@example.org\n")
    done = packager("import", tmp_path / "scans", tmp_path / "window")
    assert done.returncode == 0, done.stderr
    (told,) = [line for line in done.stdout.splitlines() if line.startswith("Damaged")]
    assert told.startswith("Damaged   scans/1.png: ")
    assert told.endswith("; taken as it is")
    assert "Shown     scans/transcript.ko.md, line 2: e-mail: mina@example.org" in done.stdout
    assert "Decided   scans: " in done.stdout
    assert (tmp_path / "window" / "comics" / "scans" / "1.png").read_bytes() == page.read_bytes()


def test_the_example_of_a_new_bundle_is_warned_of_beside_other_works(tmp_path: Path, downloads: Path) -> None:
    """By import and by whatever reads it, until it is removed or written anew; alone it is an example that builds."""
    bundle = tmp_path / "window"
    packager("init", bundle)
    assert "example that" not in packager("plan", bundle, "-o", tmp_path / "built").stdout
    warning = (
        "example.en.md is the example that `packager init` wrote: remove it, and its [[publication]] in bundle.toml"
    )
    assert warning in packager("import", downloads / "note.md", bundle).stdout
    built = packager("plan", bundle, "-o", tmp_path / "built")
    assert "Look at   articles/example.en.md: is the example that `packager init` wrote" in built.stdout
    write(bundle / "articles" / "example.en.md", "# My own\n\nWords.\n")
    assert "example that" not in packager("plan", bundle, "-o", tmp_path / "built").stdout


def test_a_new_bundle_names_every_language_there_is(tmp_path: Path) -> None:
    """As its words lie in the templates."""
    start(tmp_path / "window")
    known = sorted(path.stem for path in (templates.folder() / "words").iterdir())
    assert ", ".join(known) in (tmp_path / "window" / "bundle.toml").read_text("utf-8")


def test_inspect_writes_nothing(tmp_path: Path, downloads: Path, workers: Workers, scratch: Path) -> None:
    """Not beside the source, and not into it."""
    before = contents(tmp_path)
    for name in SOURCES:
        assert inspect(downloads / name, workers, scratch).works
    assert contents(tmp_path) == before


def test_inspect_refuses_what_is_not_there(tmp_path: Path) -> None:
    """With the exit code of a source that cannot be read."""
    done = packager("inspect", tmp_path / "nothing")
    assert done.returncode == 4
    assert "is not there" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few make links")
def test_a_new_bundle_writes_over_nothing_that_comes_while_it_is_made(tmp_path: Path) -> None:
    """A link that somebody puts into its folder just then is not followed."""
    mine = write(tmp_path / "mine.txt", "mine")
    folder = tmp_path / "window"

    def plant(event: str, arguments: tuple[object, ...]) -> None:
        if event == "shutil.copytree" and arguments[1] == folder:
            (folder / "bundle.toml").symlink_to(mine)

    sys.addaudithook(plant)
    with pytest.raises(OutputError, match="File exists"):
        start(folder)
    assert mine.read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="the restrictions are Linux's")
@pytest.mark.parametrize(
    ("source", "may_read"),
    [("p.png", ("p.png",)), ("note.md", ("note.md", "seen.png")), ("sly.md", ("sly.md",))],
    ids=["a picture", "a text that shows a picture", "a text that names what is hidden"],
)
def test_a_single_file_opens_nothing_else_of_its_folder(
    tmp_path: Path, workers: Workers, scratch: Path, source: str, may_read: tuple[str, ...]
) -> None:
    """Who takes a worker over reads the source, and what a text names beside it; the folder may be a whole home."""
    for name in ("p.png", "seen.png", "other.png"):
        make_picture(tmp_path / name, (120, 90))
    write(tmp_path / "note.md", "# Note\n\nWords.\n\n![Words](seen.png)\n")
    write(tmp_path / "sly.md", "# Note\n\nWords, and .ssh and link.txt.\n")
    write(tmp_path / ".ssh" / "id", "a secret")
    write(tmp_path / "letter.txt", "a secret")
    (tmp_path / "link.txt").symlink_to(tmp_path / "letter.txt")
    read_alone(tmp_path / source, workers, scratch)
    if Restriction.READING in workers.missing_restrictions():
        pytest.skip("this system cannot keep a process from reading other files")
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    opened = [path for path in files if workers.submit(worker_jobs.can_read, path).result()]
    assert [str(path.relative_to(tmp_path)) for path in opened] == sorted(may_read)


def test_what_lies_beside_a_single_text_is_no_bundle(tmp_path: Path, workers: Workers, scratch: Path) -> None:
    """Nothing is asked of a definition that is not there; what the text only names is told as that."""
    for name in ("seen.png", "pages/1.png", "other.png"):
        make_picture(tmp_path / name, (120, 90))
    write(tmp_path / "other.md", "# Other\n\nWords.\n")
    write(tmp_path / "note.md", "# Note\n\nSee pages, other.png and other.md.\n\n![Words](seen.png)\n")
    remarks = read_alone(tmp_path / "note.md", workers, scratch).remarks
    assert not [remark for remark in remarks if "bundle.toml" in f"{remark.source} {remark.message}"]
    assert not [remark for remark in remarks if remark.outcome is Outcome.WARNING]
    passed = {remark.source: remark.message for remark in remarks if remark.outcome is Outcome.PASSED_OVER}
    assert passed == dict.fromkeys(
        ("other.md", "other.png", "pages/1.png"), "note.md mentions it, but does not show it"
    )


def test_missing_restrictions_are_told_of_whatever_is_read(tmp_path: Path) -> None:
    """By `inspect` and `import` as by `build`."""
    make_picture(tmp_path / "p.png", (120, 90))
    with Workers(1, bounds=Bounds(kernel=KernelFeatures(landlock=0))) as workers:
        (tmp_path / "scratch").mkdir()
        (told,) = [
            remark.message
            for remark in read_alone(tmp_path / "p.png", workers, tmp_path / "scratch").remarks
            if remark.source == "this computer"
        ]
    assert "could not be kept from" in told
    assert "reading other files than the sources" in told


@pytest.mark.parametrize("path", ["../x.png", "articles/a-pictures/../../../x.png", "/tmp/x.png"])
def test_no_name_that_a_worker_says_leads_out_of_the_bundle(tmp_path: Path, path: str) -> None:
    """One that was taken over may end the name of a picture as it likes."""
    (tmp_path / "folder").mkdir()
    with Workers(1) as workers, pytest.raises(SourceError, match="outside the bundle"):
        list(importing._write_file(ImportFile(PurePosixPath(path), "x"), tmp_path, tmp_path / "folder", workers))
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]
