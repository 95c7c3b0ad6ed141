"""What a check found, as lines for people and in the formats that CI systems read."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from packager import __version__
from packager.check.findings import RULES
from packager.check.rules import loosened, unprotected
from packager.config.profile import Profile
from packager.errors import on_one_line
from packager.model import Finding, Severity
from packager.report.words import as_json, count
from packager.text.spelling import first_of
from packager.text.terminal import escaped, without_log_commands

MOST_ALIKE = 20  # findings of one rule that have a line each; more are one line
PLACES_SHOWN = 10  # patterns of paths, and messages of one code
EXAMPLES = 3  # of places where the same is found
COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}

_IN_DOCUMENT = re.compile(r"\Apicture \d+: ")  # a place too, in a document that holds pictures

JSON_VERSION = 1

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SARIF_ROOT = "%SRCROOT%"  # what code scanning calls the top of the checkout

# As @actions/core, packages/core/src/command.ts, escapes data and properties.
GITHUB_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
GITHUB_PROPERTY = GITHUB_DATA | str.maketrans({":": "%3A", ",": "%2C"})

NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML 1.0 2.2; what else it excludes is escaped before
XML_QUOTED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"})

Part = tuple[str, str]  # words, and rich's name for how they look


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings in what was checked. `path` is that as it was named, `base` as seen from the current folder.

    Where it is no folder but one file, findings lie in that file: their paths are those of members. `unapplied` says
    which of the rules that protect people the profile left out, and how much was not looked into while the rule that
    says so was not selected; "" for neither.
    """

    path: Path
    base: str
    is_folder: bool
    profile: str
    findings: tuple[Finding, ...]
    unapplied: str = ""

    @classmethod
    def at(cls, path: Path, profile: Profile, findings: tuple[Finding, ...], unread: int = 0) -> CheckResult:
        """Return the result for `path`, seen from the current folder; `unread` files in it have no finding."""
        whole, here = path.resolve(), Path.cwd().resolve()
        base = whole.relative_to(here) if whole.is_relative_to(here) else whole
        files = "1 file was" if unread == 1 else f"{unread:,} files were"
        unread_words = f"{files} not looked into, and --ignore leaves out why" if unread else ""
        left_out = "; ".join(filter(None, (unread_words, unapplied(profile))))
        return cls(path, base.as_posix(), path.is_dir(), profile.name, findings, left_out)

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return problems(self.findings)

    @property
    def warnings(self) -> int:
        """How many of the findings are warnings."""
        return len(self.findings) - self.errors

    def file_of(self, finding: Finding) -> str:
        """Return the file that holds the finding, from the current folder or, outside of it, from the root."""
        return posixpath.normpath(posixpath.join(self.base, finding.path if self.is_folder else ""))

    def sentence(self, finding: Finding) -> str:
        """Return what is wrong and what to do, with the member where the file is an archive."""
        remedy = f" -> {finding.remedy}" if finding.remedy else ""
        is_inside = not self.is_folder and finding.path not in ("", self.path.name)
        return (f"{finding.path}: " if is_inside else "") + finding.message + remedy


def unapplied(profile: Profile) -> str:
    """Return which rules that protect people a check leaves out, in the profile's own words; "" for none."""
    left_out = unprotected(profile.ignore)
    less = "; ".join(words for _, words in loosened(profile))
    if not left_out:
        return less
    places = [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(codes)}" for name, codes in left_out]
    words = f"rules left out by the profile {profile.name}: {first_of(places, PLACES_SHOWN, parted_by='; ')}"
    return escaped(on_one_line("; ".join(filter(None, (less, words)))))


def problems(findings: Iterable[Finding]) -> int:
    """Return how many of the findings are errors."""
    return sum(finding.severity is Severity.ERROR for finding in findings)


def text(checked: CheckResult, is_coloured: bool = False) -> str:
    """Return what nobody looked for, a line a finding, one a rule that is broken often, and how many there are."""
    counts = Counter(finding.code for finding in checked.findings)
    often = [(code, times) for code, times in counts.most_common() if times > MOST_ALIKE]
    few = [finding for finding in checked.findings if counts[finding.code] <= MOST_ALIKE]
    lines = (
        _sentence(checked.unapplied),
        findings_text(few, is_coloured) if few else "",
        *(_often([finding for finding in checked.findings if finding.code == code]) for code, _ in often),
        _counted(checked),
    )
    return without_log_commands("\n".join(filter(None, lines)))


def _often(alike: Sequence[Finding]) -> str:
    """Return one line for all findings of a rule: how many in how many files, what must hold, and the first places."""
    first, files = alike[0], list(dict.fromkeys(one.path or "(whole)" for one in alike))
    rule = RULES[first.code]
    what = f"{first.code} {len(alike):,} times in {count(len(files), 'file')}: not so: {rule.summary}"
    return escaped(f"{what} -> {first.remedy} (first {', '.join(files[:EXAMPLES])}: {first.message})")


def total(checked: CheckResult) -> str:
    """Return how much was found in one sentence, and in another what was not looked for."""
    return " ".join(filter(None, (_counted(checked), _sentence(checked.unapplied))))


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _counted(checked: CheckResult) -> str:
    places = count(len({finding.path for finding in checked.findings}), "place")
    warnings = [count(checked.warnings, "warning")] if checked.warnings else []
    numbers = [count(checked.errors, "problem"), *warnings]
    found = f"{', '.join(numbers)} in {places}." if checked.findings else ""
    return found or f"No problem found in {escaped(str(checked.path))}."


def findings_text(findings: Iterable[Finding], is_coloured: bool = False) -> str:
    """Return one line a finding: where, code, what is wrong, and what to do about it."""
    lines = [tuple(_parts(finding)) for finding in sorted(findings, key=lambda finding: finding.path)]
    if is_coloured:
        return _coloured(lines)
    return "\n".join("".join(words for words, _ in line) for line in lines)


def findings_by_kind(findings: Iterable[Finding]) -> str:
    """Return the errors a line each, and of the warnings a line for all that say the same: where, how often, what.

    Of one code so many are told at the most; report.json has all.
    """
    every = sorted(findings, key=lambda finding: finding.path)
    lines = [findings_text([one for one in every if one.severity is Severity.ERROR])] if problems(every) else []
    kinds: dict[str, dict[str, list[Finding]]] = {}
    for one in every:
        if one.severity is Severity.WARNING:
            kinds.setdefault(one.code, {}).setdefault(_IN_DOCUMENT.sub("", one.message), []).append(one)
    for code, by_message in sorted(kinds.items()):
        lines += [_on_places(message, alike) for message, alike in islice(by_message.items(), PLACES_SHOWN)]
        if more := sum(map(len, islice(by_message.values(), PLACES_SHOWN, None))):
            lines.append(f"and {code} at {count(more, 'more place')}: report.json has all")
    return "\n".join(lines)


def _on_places(message: str, alike: Sequence[Finding]) -> str:
    """Return one line for warnings that say the same."""
    places = list(dict.fromkeys(f"{one.path}:{one.line}" if one.line else one.path or "(whole)" for one in alike))
    remedy = f" -> {alike[0].remedy}" if alike[0].remedy else ""
    return escaped(f"{first_of(places, EXAMPLES)}: {alike[0].code} warning {message}{remedy}")


def _parts(finding: Finding) -> Iterator[Part]:
    line = f":{finding.line}" if finding.line else ""
    yield escaped(finding.path) + line or "(whole)", "bold"
    yield ": ", ""
    yield finding.code, COLOURS[finding.severity]
    yield (" warning" if finding.severity is Severity.WARNING else ""), ""
    yield f" {escaped(finding.message)}", ""
    yield (f" -> {escaped(finding.remedy)}" if finding.remedy else ""), "dim"


def _coloured(lines: Iterable[tuple[Part, ...]]) -> str:
    from rich.console import Console
    from rich.text import Text

    console = Console(force_terminal=True)  # rich leaves the colours out where NO_COLOR is set
    with console.capture() as captured:
        for line in lines:
            console.print(Text.assemble(*line), soft_wrap=True)
    return captured.get().rstrip("\n")


def findings_json(checked: CheckResult) -> str:
    """Return what docs/schemas/findings.json describes: what was checked, how much was found, and each finding."""
    return as_json(
        {
            "version": JSON_VERSION,
            "path": str(checked.path),
            "profile": checked.profile,
            "unapplied": checked.unapplied,
            "errors": checked.errors,
            "warnings": checked.warnings,
            "findings": [asdict(finding) for finding in checked.findings],
        }
    )


def github(checked: CheckResult) -> str:
    """Return an annotation a finding, on its file and line, and one for rules that were left out.

    The form is that of "Workflow commands for GitHub Actions" in GitHub's documentation.
    """
    left_out = [f"::warning title=rules::{_github_data(checked.unapplied)}"] if checked.unapplied else []
    return "\n".join([*(_annotation(finding, checked) for finding in checked.findings), *left_out])


def _annotation(finding: Finding, checked: CheckResult) -> str:
    properties = {"file": checked.file_of(finding), "line": finding.line, "title": finding.code}
    listed = ",".join(
        f"{name}={escaped(str(value)).translate(GITHUB_PROPERTY)}" for name, value in properties.items() if value
    )
    return f"::{finding.severity} {listed}::{_github_data(checked.sentence(finding))}"


def _github_data(words: str) -> str:
    return escaped(words).translate(GITHUB_DATA)


def junit(checked: CheckResult) -> str:
    """Return a test case a finding, failed where it is an error; where nothing was found, one that passed.

    The form is that of the schema of Jenkins' xUnit plugin (junit-10.xsd).
    """
    counts = _attributes(failures=checked.errors, errors=0)
    cases = [line for finding in checked.findings for line in _case(finding, checked)]
    left_out = f"    <system-out>{_xml_text(checked.unapplied)}</system-out>"
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_attributes(name='packager check')}{counts}>",
        f"  <testsuite{_attributes(name=checked.base, tests=len(checked.findings) or 1)}{counts}>",
        *(cases or [f"    <testcase{_attributes(name='no problem found', classname=checked.base)} />"]),
        *([left_out] if checked.unapplied else []),
        "  </testsuite>",
        "</testsuites>",
    )
    return "\n".join(lines)


def _case(finding: Finding, checked: CheckResult) -> Iterator[str]:
    file = checked.file_of(finding)
    place = f"{file}:{finding.line}" if finding.line else file
    sentence = checked.sentence(finding)
    yield f"    <testcase{_attributes(name=f'{finding.code} {place}', classname=file)}>"
    if finding.severity is Severity.ERROR:
        attributes = _attributes(type=finding.code, message=sentence)
        yield f"      <failure{attributes}>{_xml_text(f'{place}: {sentence}')}</failure>"
    else:
        yield f"      <system-out>{_xml_text(f'{place}: {sentence}')}</system-out>"
    yield "    </testcase>"


def _attributes(**attributes: object) -> str:
    return "".join(f' {name}="{_xml_letters(str(value)).translate(XML_QUOTED)}"' for name, value in attributes.items())


def _xml_text(words: str) -> str:
    return escape(_xml_letters(words), quote=False)


def _xml_letters(words: str) -> str:
    return NO_CHARACTER.sub("\ufffd", escaped(words))


def sarif(checked: CheckResult) -> str:
    """Return SARIF 2.1.0 (OASIS), which code scanning reads: a run with the broken rules and a result a finding."""
    codes = sorted({finding.code for finding in checked.findings})
    driver = {"name": "packager", "semanticVersion": __version__, "rules": [_sarif_rule(code) for code in codes]}
    results = [_sarif_result(finding, codes.index(finding.code), checked) for finding in checked.findings]
    run: dict[str, Any] = {"tool": {"driver": driver}, "results": results}
    if checked.unapplied:
        notice = {"level": "warning", "message": {"text": checked.unapplied}}
        run["invocations"] = [{"executionSuccessful": True, "toolConfigurationNotifications": [notice]}]
    return as_json({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"{rule.remedy} ({rule.source})"},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _sarif_result(finding: Finding, index: int, checked: CheckResult) -> dict[str, Any]:
    file = checked.file_of(finding)
    is_outside = PurePosixPath(file).is_absolute()
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file), "uriBaseId": SARIF_ROOT}}
    if is_outside:
        place["artifactLocation"] = {"uri": "file:///" + quote(file.lstrip("/"), safe="/:")}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": escaped(checked.sentence(finding))},
        "locations": [{"physicalLocation": place}],
    }


# The formats of findings by their names on the command line.
FORMS: Mapping[str, Callable[[CheckResult], str]] = {
    "text": text,
    "json": findings_json,
    "junit": junit,
    "sarif": sarif,
    "github": github,
}
