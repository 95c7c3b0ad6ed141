"""The five formats of findings hold whatever names and texts of files hold, and give it back as data."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from packager.check.findings import finding
from packager.errors import on_one_line
from packager.model import Severity
from packager.report.findings import FORMS, CheckResult
from packager.text.terminal import escaped

HOSTILE = [
    "\n",
    "\r\n",
    "::error::",
    "::stop-commands::x",
    "##[error]",
    "]]>",
    "<!--",
    "\u202e",
    "\x1b[31m",
    "\0",
    "%0A",
    '"',
    "\u2028",
    "\ud800",
    "\ufffe",
    "&amp;",
    "\x85",
]
TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), max_size=6).map("".join)
FINDINGS = st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(list(Severity))), min_size=1, max_size=5)


@given(FINDINGS, TEXTS)
@example([("::stop-commands::x", "]]></failure>\n::error::a", Severity.ERROR)], "::add-mask::x")
def test_whatever_a_name_holds_every_format_can_be_read(told: list[tuple[str, str, Severity]], path: str) -> None:
    """As many findings as there are, on as many lines as a format has for them, and no sign that does something."""
    findings = tuple(replace(finding("X401", name, message), severity=severity) for name, message, severity in told)
    left_out = escaped(on_one_line(path))  # as what a profile leaves out is told
    checked = CheckResult(Path(path.replace("\0", "") or "a"), "base", True, "any", findings, left_out)
    texts = {name: form(checked) for name, form in FORMS.items()}
    for text in texts.values():
        text.encode()
        assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in text if sign != "\n")
    assert len(json.loads(texts["json"])["findings"]) == len(findings)
    assert len(json.loads(texts["sarif"])["runs"][0]["results"]) == len(findings)
    assert len(list(ElementTree.fromstring(texts["junit"]).iter("testcase"))) >= 1
    commands = texts["github"].splitlines()
    assert len(commands) == len(findings) + bool(left_out)
    assert all(line.startswith(("::error ", "::warning ")) for line in commands)
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in texts["text"].splitlines())
