"""The tables of docs/engines.md, written by the tests that fill them."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "engines.md"

Table = dict[tuple[str, str], list[str]]

# What cannot hold, by engine and kind of page: the number of its explanation below the table.
KNOWN: dict[tuple[str, str], int] = {
    ("Dillo", "strip"): 2,
    ("Dillo", "pages"): 1,
    ("Dillo", "pages, right to left"): 1,
    ("Dillo", "article"): 1,
    ("Dillo", "one file, alone"): 1,
    ("Dillo", "a folder alone"): 1,
}


def write(name: str, told: Table, kinds: tuple[str, ...]) -> None:
    """Put the table called `name` in its place; a dash where something unknown is wrong."""
    begin, end = f"<!-- {name}: written by the tests -->", f"<!-- end of {name} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{begin}\n\n{_table(told, kinds)}\n\n{end}{after}", encoding="utf-8")


def _table(told: Table, kinds: tuple[str, ...]) -> str:
    rows = [["engine", *kinds], ["---"] * (len(kinds) + 1)]
    for engine in dict.fromkeys(engine for engine, _ in told):
        rows.append([engine, *(_cell(told, engine, kind) for kind in kinds)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(told: Table, engine: str, kind: str) -> str:
    if not told[engine, kind]:
        return "yes"
    return f"({KNOWN[engine, kind]})" if (engine, kind) in KNOWN else "-"
