"""What a profile may say, how one extends another, and how it is refused."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from math import ceil
from pathlib import Path

import pytest

from packager.config import profile
from packager.config.profile import Pages
from packager.errors import DefinitionError
from packager.model import Edition
from packager.report.findings import unapplied
from tests.helpers.builders import make_bundle, make_comic, packager, write
from tests.helpers.clean_tree import clean_tree, comic_cbz, jpeg
from tests.helpers.clean_tree import write as write_tree

pytestmark = pytest.mark.slow

ANY = profile.BUILT_IN / "any.toml"
DEVICES = Path(__file__).parents[2] / "docs" / "devices.md"


def make_profile(folder: Path, *changes: tuple[str, str]) -> Path:
    """A profile of one's own: `any` with lines exchanged by regular expressions."""
    toml = ANY.read_text(encoding="utf-8")
    for pattern, replacement in changes:
        toml, count = re.subn(pattern, replacement, toml, flags=re.MULTILINE)
        assert count == 1, pattern
    return write(folder / "mine.toml", toml)


def test_the_built_in_profile_holds_what_its_file_says() -> None:
    """Every number of the file reaches its field."""
    said = tomllib.loads(ANY.read_text(encoding="utf-8"))
    loaded = profile.load("any")
    assert (loaded.name, loaded.types) == ("any", tuple(said["types"]))
    assert loaded.editions == tuple(Edition(word) for word in said["editions"])
    assert (loaded.summary, loaded.pages) == (said["summary"], Pages(said["pages"]))
    for table in ("picture", "document", "tree", "film", "sound"):
        for key, value in said[table].items():
            assert getattr(getattr(loaded, table), key) == (tuple(value) if isinstance(value, list) else value)


def documented() -> dict[str, list[str]]:
    """The rows of the table of profiles in docs/devices.md, by name."""
    section = DEVICES.read_text(encoding="utf-8").partition("## 5. Profiles")[2]
    table = section.partition("| profile |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {row[0].strip("`"): row[1:] for row in rows}


def number(words: str) -> float:
    """`2 x 1024 x 1024`, `2,048`, `500 KB` or `2.1` as a number."""
    product = 1.0
    for factor in words.replace(",", "").replace(" KB", " x 1000").replace(" MB", " x 1000000").split(" x "):
        product *= float(factor)
    return product


def test_the_built_in_profiles_are_those_that_are_documented() -> None:
    """The page that gives the reasons knows each of them."""
    assert set(profile.names()) == set(documented())


@pytest.mark.parametrize("name", profile.names())
def test_the_limits_of_a_built_in_profile_are_the_documented_ones(name: str) -> None:
    """Every number of the table is the number that the check uses."""
    types, pictures, counts, names, pages = documented()[name]
    mode, side, megapixels, size = pictures.split("; ")
    loaded = profile.load(name)
    assert (loaded.types, loaded.picture.baseline) == (tuple(types.split()), mode == "baseline")
    pixels = number(megapixels) if " x " in megapixels else number(megapixels) * 1_000_000
    limits = loaded.picture
    assert (limits.max_side, limits.max_pixels, limits.max_bytes) == (number(side), pixels, number(size))
    tree = loaded.tree
    assert [tree.max_files_in_folder, tree.max_files, tree.max_depth] == [number(count) for count in counts.split(", ")]
    assert (tree.max_path, tree.max_file_bytes) == (number(names.rpartition("; ")[2]), 2_000_000_000)
    assert (loaded.pages is Pages.NONE) == (pages == "none")
    if "files up to" in pages:
        assert loaded.document.max_single_file_bytes == number(pages.partition("files up to ")[2])


NAMES = {
    "any": (["w401", "001.jpg", "a" * 40 + ".html"], ["A.jpg", "창.jpg", "a" * 41, "a.b.jpg", ".jpg"]),
    "player": (["00000001.JPG", "A-1.TXT", "W401"], ["a.jpg", "000000001.JPG", "A.JPEG", "A.B.C"]),
    "player-small": (["00000001.AVI", "A-1.MP3"], ["a.avi", "000000001.AVI", "A.MPEG"]),
    "tv": (["a" * 26 + ".jpg", "W4-01_b"], ["a" * 27 + ".jpg", "창.jpg", "a b.jpg"]),
    "disc": (["00000001.JPG", "A_1.JPG"], ["A-1.JPG", "a.jpg", "000000001.JPG", "A.JPEG"]),
    "phone-old": (["창 1.jpg", "a" * 40], ["a" * 41]),
    "phone": (["창 1.jpg", "a" * 60], ["a" * 61]),
    "laptop": (["창 1.jpg", "a" * 60], ["a" * 61]),
    "ereader": (["a" * 55 + ".epub"], ["a" * 61]),
}


@pytest.mark.parametrize("name", profile.names())
def test_the_names_that_a_built_in_profile_allows(name: str) -> None:
    """Names of the longest length are allowed, and those one longer, or of other letters, are not."""
    allowed, refused = NAMES[name]
    pattern = profile.load(name).tree.name_pattern
    assert [word for word in (*allowed, *refused) if re.fullmatch(pattern, word)] == allowed


@pytest.mark.parametrize("name", profile.names())
def test_every_number_says_where_it_comes_from(name: str) -> None:
    """A section of docs/devices.md, or that it was judged."""
    lines = (profile.BUILT_IN / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    numbers = [line for line in lines if re.match(r"\w+ = [\d\[]|(name_pattern|pages|baseline) =", line)]
    assert numbers
    assert [line for line in numbers if not re.search(r"# (section ([1-7]|10)|J)\b|^(editions|types)", line)] == []


@pytest.mark.parametrize("name", profile.names())
def test_the_films_of_a_built_in_profile_are_what_their_standards_allow(name: str) -> None:
    """ISO 14496-2, annex N, and ITU-T H.264, annex A: macroblocks and bits a second; and no file that trees refuse."""
    loaded = profile.load(name)
    film = loaded.film
    most = {("h264", "3.0"): (40_500, 10**7), ("h264", "3.1"): (108_000, 14 * 10**6)}
    most |= {("mpeg4", "3"): (11_880, 800_000), ("mpeg4", "5"): (48_600, 8 * 10**6)}
    blocks, rate = most[film.codec, film.level]
    assert ceil(film.width / 16) * ceil(film.height / 16) * film.frame_rate <= blocks
    assert film.bit_rate < film.max_bit_rate <= rate
    assert film.min_bits_per_pixel < film.bits_per_pixel
    assert max(film.max_bytes, loaded.sound.max_bytes) <= loaded.tree.max_file_bytes


def test_a_profile_that_stands_alone_and_knows_of_no_film_has_the_limits_of_any(tmp_path: Path) -> None:
    """Those that organizers saved before there were films are read as before."""
    old = ANY.read_text(encoding="utf-8").partition("[film]")[0]
    write(tmp_path / "mine.toml", old.replace(', "mp4", "mp3", "srt", "smi"', ""))
    loaded = profile.load("mine.toml", tmp_path)
    assert (loaded.film, loaded.plays_films, loaded.plays_sound) == (profile.load("any").film, False, False)


def test_an_unknown_profile_names_the_nearest() -> None:
    """A slip of the finger is answered with what was meant."""
    with pytest.raises(DefinitionError, match='"anny"') as caught:
        profile.load("anny")
    assert "`any`" in str(caught.value)
    assert caught.value.exit_code == 3


def test_an_unlike_name_gets_the_list() -> None:
    """What resembles nothing is answered with everything."""
    with pytest.raises(DefinitionError) as caught:
        profile.load("zzz")
    assert all(name in str(caught.value) for name in profile.names())


def test_a_profile_beside_the_bundle_is_used(tmp_path: Path) -> None:
    """A definition can name a file that lies beside it."""
    make_profile(tmp_path, ("^quality = .*", "quality = 55"))
    loaded = profile.load("mine.toml", tmp_path)
    assert (loaded.name, loaded.picture.quality) == ("mine", 55)


def test_a_profile_in_the_current_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the command line a path means what it means everywhere."""
    make_profile(tmp_path)
    (tmp_path / "bundle").mkdir()
    monkeypatch.chdir(tmp_path)
    assert profile.load("./mine.toml", tmp_path / "bundle").name == "mine"


def test_a_profile_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The file that was looked for stands in the message."""
    with pytest.raises(DefinitionError, match=re.escape(str(tmp_path / "gone.toml"))):
        profile.load("gone.toml", tmp_path)


def test_a_profile_that_extends_another_says_only_what_differs(tmp_path: Path) -> None:
    """All else is the other's, tables key by key."""
    write(tmp_path / "mine.toml", 'extends = "tv"\n[picture]\nmax_bytes = 9\n')
    tv = profile.load("tv")
    assert profile.load("mine.toml", tmp_path) == replace(tv, name="mine", picture=replace(tv.picture, max_bytes=9))


def test_files_can_extend_files_that_lie_beside_them(tmp_path: Path) -> None:
    """The nearest word counts, and a name of a file means one in the same folder."""
    write(tmp_path / "own" / "far.toml", 'extends = "any"\n[tree]\nmax_depth = 7\nmax_files = 8\n')
    write(tmp_path / "own" / "near.toml", 'extends = "far.toml"\n[tree]\nmax_files = 9\n')
    tree = profile.load("own/near.toml", tmp_path).tree
    assert (tree.max_depth, tree.max_files, tree.max_path) == (7, 9, profile.load("any").tree.max_path)


def test_ignored_rules_add_up_by_pattern(tmp_path: Path) -> None:
    """A profile keeps what the other ignores elsewhere, and says anew what is ignored in the same place."""
    write(tmp_path / "far.toml", 'extends = "any"\n[ignore]\n"cbz/*" = ["J203"]\n"a/*" = ["J"]\n')
    write(tmp_path / "near.toml", 'extends = "far.toml"\n[ignore]\n"cbz/*" = ["J2"]\n')
    assert dict(profile.load("near.toml", tmp_path).ignore) == {"cbz/*": ("J2",), "a/*": ("J",)}


CIRCLES = {
    "with itself": {"a": "a.toml"},
    "of two": {"a": "b.toml", "b": "./a.toml"},
    "further on": {"a": "b.toml", "b": "c.toml", "c": "b.toml"},
}


@pytest.mark.parametrize("files", CIRCLES.values(), ids=list(CIRCLES))
def test_profiles_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path, files: dict[str, str]) -> None:
    """The circle is told, and the file and line that close it."""
    for name, other in files.items():
        write(tmp_path / f"{name}.toml", f'extends = "{other}"\n')
    with pytest.raises(DefinitionError, match=r"\.toml, line 1: `extends` leads round in a circle: a -> .*"):
        profile.load("a.toml", tmp_path)


EXTENSIONS = {
    "an unknown profile": ('extends = "plyer"', "Did you mean `player`?"),
    "a file that is not there": ('extends = "gone.toml"', "gone.toml"),
    "a number": ("extends = 3", "`extends` must be a text"),
    "a mistake of its own": ('extends = "any"\n[tree]\nmax_fils = 3', "Did you mean `max_files`?"),
    "a text for a table": ('extends = "any"\ntree = "high"', "`tree` must be a table"),
    "pages without a document": ('extends = "player"\npages = "site"', "`types` has no html"),
    "what is no code of a rule": ('extends = "any"\n[ignore]\n"a/*" = ["j2"]', "the code of a rule"),
}


@pytest.mark.parametrize(("toml", "said"), EXTENSIONS.values(), ids=list(EXTENSIONS))
def test_a_mistake_in_a_profile_that_extends_is_told_in_its_own_file(tmp_path: Path, toml: str, said: str) -> None:
    """With the line, and the word that was probably meant."""
    write(tmp_path / "mine.toml", toml)
    with pytest.raises(DefinitionError) as caught:
        profile.load("mine.toml", tmp_path)
    assert said in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_profile_is_shown_as_it_is_written_and_what_it_extends_behind_it(tmp_path: Path) -> None:
    """With the comments that say where a value comes from; what it extends is a comment itself."""
    mine = 'extends = "phone"\n[picture]\nmax_side = 99  # it\'s ours'
    write(tmp_path / "mine.toml", f"{mine}\n")
    shown = packager("profiles", "mine.toml", cwd=tmp_path).stdout.splitlines()
    assert shown[:3] == mine.splitlines()
    assert all(line.startswith("# ") for line in shown[3:])
    for name in ("phone", "any"):
        behind = shown[shown.index(f"# From the profile {name}:") + 1 :]
        lines = (profile.BUILT_IN / f"{name}.toml").read_text(encoding="utf-8").strip().splitlines()
        assert [line.removeprefix("# ") for line in behind[: len(lines)]] == lines


@pytest.mark.parametrize("name", [name for name in profile.names() if profile.load(name).can_be_built])
def test_what_is_built_for_a_profile_passes_its_check(name: str, tmp_path: Path) -> None:
    """The editions of a profile are such as its devices open."""
    make_comic(tmp_path / "window" / "comics" / "pages", pages=2)
    built = packager("build", tmp_path / "window", "-o", tmp_path / "out", "--profile", name)
    assert built.returncode == 0, built.stdout + built.stderr
    checked = packager("check", tmp_path / "out" / "window", "--profile", name)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def test_a_profile_without_an_edition_says_which_can_be_built(tmp_path: Path) -> None:
    """In one line, before any work is done, with the exit code of a profile; nothing is made."""
    make_comic(tmp_path / "window", pages=1)
    make_profile(tmp_path, ("^editions = .*", "editions = []"))
    built = packager("build", tmp_path / "window", "-o", tmp_path / "out", "--profile", tmp_path / "mine.toml")
    assert built.returncode == 3
    assert len(built.stderr.splitlines()) == 1
    ready = "any, disc, ereader, laptop, phone, phone-old, player, player-small, tv"
    assert all(word in built.stderr for word in ('"mine"', ready))
    assert not (tmp_path / "out").exists()


REFUSALS = {
    "an unknown key": ("^quality = ", "qualty = ", "`picture.qualty` is not known here"),
    "a missing key": (r"^max_depth = .*\n", "", "`tree` lacks `max_depth`"),
    "a missing table": (r"^\[document\]\n(.+\n)+", "", "`document` is missing"),
    "a text for a number": ("^max_side = .*", 'max_side = "big"', "`picture.max_side` must be a whole number"),
    "a negative number": ("^width = 2048.*", "width = -1", "`picture.width` must be a whole number from 1 up"),
    "a true for a number": ("^slice_ratio = .*", "slice_ratio = true", "`picture.slice_ratio` must be a number"),
    "an endless number": ("^slice_ratio = .*", "slice_ratio = inf", "`picture.slice_ratio` must be a number"),
    "a quality above all": ("^quality = .*", "quality = 101", "`picture.quality` must be a quality from 1 to 100"),
    "an unknown edition": ("^editions = .*", 'editions = ["sites"]', "`editions[1]`"),
    "an unknown container": ("^container = .*", 'container = "mkv"', "`film.container`"),
    "a pattern that is none": ("^name_pattern = .*", 'name_pattern = "("', "is not a regular expression"),
}


@pytest.mark.parametrize(("pattern", "replacement", "said"), REFUSALS.values(), ids=list(REFUSALS))
def test_a_refusal_says_which_key(tmp_path: Path, pattern: str, replacement: str, said: str) -> None:
    """A profile with a mistake is not used, and the mistake is named."""
    make_profile(tmp_path, (pattern, replacement))
    with pytest.raises(DefinitionError) as caught:
        profile.load("mine.toml", tmp_path)
    assert said in str(caught.value)
    assert "mine.toml" in str(caught.value)


# Trees that a profile allows: (profile, files).
ALLOWED = {
    "a player's folders": ("player", {"A/00000001.JPG": jpeg(), "A/READ-ME.TXT": b"words\n"}),
    "a TV's pictures": ("tv", {"Holiday_2020/IMG-01.jpg": jpeg()}),
    "a disc": ("disc", {"A/B/00000001.JPG": jpeg()}),
    "an e-reader's comic": ("ereader", {"창.cbz": comic_cbz()}),
    "a phone's site": ("phone", clean_tree()),
}


@pytest.mark.parametrize(("name", "tree"), ALLOWED.values(), ids=list(ALLOWED))
def test_a_tree_as_a_profile_wants_it_has_no_finding(name: str, tree: dict[str, bytes], tmp_path: Path) -> None:
    """Also where no edition is made for it: what others made can be checked."""
    checked = packager("check", write_tree(tree, tmp_path / "tree"), "--profile", name)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def test_only_profiles_of_old_devices_want_baseline_jpegs(tmp_path: Path) -> None:
    """A progressive picture of others is no problem on a phone of today."""
    tree = write_tree({"a.jpg": jpeg(progressive=True)}, tmp_path / "tree")
    for name, code in (("tv", 1), ("phone", 0)):
        profile = write(tmp_path / f"{name}-of-others.toml", f'extends = "{name}"\npictures = "decodable"\n')
        assert packager("check", tree, "--profile", profile, "--select", "J").returncode == code


def test_what_a_profile_ignores_is_not_reported_there_and_is_elsewhere(tmp_path: Path) -> None:
    """A rule is left out by the pattern of paths, not everywhere."""
    write(tmp_path / "tree" / "a" / "창.txt", "words\n")
    write(tmp_path / "tree" / "b" / "창.txt", "words\n")
    write(tmp_path / "mine.toml", 'extends = "any"\npages = "none"\n[ignore]\n"a/*" = ["N102"]\n')
    checked = packager("check", "tree", "--profile", "mine.toml", cwd=tmp_path)
    assert checked.returncode == 1
    [finding, _total] = checked.stdout.splitlines()
    assert finding.startswith("b/창.txt: N102 창.txt: names have at most 40 of a-z")


def test_a_profile_that_ignores_a_rule_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A slip there would silence nothing, and nobody would know."""
    (tmp_path / "tree").mkdir()
    write(tmp_path / "mine.toml", 'extends = "any"\n[ignore]\n"a/*" = ["J999"]\n')
    checked = packager("check", "tree", "--profile", "mine.toml", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (3, "")
    assert 'ignores J999 in "a/*"' in checked.stderr


def test_profiles_are_listed_one_a_line_and_shown_one_by_one(tmp_path: Path) -> None:
    """What is shown can be saved and used; what is unknown names the nearest."""
    listed = packager("profiles", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(profile.names())
    assert all(profile.load(line.split()[0]).summary in line for line in listed)
    write(tmp_path / "mine.toml", packager("profiles", "tv", cwd=tmp_path).stdout)
    assert profile.load("mine.toml", tmp_path) == replace(profile.load("tv"), name="mine")
    unknown = packager("profiles", "tvv", cwd=tmp_path)
    assert (unknown.returncode, unknown.stdout) == (3, "")
    assert "`tv`" in unknown.stderr


# --- rules that a profile leaves out --------------------------------------------------------------------------

LEFT_OUT = 'rules left out by the profile own: "*" = ["X", "H", "P4"]; "scans/*" = ["T201"]'
OWN = 'extends = "any"\n[ignore]\n"*" = ["X", "H", "P4", "J203"]\n"scans/*" = ["T201"]\n'


@pytest.fixture(scope="module")
def relaxed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle `window` that brings its own profile, and names it."""
    folder = tmp_path_factory.mktemp("relaxed")
    bundle = make_bundle(folder / "window", definition='profile = "own.toml"\n')
    write(bundle / "own.toml", OWN)
    return folder


def test_a_bundle_cannot_switch_off_its_own_check_unsaid(relaxed: Path) -> None:
    """The last lines of the build say what was not looked for, and so does each report."""
    done = packager("build", "window", cwd=relaxed)
    assert done.returncode == 0, done.stderr
    assert f"Unchecked {LEFT_OUT}" in done.stdout.splitlines()[-2:]
    keep = relaxed / "window-built/keep"
    assert f"Unchecked: {LEFT_OUT}\n" in (keep / "report.txt").read_text()
    assert json.loads((keep / "report.json").read_text())["unapplied"] == LEFT_OUT
    told = packager("build", "window", "--output-format", "json", cwd=relaxed)
    assert json.loads(told.stdout)["unapplied"] == LEFT_OUT


def test_nor_a_refused_or_a_quiet_build(relaxed: Path) -> None:
    """What is refused says it too; where only problems are said, this is one."""
    quiet = packager("build", "window", "-q", cwd=relaxed)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", f"packager: {LEFT_OUT}\n")
    write(relaxed / "window/own.toml", OWN + "[tree]\nmax_path = 12\n")
    refused = packager("build", "window", "-o", "refused", cwd=relaxed)
    write(relaxed / "window/own.toml", OWN)
    assert (refused.returncode, refused.stdout.splitlines()[-1]) == (1, f"Unchecked {LEFT_OUT}")


@pytest.mark.parametrize("options", [[], ["-q"]], ids=["aloud", "quiet"])
def test_a_check_by_such_a_profile_says_what_it_left_out(relaxed: Path, options: list[str]) -> None:
    """In the line before the one that says that nothing was found."""
    (relaxed / "tree").mkdir(exist_ok=True)
    write(relaxed / "tree/a.txt", "words")
    done = packager("check", "tree", "--profile", "window/own.toml", "--ignore", "L", *options, cwd=relaxed)
    assert done.stdout == f"R{LEFT_OUT[1:]}.\nNo problem found in tree.\n"


def test_built_in_profiles_leave_out_nothing_that_protects() -> None:
    """So that the line is a sign of a profile of somebody's own."""
    assert [name for name in profile.names() if unapplied(profile.load(name))] == []
