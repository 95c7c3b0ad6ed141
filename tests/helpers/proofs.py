"""The tables of docs/proof.md: each row is written by the run that measured what stands in it."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "proof.md"
BEGIN, END = "<!-- written by `make prove` and `make bench` -->", "<!-- the end of what they write -->"
HEAD = "| what holds | file | figures | run |\n|---|---|---|---|"
NOT_RUN = "not run"
_ROW = re.compile(r"\| (.*) \| `(.*)` \| (.*) \| (.*) \|")


@dataclass(frozen=True, slots=True)
class Proof:
    """A row of the table: what holds, the file of the test or benchmark, its figures, and the day and commit."""

    promise: str
    file: str
    figures: str = ""
    run: str = NOT_RUN

    def __str__(self) -> str:
        return f"| {self.promise} | `{self.file}` | {self.figures} | {self.run} |"


def known() -> Iterator[Proof]:
    """Every proof of the project that can be run, none of them run yet."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        all_of_it = any("mark.prove" in ast.unparse(line) for line in module.body if isinstance(line, ast.Assign))
        for function in module.body:
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                marks = (ast.unparse(mark) for mark in function.decorator_list)
                if all_of_it or any(mark == "pytest.mark.prove" for mark in marks):
                    yield Proof(promise_of(function.name), path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "tests" / "research" / "bench").glob("[a-z]*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(part, ast.FunctionDef) and part.name == "measure" for part in module.body):
            yield Proof((ast.get_docstring(module) or "").partition("\n")[0], path.relative_to(ROOT).as_posix())


def are_whole(config: pytest.Config) -> bool:
    """Whether a run is one of proofs, with all cases of each: of whole files, none chosen, left out or given up."""
    options = vars(config.option)  # without its plugin, an option is not there
    parts = ("keyword", "deselect", "lf", "stepwise", "maxfail", "collectonly")
    are_chosen = any("::" in argument for argument in config.args) or any(options.get(part) for part in parts)
    return options["markexpr"] in ("prove", "prove or not prove") and not are_chosen


def standing() -> list[Proof]:
    """The rows of the page as they stand."""
    return [Proof(*row) for row in _ROW.findall(_between(PAGE.read_text(encoding="utf-8"))[1])]


def promise_of(function: str) -> str:
    """The name of a test as words."""
    return function.partition("[")[0].removeprefix("test_").replace("_", " ")


def record(figures: Mapping[tuple[str, str], str]) -> None:
    """Write the figures of this run, by file and promise; a proof that is no more loses its row."""
    rows = {(row.file, row.promise): row for row in standing()}
    proofs = [_renewed(proof, rows.get((proof.file, proof.promise)), figures) for proof in known()]
    before, _, after = _between(PAGE.read_text(encoding="utf-8"))
    table = "\n".join((HEAD, *map(str, proofs)))
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def _renewed(proof: Proof, old: Proof | None, figures: Mapping[tuple[str, str], str]) -> Proof:
    if new := figures.get((proof.file, proof.promise)):
        return replace(proof, figures=new.replace("|", "/"), run=f"{datetime.now(UTC).date()}, {_commit()}")
    return replace(proof, figures=old.figures, run=old.run) if old else proof


def figures_of(outcomes: Iterable[str], lines: Iterable[str]) -> str:
    """The figures of one proof: how its cases ended, where not all passed or there are several, and what it printed."""
    ends = list(outcomes)
    passed = ends.count("passed")
    cases = "" if passed == len(ends) == 1 else f"{passed} of {len(ends)} passed"
    others = [f"{ends.count(end)} {end}" for end in ("failed", "skipped") if end in ends]
    return "; ".join(part for part in (", ".join((cases, *others)).strip(", "), *lines) if part) or "holds"


def _between(text: str) -> tuple[str, str, str]:
    before, _, rest = text.partition(BEGIN)
    rows, _, after = rest.partition(END)
    return before, rows, after


def _commit() -> str:
    """The commit that is checked out, with a plus where files differ from it, but for the page that is written here."""
    commit = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", ".", f":!{PAGE.relative_to(ROOT)}")
    return f"{commit}{'+' if changed else ''}" if commit else "no commit"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
