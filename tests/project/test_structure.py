"""The package stays as docs/design.md draws it, and small enough to read."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "packager"
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))
LONGEST_MODULE, LONGEST_FUNCTION = 350, 50  # lines


def test_docs_draw_every_name_on_the_top_level() -> None:
    """And none that is not there."""
    drawing = (
        (ROOT / "docs/design.md").read_text(encoding="utf-8").partition("## Packages")[2].partition("`check` imp")[0]
    )
    drawn = set(re.findall(r"(?:^ {4}|\S {2,})(\w+) {2,}(?=\S)", drawing, re.MULTILINE))
    names = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert drawn == names - {"__init__"}


def test_a_public_class_name_stands_for_one_class() -> None:
    """Whoever reads a name knows what it is, wherever it stands."""
    modules = defaultdict(set)
    for path in MODULES:
        for node in _tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules[node.name].add(str(path.relative_to(PACKAGE)))
    assert {name: sorted(where) for name, where in modules.items() if len(where) > 1} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_short_enough_to_be_read_at_once(path: Path) -> None:
    """And so is each of its functions."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert [name for name, lines in _functions(path) if lines > LONGEST_FUNCTION] == []


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
