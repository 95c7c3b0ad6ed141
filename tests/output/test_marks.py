"""What a build made, and what is for the organizer alone: never a source, and never copied in the place of a tree."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from packager.config import media
from packager.drive import source
from packager.drive.image import fat32_medium, write_image
from packager.errors import SourceError, UsageError
from packager.output.marks import FolderMark, mark_of, mark_of_text, marked
from tests.helpers.builders import contents, make_bundle, make_comic, make_picture, packager, write
from tests.helpers.drives import folder_in_memory, make_tree

pytestmark = pytest.mark.slow

TREE = "window-built/window"
SECRET = "the report names every source"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle `window`, what a build made of it with its archive, and one in pictures for players."""
    folder = tmp_path_factory.mktemp("shelf")
    make_bundle(folder / "window", definition='title = "A window"\n')
    for options in (["--archive", "zip", "--cache", "measured"], ["--profile", "player", "-o", "pictures"]):
        done = packager("build", "window", *options, cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def own(shelf: Path, tmp_path: Path) -> Path:
    """The same, for a test that changes it."""
    return shutil.copytree(shelf, tmp_path / "own")


# --- what is what ---------------------------------------------------------------------------------------------

KINDS: dict[str, FolderMark | None] = {
    "window": FolderMark.BUNDLE,
    "window-built": FolderMark.OUTPUT,
    "window-built/keep": FolderMark.KEEP,
    "window-built/window": FolderMark.TREE,
    "pictures/window": FolderMark.TREE,
    "measured/packager-cache": FolderMark.CACHE,
    "window/editions": FolderMark.LEDGER,
    "window/editions/1": FolderMark.KEEP,
    "window/comics": None,
    "window/comics/pages": None,
    ".": None,
}


@pytest.mark.parametrize("name", KINDS)
def test_each_folder_is_known_by_what_lies_in_it(shelf: Path, name: str) -> None:
    """And no folder of sources is taken for one of ours."""
    assert mark_of((shelf / name).resolve()) is KINDS[name]


@pytest.mark.parametrize("name", ["window-built/window", "pictures/window", "window-built/keep"])
def test_what_was_carried_elsewhere_keeps_its_mark(shelf: Path, tmp_path: Path, name: str) -> None:
    """Under another name, with nothing beside it."""
    carried = shutil.copytree(shelf / name, tmp_path / "carried")
    assert mark_of(carried) is KINDS[name]


def test_every_work_of_a_tree_is_known_alone(shelf: Path, tmp_path: Path) -> None:
    """Each folder that has a page of ours to begin with, and all that lies in a tree."""
    works = [path.parent for path in (shelf / "window-built/window").glob("*/index.html")]
    assert len(works) == 4
    for work in works:
        assert mark_of(shutil.copytree(work, tmp_path / work.name)) is FolderMark.TREE
    assert marked(shelf / "window-built/window/phone") == (FolderMark.TREE, shelf / "window-built/window")


def _keep_beside(folder: Path) -> None:
    """A folder of the name that the manifest beside it lists, with other files."""
    make_tree(folder.parent)
    shutil.rmtree(folder)
    make_comic(folder)


OTHERS: dict[str, Callable[[Path], object]] = {
    "a list called manifest.tsv": lambda folder: write(folder / "manifest.tsv", "name\tsize\n001.jpg\t5\n"),
    "a page saved from the web": lambda folder: write(folder / "index.html", "<!DOCTYPE html><title>x</title>x"),
    "a report": lambda folder: write(folder / "report.txt", "A report"),
    "a folder called keep": lambda folder: make_picture(folder / "keep" / "report.png"),
    "a picture without a number": lambda folder: make_picture(folder / "000.jpg"),
    "a keep folder that was put there": lambda folder: _keep_beside(folder / "window"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_only_looks_alike_is_not_ours(tmp_path: Path, kind: str) -> None:
    """Nothing of an organizer's own is left out for its name."""
    OTHERS[kind](tmp_path)
    assert {mark_of(folder) for folder in (tmp_path, tmp_path / "window")} == {None}


# --- copy and image -------------------------------------------------------------------------------------------

NO_TREES: dict[str, str] = {
    "window": "is a bundle, with your sources",
    "window/comics/pages": "lies in a bundle",
    "bare": "is a bundle, with your sources",
    "window/editions": "is the list of a bundle's editions",
    "window-built": "is what an earlier build made",
    "window-built/keep": "is what a build keeps for you alone",
    "window-built/window/phone": "lies in a tree",
    "window-built/window.zip": "lies in what an earlier build made",
    "measured/packager-cache": "is what --cache keeps",
    "measured": "is no tree with its manifest",
    "carried": "is no tree with its manifest",
    ".window-built.packager/output/window": "lies in what a build that did not end has left",
    ".": "holds what an earlier build made",
    "nowhere": "is not there",
}


def with_more(own: Path) -> Path:
    """The shelf with a bundle that has no definition, a tree without its keep, and what a killed build leaves."""
    shutil.copytree(own / "window", own / "bare", ignore=shutil.ignore_patterns("bundle.toml"))
    shutil.copytree(own / "window-built/window", own / "carried")
    shutil.copytree(own / "window-built", own / ".window-built.packager/output")
    return own


@pytest.mark.parametrize("name", NO_TREES)
def test_nothing_is_copied_but_a_tree_beside_its_manifest(own: Path, name: str) -> None:
    """Neither onto a drive nor into an image, and the refusal says what it is."""
    given = with_more(own) / name
    kind = SourceError if NO_TREES[name].startswith(("is no tree", "is not there")) else UsageError
    with pytest.raises(kind, match=NO_TREES[name]):
        source.load(given)
    with pytest.raises(kind, match=NO_TREES[name]):
        write_image(given, own.parent / "stick.img", fat32_medium(media.load("usb-2gb")))
    assert not (own.parent / "stick.img").exists()


@pytest.mark.parametrize("name", NO_TREES)
def test_without_a_manifest_only_a_tree_of_others_can_be_copied(own: Path, name: str) -> None:
    """The option lets through what is nobody's, and that is checked first: nothing of the organizer's ever is."""
    given = with_more(own) / name
    if NO_TREES[name].startswith("is no tree"):
        with folder_in_memory() as stick:
            done = packager("copy", given, stick, "--without-manifest")
            assert (done.returncode, [path.name for path in stick.iterdir()]) in ((0, ["carried"]), (1, []))
    else:
        with pytest.raises(SourceError if name == "nowhere" else UsageError, match=NO_TREES[name]):
            source.load_without_manifest(given)


SLIPS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "another tree in the place of a drive": (("copy", TREE, TREE), 2, "Name one tree first, then the drives"),
    "the drive before the tree": (("copy", "STICK", TREE), 2, "Name one tree first, then the drives"),
    "the tree in another case": (("copy", "window-built/Window", "STICK"), 4, "Did you mean `window-built/window`?"),
    "the tree without what holds it": (("copy", "window", "STICK"), 2, "Name the tree that a build makes"),
    "a bundle in the place of a drive": (("copy", TREE, "window"), 2, "is or lies in a bundle"),
    "a bundle in another case": (("build", "Window"), 3, "Did you mean `window`?"),
    "an image in keep": (("image", TREE, "window-built/keep/x.img", "--medium", "usb-2gb"), 6, "for you alone"),
    "a cache among the works": (("build", "window", "--cache", "window/comics"), 2, "lies among your works"),
    "a cache in the output": (("build", "window", "--cache", "window-built/cache"), 2, "lies in what is built"),
    "keep, checked": (("check", "window-built/keep"), 2, "is what a build keeps for you alone"),
    "a bundle, checked": (("check", "window"), 2, "is a bundle, with your sources"),
    "what a build made, asked for its changes": (("changes", "window-built"), 2, "never a bundle"),
    "a bundle, verified": (("verify", "window"), 6, "is a bundle, with your sources"),
    "a bundle, imported": (("import", "window", "new"), 4, "Import its works"),
    "the folder of all bundles, built": (("build", "."), 4, "Name the bundle"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_answered_with_what_to_do(shelf: Path, slip: str) -> None:
    """By one line that says what was named, and one of what to name; nothing is written anywhere."""
    arguments, code, words = SLIPS[slip]
    before = {path for path in shelf.rglob("*") if "keep" in path.parts or path.parent == shelf}
    with folder_in_memory() as stick:
        done = packager(*(stick if word == "STICK" else word for word in arguments), cwd=shelf)
        assert (done.returncode, list(stick.iterdir())) == (code, [])
    assert words in done.stderr + done.stdout
    after = {path for path in shelf.rglob("*") if "keep" in path.parts or path.parent == shelf}
    assert after - before <= {shelf / "new"}
    shutil.rmtree(shelf / "new", ignore_errors=True)


def test_a_tree_that_was_called_otherwise_is_told_its_name(own: Path) -> None:
    """It was built under another one, which its manifest lists."""
    (own / "window-built/window").rename(own / "window-built/ours")
    with pytest.raises(SourceError) as refusal:
        source.load(own / "window-built/ours")
    assert refusal.value.hint == "Give it its name back: window"


def test_what_a_system_put_into_the_tree_is_not_copied_and_in_nobodys_way(own: Path) -> None:
    """Whoever looked at the tree in a file manager can copy it all the same."""
    tree = own / "window-built/window"
    pristine = contents(tree)
    for name in (".DS_Store", "Thumbs.db"):
        write(tree / name, "x")
    with folder_in_memory() as stick:
        assert packager("copy", tree, stick).returncode == 0
        assert contents(stick / "window") == pristine


def _doc(tree: Path) -> None:
    write(tree / "letter.doc", "words")


def _outside(tree: Path) -> None:
    write(tree / "more.html", '<!DOCTYPE html>\n<title>x</title><img src="https://example.org/x.png" alt="x">')


@pytest.mark.parametrize("fault", [_doc, _outside], ids=["a type", "an address outside"])
def test_a_tree_of_others_that_breaks_a_rule_is_not_copied(own: Path, fault: Callable[[Path], None]) -> None:
    """What is found is said, and the drive is as it was."""
    carried = shutil.copytree(own / "window-built/window", own / "carried")
    fault(carried)
    with folder_in_memory() as stick:
        done = packager("copy", carried, stick, "--without-manifest")
        assert (done.returncode, list(stick.iterdir())) == (1, [])
        assert "nothing was copied" in done.stderr


def test_a_tree_of_others_is_checked_against_the_profile_that_is_named(own: Path) -> None:
    """And one with its manifest beside it needs no such option."""
    carried = shutil.copytree(own / "window-built/window", own / "carried")
    with folder_in_memory() as stick:
        done = packager("copy", carried, stick, "--without-manifest", "--profile", "tv")
        assert (done.returncode, list(stick.iterdir())) == (1, [])
        assert packager("copy", carried, stick, "--without-manifest").returncode == 0
        assert contents(stick / "carried") == contents(carried)
        assert packager("copy", own / "window-built/window", stick, "--without-manifest").returncode == 4


def test_copying_a_bundle_says_which_folder_to_copy(shelf: Path) -> None:
    """With the build's command and the folder that it makes; the drive stays as it was."""
    with folder_in_memory() as stick:
        done = packager("copy", "window", stick, cwd=shelf)
        assert (done.returncode, done.stdout) == (UsageError.exit_code, "")
        assert "`packager build window` makes window-built/window" in done.stderr
        assert not list(stick.iterdir())


def test_an_image_of_a_bundle_is_refused_by_the_command(shelf: Path, tmp_path: Path) -> None:
    """As a copy of it is."""
    done = packager("image", "window", tmp_path / "stick.img", "--medium", "usb-2gb", cwd=shelf)
    assert (done.returncode, list(tmp_path.iterdir())) == (UsageError.exit_code, [])


MORE_IN_A_TREE: dict[str, Callable[[Path], object]] = {
    "a definition on top": lambda tree: write(tree / "bundle.toml", ""),
    "a definition further in": lambda tree: write(tree / "phone" / "bundle.toml", ""),
    "a photograph": lambda tree: make_picture(tree / "cbz" / "home.jpg"),
    "comics of its own": lambda tree: make_comic(tree / "comics" / "mine"),
    "the keep folder": lambda tree: shutil.copytree(tree.parent / "keep", tree / "keep"),
}


@pytest.mark.parametrize("more", MORE_IN_A_TREE)
def test_a_tree_with_more_than_its_manifest_knows_is_refused(own: Path, more: str) -> None:
    """Whatever it is, and wherever it lies."""
    tree = own / "window-built/window"
    source.load(tree)
    MORE_IN_A_TREE[more](tree)
    with pytest.raises(UsageError if more == "a definition on top" else SourceError):
        source.load(tree)


def test_a_tree_that_failed_its_check_is_not_copied(own: Path) -> None:
    """It is kept to be looked at, and has a manifest too."""
    write(own / "window/strict.toml", 'extends = "any"\n[tree]\nmax_path = 12\n')
    done = packager("build", "window", "-o", "out", "--profile", "strict.toml", "--keep-refused", cwd=own)
    assert done.returncode == 1, done.stderr
    with pytest.raises(SourceError, match="failed its check"):
        source.load(own / "out-refused/window")


# --- sources --------------------------------------------------------------------------------------------------

NO_SOURCES = (
    "window-built",
    "window-built/keep",
    "window-built/window",
    "pictures/window",
    "pictures/window/001",
    "measured/packager-cache",
    "keep-only/keep",
    "carried",
    ".window-built.packager/output",
)
NO_SOURCE_FILES = ("window-built/keep/report.txt", "window-built/window.zip", "window-built/window/w9801/001.jpg")


def with_carried(own: Path) -> Path:
    """The shelf with a report that lies in its folder alone, too."""
    with_more(own)
    write(own / "keep-only/keep/report.txt", SECRET)
    return own


@pytest.mark.parametrize("name", NO_SOURCES)
@pytest.mark.parametrize("command", ["build", "plan", "import", "inspect"])
def test_what_is_ours_is_never_a_source(own: Path, name: str, command: str) -> None:
    """One clear line says what it is, and nothing is made of it."""
    with_carried(own)
    arguments = {"build": ["-o", "out"], "import": ["out"]}.get(command, [])
    done = packager(command, name, *arguments, cwd=own)
    code, use = (2, "bundle") if command in ("build", "plan") else (4, "source")
    assert done.returncode == code, done.stdout
    assert f" and never a {use}" in done.stdout + done.stderr
    assert SECRET not in done.stdout
    assert not any(path.is_file() and path.name != "bundle.toml" for path in (own / "out").rglob("*"))


@pytest.mark.parametrize("name", NO_SOURCE_FILES)
def test_files_of_what_is_ours_are_not_imported(shelf: Path, tmp_path: Path, name: str) -> None:
    """Nor by themselves."""
    done = packager("import", shelf / name, tmp_path / "out")
    assert done.returncode == SourceError.exit_code
    assert "and never a source" in done.stdout


def test_nothing_is_imported_into_what_a_build_made(own: Path) -> None:
    """A tree that is to be copied gets no sources."""
    before = contents(own / "window-built")
    for folder in ("window-built", "window-built/window", "window-built/keep"):
        done = packager("import", "window/comics/pages", folder, cwd=own)
        assert (done.returncode, "never a bundle" in done.stderr) == (UsageError.exit_code, True)
    assert contents(own / "window-built") == before


@pytest.mark.parametrize("source_", ["old/window/w9801", "old/keep/report.txt", "old/keep", "old", "articles/keep"])
def test_a_definition_that_lists_what_is_ours_is_refused(own: Path, source_: str) -> None:
    """By name; nothing is made."""
    shutil.copytree(own / "window-built", own / "window/old")
    shutil.copytree(own / "window-built/keep", own / "window/articles/keep")
    listed = "".join(f'[[publication]]\nsource = "{each}"\n' for each in ("comics/pages", source_))
    write(own / "window/bundle.toml", listed)
    done = packager("build", "window", "-o", "out", cwd=own)
    assert done.returncode == SourceError.exit_code
    assert f"{source_}: " in done.stderr
    assert " and never a source" in done.stderr
    assert not (own / "out").exists()


def test_what_is_ours_inside_a_bundle_is_passed_over_and_told(own: Path) -> None:
    """The tree is the same to the byte, and the report names each folder with the reason."""
    bundle = own / "window"
    strewn = {
        "window-built": "comics/again-built",
        "window-built/window": "comics/again",
        "pictures/window": "comics/pictures",
        "window-built/keep": "articles/keep",
        "measured": "articles/measured",
    }
    for what, where in strewn.items():
        shutil.copytree(own / what, bundle / where)
    shutil.copytree(own / "window-built/window/w9801", bundle / "comics/one-work", dirs_exist_ok=True)
    shutil.copytree(own / "window-built", bundle / "out-refused")
    shutil.copytree(own / "window-built", bundle / ".x-built.packager/output")
    for _ in range(2):  # the second build finds what the first has made inside the bundle
        done = packager("build", ".", cwd=bundle)
        assert done.returncode == 0, done.stderr
        assert contents(bundle / "window-built/window") == contents(own / "window-built/window")
    report = (bundle / "window-built/keep/report.txt").read_text()
    for place in (*strewn.values(), "comics/one-work", "out-refused", "window-built"):
        mark = mark_of(bundle / place)
        told = (
            f"{place}/: not looked into: {mark}"
            if mark
            else f"{place}/packager-cache/: not looked into: {FolderMark.CACHE}"
        )
        assert f"  {told}\n" in report


def test_a_tree_poured_into_articles_stops_the_build(own: Path) -> None:
    """What else lies there could not be told from it, and would be lost."""
    shutil.copytree(own / "window-built/window", own / "window/articles", dirs_exist_ok=True)
    done = packager("build", "window", "-o", "out", cwd=own)
    assert done.returncode == SourceError.exit_code
    assert "articles: is a tree that packager built, and never a source" in done.stderr


def _packed(folder: Path, target: Path, form: str) -> None:
    made = Path(shutil.make_archive(str(target), form, folder.parent, folder.name))
    made.rename(target)


def _spelled(file: Path, target: Path, encoding: str) -> None:
    """As an editor of Windows saves it."""
    target.write_text(file.read_text(encoding="utf-8"), encoding=encoding, newline="\r\n")


# What of the shelf is put where into the bundle, and what is said of it there.
STREWN: dict[str, tuple[str, Callable[[Path, Path], object], str]] = {
    "articles/report.txt": ("window-built/keep/report.txt", shutil.copyfile, "is what a build keeps"),
    "articles/works.txt": ("window/editions/1/works.tsv", shutil.copyfile, "is what a build keeps"),
    "articles/mine.md": ("window-built/keep/report.txt", shutil.copyfile, "is what a build keeps"),
    "articles/saved.txt": ("window-built/keep/report.txt", partial(_spelled, encoding="utf-8-sig"), "is what a build"),
    "articles/wide.txt": ("window-built/keep/report.txt", partial(_spelled, encoding="utf-16"), "is what a build"),
    "articles/a.txt": ("window-built/keep/manifest.tsv", shutil.copyfile, "is what a build keeps"),
    "articles/sums.txt": ("window-built/keep/manifest.sha256", shutil.copyfile, "is what a build keeps"),
    "articles/facts.txt": ("window-built/keep/report.json", shutil.copyfile, "is what a build keeps"),
    "articles/plan.html": ("plan.html", shutil.copyfile, "is what a build keeps"),
    "articles/page.html": (
        "window-built/window/index.html",
        shutil.copyfile,
        "is a page of a tree that packager built",
    ),
    "comics/pages/about.txt": ("window-built/keep/report.txt", shutil.copyfile, "is what a build keeps"),
    "comics/pages/credits.txt": ("window-built/keep/report.txt", shutil.copyfile, "is what a build keeps"),
    "comics/a.zip": ("window-built/window.zip", shutil.copyfile, "holds a tree that packager built"),
    "comics/b.tgz": ("window-built", partial(_packed, form="gztar"), "holds "),
    "comics/c.zip": ("pictures/window", partial(_packed, form="zip"), "holds a tree that packager built"),
    "comics/pages/d.zip": ("window-built", partial(_packed, form="zip"), "holds "),
}


@pytest.fixture
def strewn(own: Path) -> Path:
    """The shelf, with all that in the bundle on it."""
    done = packager("plan", "window", "--html", "plan.html", cwd=own)
    assert done.returncode == 0, done.stderr
    for where, (what, put, _) in STREWN.items():
        put(own / what, own / "window" / where)
    return own


def test_what_is_ours_is_known_by_what_stands_in_it(strewn: Path) -> None:
    """Whatever it is called, wherever it lies and in whatever it is packed: the tree is the same, and each is told."""
    done = packager("build", "window", "-o", "out", cwd=strewn)
    assert done.returncode == 0, done.stderr
    assert "Look at   " in done.stdout
    assert contents(strewn / "out/window") == contents(strewn / "window-built/window")
    report = (strewn / "out/keep/report.txt").read_text()
    to_look_at = report.partition("Please look at")[2].partition("\n\n")[0]
    assert [where for where, (*_, told) in STREWN.items() if f"{where}: not taken: it {told}" not in to_look_at] == []


@pytest.mark.parametrize("name", ["articles/mine.md", "articles/page.html", "comics/a.zip", "comics/b.tgz"])
def test_what_is_ours_under_another_name_is_not_imported_or_listed(strewn: Path, name: str) -> None:
    """Alone as little as from its folder."""
    shutil.copyfile(strewn / "window" / name, strewn / Path(name).name)
    taken = packager("import", Path(name).name, "new", cwd=strewn)
    assert taken.returncode == SourceError.exit_code
    assert "and never a source" in taken.stdout
    write(strewn / "window/bundle.toml", f'[[publication]]\nsource = "{name}"\n')
    listed = packager("build", "window", "-o", "out", cwd=strewn)
    assert listed.returncode == SourceError.exit_code
    assert "and never a source" in listed.stderr


WITHOUT_THEIR_MARKS = {  # where it lies, and what is not copied with it
    "a tree without its first page": ("window-built/window", "/index.html"),
    "what a build made without its keep": ("window-built", "keep"),
    "what --cache keeps": ("measured", ""),
}


@pytest.mark.parametrize("kind", WITHOUT_THEIR_MARKS)
def test_what_is_ours_among_comics_stops_no_build(own: Path, kind: str) -> None:
    """It is no damaged comic: it is passed over, and told."""
    what, lost = WITHOUT_THEIR_MARKS[kind]
    again = shutil.copytree(own / what, own / "window/comics/again", ignore=shutil.ignore_patterns(lost, "*.zip"))
    if lost.startswith("/"):
        (again / lost[1:]).unlink()
    done = packager("build", "window", "-o", "out", cwd=own)
    assert done.returncode == 0, done.stderr
    assert "Look at   comics/again/" in done.stdout
    assert contents(own / "out/window") == contents(own / "window-built/window")


@pytest.mark.parametrize("place", ["comics/old", "comics"])
def test_pictures_that_lie_as_in_a_tree_for_screens_are_told(own: Path, place: str) -> None:
    """Somebody's comic may lie so too, and is taken."""
    assert packager("build", "window", "-o", "screens", "--profile", "tv", cwd=own).returncode == 0
    shutil.copytree(own / "screens/window", own / "window" / place, dirs_exist_ok=True)
    done = packager("build", "window", "-o", "out", cwd=own)
    assert done.returncode == 0, done.stderr
    assert f"Look at   {place}: it looks like a tree of pictures" in done.stdout


OTHER_TEXTS = (
    "A report\n\n9 files, 3638302 bytes; on FAT32 they are slow.\n",
    '{"archive": "", "findings": []}',
    "12\tab\twindow/index.html\n",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
    '<!DOCTYPE html><html translate="no" class="notranslate"><meta content="base-uri \'none\'">',
)


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_a_text_that_only_looks_alike_is_not_ours(text: str) -> None:
    """Nothing of an organizer's own is left out for a word in it."""
    assert mark_of_text(text.encode()) is None
