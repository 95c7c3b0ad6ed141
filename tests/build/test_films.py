"""A film of a bundle reaches the tree: a page with its poster and a plain link, and the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers import films


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """The tree of a bundle with one film."""
    folder = tmp_path_factory.mktemp("film")
    (folder / "bundle/films").mkdir(parents=True)
    films.made(folder / "bundle/films/The Window.ko.mp4", seconds=2)
    request = Request(folder / "bundle", folder / "out")
    result = build(request, lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return folder / "out" / "bundle"


def test_page_leads_to_poster_and_film(tree: Path) -> None:
    """The work's folder has one document, the poster that it shows, and the film that it links to."""
    (document,) = tree.glob("*/index.html")
    names = {path.name for path in document.parent.iterdir()}
    page = document.read_text("utf-8")
    assert {"01.mp4", "poster.jpg"} <= names
    assert 'href="01.mp4"' in page
    assert 'src="poster.jpg"' in page
    assert "The Window" in page
