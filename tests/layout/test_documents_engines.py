"""The matrix of docs/engines.md: every kind of page, in every engine that runs here, in three languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers import engines, markers
from tests.helpers.browsers import Browser
from tests.research import engine_table

# A path as it may be on a reader's stick.
HERE = "읽을 거리 (1) & more"
PAGES = {
    "library": "index{}.html",
    "strip": "strip{}/index.html",
    "pages": "pages{}/index.html",
    "pages, right to left": "right{}/index.html",
    "article": "boats{}/index.html",
}
ENDINGS = ("", "-en", "-ar")
KINDS = (*PAGES, "one file, alone", "a folder alone", "the library alone")


@dataclass(frozen=True, slots=True)
class Case:
    """A document of the tree, and where it is opened: at home, or where only its folder or file was copied to."""

    document: PurePosixPath
    path: Path

    @property
    def is_alone(self) -> bool:
        """Whether the files that it leads to are not there."""
        return self.path.parts[-len(self.document.parts) :] != self.document.parts


@dataclass(frozen=True, slots=True)
class Shelf:
    """The marked tree, and its documents by their kind."""

    tree: Path
    cases: dict[str, list[Case]]

    def told(self, look: engines.Look, kind: str) -> list[str]:
        """What an engine does not show of the documents of one kind, each with its path."""
        return [f"{case.document}: {problem}" for case in self.cases[kind] for problem in self._problems(look, case)]

    def _problems(self, look: engines.Look, case: Case) -> list[str]:
        sight = look(case.path, markers.expected(case.document))
        return engines.problems(sight, case.document, None if case.is_alone else self.tree)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The marked bundle as a tree below a path with spaces and Korean letters, and parts of it copied elsewhere."""
    folder = tmp_path_factory.mktemp("engines") / HERE
    bundle = markers.make_marked(folder / "marked")
    with Workers() as workers:
        result = build(Request(bundle, folder / "built"), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    tree = folder / "built" / "marked"
    cases = {kind: [_at_home(tree, pattern.format(ending)) for ending in ENDINGS] for kind, pattern in PAGES.items()}
    files = sorted(path.relative_to(tree) for path in tree.glob("phone/*.html"))
    cases["one file, alone"] = [_file_alone(tree, path, folder / "files") for path in files]
    folders = ("strip", "pages-en", "right-ar", "boats")
    cases["a folder alone"] = [_folder_alone(tree, name, folder / "folders") for name in folders]
    homes = [Path(PAGES["library"].format(ending)) for ending in ENDINGS]
    cases["the library alone"] = [_file_alone(tree, path, folder / "homes") for path in homes]
    return Shelf(tree, cases)


def _at_home(tree: Path, name: str) -> Case:
    return Case(PurePosixPath(name), tree / name)


def _file_alone(tree: Path, path: Path, target: Path) -> Case:
    alone = target / path.stem / "한 파일.html"
    alone.parent.mkdir(parents=True)
    shutil.copy(tree / path, alone)
    return Case(PurePosixPath(path), alone)


def _folder_alone(tree: Path, name: str, target: Path) -> Case:
    copied = shutil.copytree(tree / name, target / f"복사본 {name}")
    return Case(PurePosixPath(name, "index.html"), copied / "index.html")


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each engine of the normal run in turn."""
    engine: Browser = request.getfixturevalue(request.param)
    return engine


@pytest.mark.parametrize("kind", KINDS)
def test_three_engines_show_every_kind_of_page(browser: Browser, shelf: Shelf, kind: str) -> None:
    """The last language of each kind, at 320 pixels: pictures whole and in order, words, links, nothing too wide."""
    last = Shelf(shelf.tree, {kind: shelf.cases[kind][-1:]})
    assert last.told(engines.driven(browser), kind) == []


@pytest.fixture(scope="module")
def table() -> Iterator[engine_table.Table]:
    """What the engines have shown; when all have been asked, it stands in docs/engines.md."""
    told: engine_table.Table = {}
    yield told
    if {engine for engine, _ in told} == set(engines.ENGINES):
        engine_table.write("pages", told, KINDS)


@pytest.fixture(scope="module", params=engines.ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[str, engines.Look]]:
    """The name and the eyes of each engine in turn."""
    with engines.opened(request.param) as look:
        yield request.param, look


@pytest.mark.prove
@pytest.mark.parametrize("kind", KINDS)
def test_every_engine_shows_every_kind_of_page(
    engine: tuple[str, engines.Look], shelf: Shelf, kind: str, table: engine_table.Table
) -> None:
    """In Korean, English and Arabic, but for the gaps that docs/engines.md explains: each of them is still one."""
    name, look = engine
    told = table[name, kind] = shelf.told(look, kind)
    assert bool(told) == ((name, kind) in engine_table.KNOWN), told
