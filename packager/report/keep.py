"""What a build keeps for the organizer alone: the report as a page to look at, as text, and for programs."""

from __future__ import annotations

from pathlib import Path

from packager.build.result import BuildResult
from packager.output.marks import REPORT_JSON, REPORT_PAGE, REPORT_TEXT
from packager.output.writer import write_document
from packager.report.built import report_json, report_text
from packager.report.page import report_page


def write_keep(result: BuildResult, keep: Path) -> None:
    """Write report.html, report.txt and report.json into the organizer's own folder."""
    with (keep / REPORT_PAGE).open("xb") as page:
        write_document(report_page(result), page)
    for name, text in ((REPORT_TEXT, report_text(result)), (REPORT_JSON, report_json(result))):
        with (keep / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
