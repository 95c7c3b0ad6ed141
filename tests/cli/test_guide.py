"""What the guide for organizers says of bundle.toml is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packager.config import definition
from packager.errors import DefinitionError
from tests.helpers.builders import make_comic, make_picture

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
OF_BUNDLE, OF_PUBLICATION = GUIDE.split("## bundle.toml")[1].split("## Editions")[0].split("Below each")
FORMAT = {"filesystem": "filesystem", "cluster": "cluster_bytes"}
SOURCE = '[[publication]]\nsource = "comics/escape"\n'


def rows(table: str) -> dict[str, str]:
    """The example of each key."""
    return dict(re.findall(r"^\| `(\w+)` \| `(.+?)` \|", table, re.MULTILINE))


def bundle(folder: Path, toml: str) -> Path:
    """A bundle with the comic that the examples speak of."""
    make_comic(folder / "comics" / "escape", 1)
    make_picture(folder / "comics" / "escape" / "cover.jpg")
    (folder / "bundle.toml").write_text(toml, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("table", "before"), [(OF_BUNDLE, ""), (OF_PUBLICATION, SOURCE)], ids=["bundle", "work"])
def test_the_guide_names_every_key_and_no_other(tmp_path: Path, table: str, before: str) -> None:
    """The hint of an unknown key names all."""
    with pytest.raises(DefinitionError) as caught:
        definition.load(bundle(tmp_path, f"{before}xyzzyx = 1\n"))
    assert set(rows(table)) == set(re.findall(r"\w+", caught.value.hint.removeprefix("Known:")))


@pytest.mark.parametrize("key", rows(OF_BUNDLE))
def test_each_example_of_a_bundles_key_is_understood(tmp_path: Path, key: str) -> None:
    """As it stands in the guide."""
    toml = SOURCE if key == "publication" else f"{rows(OF_BUNDLE)[key]}\n"
    field = {"folder": "name", "fit": "fit_bytes", "publication": "publications"}.get(key, key)
    loaded = definition.load(bundle(tmp_path, toml))
    assert getattr(loaded.format, FORMAT[key]) if key in FORMAT else getattr(loaded, field)


@pytest.mark.parametrize("key", rows(OF_PUBLICATION))
def test_each_example_of_a_works_key_is_understood(tmp_path: Path, key: str) -> None:
    """As it stands in the guide."""
    example = "" if key == "source" else rows(OF_PUBLICATION)[key]
    loaded = definition.load(bundle(tmp_path, f"{SOURCE}{example}\n"))
    assert loaded.publications is not None
    assert getattr(loaded.publications[0], key)
