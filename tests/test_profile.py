"""What a profile may say, and how it is refused."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from packager import profile
from packager.errors import DefinitionError
from packager.model import Edition

ANY = Path(profile.__file__).parent / "profiles" / "any.toml"


def make_profile(folder: Path, *changes: tuple[str, str]) -> Path:
    """A profile of one's own: `any` with lines exchanged by regular expressions."""
    toml = ANY.read_text(encoding="utf-8")
    for pattern, replacement in changes:
        toml, count = re.subn(pattern, replacement, toml, flags=re.MULTILINE)
        assert count == 1, pattern
    file = folder / "mine.toml"
    file.write_text(toml, encoding="utf-8")
    return file


def test_the_built_in_profile_holds_what_its_file_says() -> None:
    """Every number of the file reaches its field."""
    said = tomllib.loads(ANY.read_text(encoding="utf-8"))
    loaded = profile.load("any")
    assert (loaded.name, loaded.types) == ("any", tuple(said["types"]))
    assert loaded.editions == tuple(Edition(word) for word in said["editions"])
    for table in ("picture", "document", "tree"):
        for key, value in said[table].items():
            assert getattr(getattr(loaded, table), key) == value


def test_every_built_in_profile_loads() -> None:
    """None of the data files is broken, and all are listed."""
    assert "any" in profile.names()
    for name in profile.names():
        assert profile.load(name).name == name


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


REFUSALS = {
    "an unknown key": ("^quality = ", "qualty = ", "`picture.qualty` is not known here"),
    "a missing key": (r"^max_depth = .*\n", "", "`tree` lacks `max_depth`"),
    "a missing table": (r"^\[document\]\n(.+\n)+", "", "`document` is missing"),
    "a text for a number": ("^max_side = .*", 'max_side = "big"', "`picture.max_side` must be a whole number"),
    "a negative number": ("^width = .*", "width = -1", "`picture.width` must be a whole number from 1 up"),
    "a true for a number": ("^slice_ratio = .*", "slice_ratio = true", "`picture.slice_ratio` must be a number"),
    "an endless number": ("^slice_ratio = .*", "slice_ratio = inf", "`picture.slice_ratio` must be a number"),
    "a quality above all": ("^quality = .*", "quality = 101", "`picture.quality` must be a quality from 1 to 100"),
    "an unknown edition": ("^editions = .*", 'editions = ["sites"]', "`editions[1]`"),
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
