"""Small files that ask for much: each is refused with a reason, or read within bounds, and the build lives on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.builders import make_picture
from tests.helpers.hostile import endless
from tests.helpers.hostile.bomb import Bomb
from tests.helpers.hostile.bombs import bombs, sevenzip_with_dictionary

MOST_PROCESSOR_S = 20.0
MOST_BYTES = 512 << 20

SAMPLE = {
    "flat cbz, 1.png says 1000 bytes",
    "1000 members of the same bytes",
    "a ZIP that holds itself",
    "a member of zeros in gzip",
    "7z with a header of 64 MB",
    "PNG of 13350 x 13350",
    "GIF of 3000 frames of 4000",
    "HTML: a million line breaks",
    "Markdown: links in links",
    "DOCX: ten billion laughs",
    "EPUB: one chapter 100,000 times",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="what processes took is told in other units elsewhere"),
]


@dataclass(frozen=True, slots=True)
class Cost:
    """What became of a bomb, and what the whole command took: its processes' time, and the largest one's memory."""

    what: str
    outcome: str
    processor_s: float
    memory_bytes: int

    @property
    def is_kept(self) -> bool:
        return self.processor_s <= MOST_PROCESSOR_S and self.memory_bytes <= MOST_BYTES

    def __str__(self) -> str:
        return f"{self.outcome:9} {self.processor_s:5.1f} s {self.memory_bytes >> 20:4} MB  {self.what}"


def test_bombs_are_refused(tmp_path: Path) -> None:
    """A sample of the proof, one of each family."""
    costs = set_off(tmp_path, (bomb for bomb in bombs() if bomb.what in SAMPLE))
    assert len(costs) == len(SAMPLE)
    assert [str(cost) for cost in costs if not cost.is_kept] == []


def test_a_7z_that_wants_a_gigabyte_takes_no_memory_of_the_check(tmp_path: Path) -> None:
    """What is packed is not unpacked, and is one finding."""
    (tmp_path / "tree.7z").write_bytes(sevenzip_with_dictionary(1 << 30, "index.html"))
    code, said, _, most_bytes = _measured(tmp_path, "check", "tree.7z")
    assert code == 1
    assert said.splitlines()[0].startswith("(whole): A101 it is packed otherwise than packager packs it")
    assert most_bytes <= MOST_BYTES


@pytest.mark.prove
def test_every_bomb_is_refused(tmp_path: Path) -> None:
    """Each within 20 s of the processor and 512 MB, in any one process."""
    costs = set_off(tmp_path, bombs())
    for cost in costs:
        print(cost)
    refused = sum(cost.outcome == "refused" for cost in costs)
    print(f"{len(costs)} bombs: {refused} refused by name, {len(costs) - refused} read within bounds")
    print(f"at most {max(cost.processor_s for cost in costs):.1f} s, {max(c.memory_bytes for c in costs) >> 20} MB")
    assert len(costs) >= 150
    assert [str(cost) for cost in costs if not cost.is_kept] == []


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("PDF: 4,900 pages of one picture", "4,900 pages"),
        ("PDF: 100 pages of one picture", "one page again and again"),
        ("PDF: 700 pages of one picture and a spot", "one picture again and again"),
        ("PDF: a tile, millions of times", "seconds of the processor"),
        ("PDF: a tile, millions of times, on 50 pages", "seconds of the processor"),
        ("65,000 pictures of four bytes", "too many for its 6,347,802 bytes"),
        ("400 PNGs of 11000 x 11000", "400 pictures of 48,400 megapixels"),
        ("3000 PNGs of 4000 x 4000", "3,000 pictures of 48,000 megapixels"),
        ("4,800 pages, three archives deep", "too many for its 949,802 bytes"),
        ("1,500 broken pictures", "1,500 of its 1,500 pictures cannot be read, the first is comics/a.cbz/0.png"),
        ("a title of 980,000 letters", "letters; 20,000 are shown at most"),
        ("1,000 pages about the artist", "1,599,000 letters of text stand beside its pictures"),
        ("60,000 empty members", "too many for its 30,730,240 bytes"),
        ("HTML: 40 pictures of 64 megapixels", "40 pictures of 2,560 megapixels"),
    ],
)
def test_a_source_that_asks_for_more_than_its_bytes_are_worth_is_refused(
    what: str, reason: str, tmp_path: Path
) -> None:
    """In one line that says what is too much; the comic beside it is built."""
    [bomb] = (bomb for bomb in endless.sources() if bomb.what == what)
    cost = _set_off(tmp_path, bomb)
    [said] = _sources(tmp_path / "out" / "keep" / "report.json", bomb.path)
    assert said["outcome"] == "damaged"
    assert reason in said["message"]
    assert cost.is_kept, cost


def test_chapters_that_every_document_would_list_are_left_out(tmp_path: Path) -> None:
    """All pages are shown, and it is said."""
    [bomb] = (bomb for bomb in endless.sources() if bomb.what == "3,000 chapters")
    cost = _set_off(tmp_path, bomb)
    said = [one["message"] for one in _sources(tmp_path / "out" / "keep" / "report.json", bomb.path)]
    assert "a comic of 3000 pages" in said
    assert any("shown without its 3,000 chapters" in message for message in said)
    assert cost.is_kept, cost


@pytest.mark.parametrize(
    ("what", "finding"),
    [
        ("a million attributes", "T302 it was not read: a tag in it has more than 10,000 attributes"),
        ("300,000 deep", "T302 it was not read: it has more than"),
        ("300,000 deep, closed crosswise", "T302 it was not read: it has more than"),
        ("6 million segments", "J101 it cannot be decoded whole: it has more than 100,000 segments"),
        ("a million chunks", "J101 it cannot be decoded whole: it has more than 100,000 chunks"),
        ("20 million blocks", "J101 it cannot be decoded whole: it has more than 1,000,000 blocks"),
        ("65,000 members", r"A101 .*too many for its 6,347,802 bytes"),
        ("200 PNGs of 9,900 x 9,900", "too many to decode for so few bytes"),
        ("30 million ends of lines", ""),
    ],
)
def test_the_check_names_what_is_too_much_in_a_file(what: str, finding: str, tmp_path: Path) -> None:
    """Within the bounds of a source, and without having looked at all of it."""
    [bomb] = (bomb for bomb in endless.trees() if bomb.what == what)
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / bomb.path).write_bytes(bomb.make())
    code, said, processor_s, memory_bytes = _measured(tmp_path, "check", "tree", "--profile", "laptop", "--jobs", "1")
    assert code == 1
    assert re.search(finding, said)
    assert processor_s <= MOST_PROCESSOR_S
    assert memory_bytes <= MOST_BYTES


def set_off(folder: Path, every: Iterable[Bomb]) -> list[Cost]:
    """Each bomb in a bundle of its own, beside a comic of one page."""
    return [_set_off(folder / f"{number:03}", bomb) for number, bomb in enumerate(every)]


def _set_off(folder: Path, bomb: Bomb) -> Cost:
    make_picture(folder / "b" / "comics" / "good" / "1.png")
    path = folder / "b" / bomb.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bomb.make())
    before = path.stat().st_size
    code, said, cost_s, cost_bytes = _measured(folder, "build", "b", "-o", "out", "--skip-damaged", "--jobs", "1")
    assert "Traceback" not in said, said
    assert code in (0, 4), said
    outcomes = {"refused"} if code else _outcomes(folder / "out" / "keep" / "report.json", bomb.path)
    assert outcomes, "nothing is said of it"
    assert not code or re.search(rf"\b{re.escape(bomb.path)}\b", said), said
    is_refused = bool(outcomes & {"refused", "damaged", "warning"})
    path.unlink()
    return Cost(f"{bomb.what} ({bomb.path}, {before} bytes)", "refused" if is_refused else "read", cost_s, cost_bytes)


def _outcomes(report: Path, label: str) -> set[str]:
    """What became of a source, or of what is in it or around it."""
    return {one["outcome"] for one in _sources(report, label)}


def _sources(report: Path, label: str) -> list[dict[str, str]]:
    sources = json.loads(report.read_text(encoding="utf-8"))["sources"]
    return [one for one in sources if one["source"].startswith(label)]


# A process begins with the most memory of the one that starts it, and this one makes the bombs.
_MEASURE = """
import json, os, subprocess, sys
process = subprocess.Popen([sys.executable, "-m", "packager", *sys.argv[1:]], stderr=subprocess.STDOUT)
_, status, used = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]), file=sys.stderr)
"""


def _measured(folder: Path, *arguments: str) -> tuple[int, str, float, int]:
    """The exit code of a command, what it said, the time of all its processes and the memory of the largest."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    code, processor_s, memory_bytes = json.loads(done.stderr)
    return code, done.stdout, processor_s, memory_bytes
