"""The welcome bundle keeps its own promises: small, complete, the same in both languages, free to pass on."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from PIL import Image

WELCOME = Path(__file__).parents[2] / "bundles" / "welcome"
LANGUAGES = ("ko", "en")


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    """`bundle.toml` as TOML says it."""
    return tomllib.loads((WELCOME / "bundle.toml").read_text("utf-8"))


def tiles(language: str) -> list[Path]:
    """The pictures of the comic in one language, in order."""
    return sorted((WELCOME / "comics/window" / language).iterdir())


def size(picture: Path) -> tuple[int, int]:
    """Width and height of a picture whose every row can be decoded."""
    with Image.open(picture) as opened:
        opened.load()
        return opened.size


def ffprobe(file: Path) -> str:
    """What ffprobe says of a film or of sound."""
    command = ("ffprobe", "-v", "error", "-show_format", "-show_streams", str(file))
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.lower()


def text(name: str) -> str:
    """A text of the bundle."""
    return (WELCOME / name).read_text("utf-8")


def test_every_source_and_cover_that_is_named_exists(definition: dict[str, Any]) -> None:
    """The definition names nothing that is missing, and a cover is a picture."""
    for publication in definition["publication"]:
        assert (WELCOME / publication["source"]).exists()
        if "cover" in publication:
            assert min(size(WELCOME / publication["cover"])) >= 600


def test_every_word_is_said_in_both_languages(definition: dict[str, Any]) -> None:
    """Titles, sections, summaries and credits have a form in each language of the bundle."""
    wordings = [definition["title"]]
    for publication in definition["publication"]:
        wordings += [publication[key] for key in ("title", "section", "summary", "credit")]
    assert all(tuple(wording) == LANGUAGES and all(wording.values()) for wording in wordings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_tiles_join_into_one_strip(language: str) -> None:
    """Tiles of one width, each ending in plain rows, so that they join with no edge and can be cut apart there."""
    assert {size(tile)[0] for tile in tiles(language)} == {1080}
    assert 9_000 <= sum(size(tile)[1] for tile in tiles(language)) <= 14_000
    for tile in tiles(language):
        with Image.open(tile) as opened:
            last_rows = opened.convert("L").crop((0, opened.height - 60, opened.width, opened.height))
        darkest, lightest = last_rows.getextrema()
        assert isinstance(darkest, int)
        assert isinstance(lightest, int)
        assert lightest - darkest <= 8


def test_both_languages_show_the_same_scenes() -> None:
    """A tile in one language has its counterpart, of the same size, in the other."""
    korean, english = ([(tile.name, size(tile)) for tile in tiles(language)] for language in LANGUAGES)
    assert korean == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_transcript_has_one_section_for_each_tile(language: str) -> None:
    """Who cannot see the pictures misses none of them, and no section names a picture that is not there."""
    headings = re.findall(r"(?m)^## (.+)$", text(f"comics/window/transcript.{language}.md"))
    assert headings == [tile.stem for tile in tiles(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_article_shows_pictures_that_exist_each_with_words_for_those_who_cannot_see_it(language: str) -> None:
    """Each figure of the article has a file, an alternative text and a caption."""
    article = text(f"articles/paper-boats.{language}.md")
    figures = re.findall(r'!\[(.*?)\]\((\S+?) "(.*?)"\)', article)
    assert len(figures) == article.count("![") == 3
    for alternative, name, caption in figures:
        assert alternative
        assert caption
        assert size(WELCOME / "articles" / PurePosixPath(name))[0] >= 1000


def test_bundle_is_small_enough_to_be_kept_in_git() -> None:
    """What is read is below 1.5 MB, what is played below 1.1."""
    played = [file for name in ("films", "sound") for file in (WELCOME / name).rglob("*")]
    read = [file for file in WELCOME.rglob("*") if file.is_file() and file not in played]
    assert sum(file.stat().st_size for file in read) < 1_500_000
    assert sum(file.stat().st_size for file in played) < 1_100_000


def test_film_says_the_same_at_the_same_time_in_both_languages() -> None:
    """As many subtitles, each at the same time, and none of them empty."""
    cues = [re.findall(r"(?m)^(\d\d:.+ --> .+)\n(.+)", text(f"films/river.{language}.srt")) for language in LANGUAGES]
    assert [time for time, _ in cues[0]] == [time for time, _ in cues[1]]
    assert len(cues[0]) == 5


def test_film_and_sound_tell_nothing_of_who_made_them() -> None:
    """No tags but those that the container cannot be without."""
    for file in (WELCOME / "films/river.mp4", *(WELCOME / "sound").iterdir()):
        facts = ffprobe(file)
        tags = set(re.findall("tag:([a-z_]+)", facts))
        assert tags <= {"major_brand", "minor_version", "compatible_brands", "language", "handler_name", "vendor_id"}
        assert 20 < float(re.findall("duration=([0-9.]+)", facts)[0]) < 30


def test_licence_of_words_and_pictures_is_stated() -> None:
    """A note beside the bundle says under what terms its parts may be passed on."""
    note = (WELCOME.parent / "README.md").read_text("utf-8")
    assert "MIT" in note
    assert "public domain" in note
    assert "SIL Open Font License" in note
