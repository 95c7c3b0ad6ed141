"""What measuring asks of workers, and what is said of pictures that are encoded again, in another quality."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.measure import Measurer
from packager.build.prepare import define, read
from packager.build.request import Request
from packager.model import Outcome, Role
from packager.model.progress import SILENT
from packager.pictures.renderer import PictureRenderer
from packager.plan import sizes
from packager.report.keep import write_keep
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_bundle


def test_a_picture_that_was_changed_under_way_is_named_and_shown_as_it_was(tmp_path: Path, workers: Workers) -> None:
    """The others have the new quality, and what was told before is not told again."""
    bundle = make_bundle(tmp_path / "window", pages=2, definition='editions = ["site"]\n')
    settings = define(Request(bundle, tmp_path / "out", skip_damaged=True), SILENT)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    whole = read(settings, scratch, workers, SILENT)
    measurer = Measurer(scratch, PictureRenderer(workers, skip_damaged=True))
    pictures, _ = measurer.measure(whole, {})
    page = bundle / "comics" / "pages" / "1.jpg"
    page.write_bytes(b"\xff\xd8\xff no picture any more")
    again = measurer.encode(whole, pictures, sizes.qualities(whole, 5))
    (remark,) = measurer.later_remarks
    assert remark.outcome is Outcome.WARNING
    assert remark.source.endswith("1.jpg")
    assert remark.message.startswith("could not be encoded in another quality")
    key = next(key for key, version in whole.library.versions if version.title == "pages")
    before, after = pictures[key].of(Role.PAGE), again[key].of(Role.PAGE)
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False]


def _note_start() -> None:
    with open(os.environ["STARTS"], "a", encoding="utf-8") as starts:  # noqa: PTH123 - one write, at the end
        starts.write("started\n")


def test_a_build_needs_one_process_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it may read holds from its first job to its last, so that none is started in its place."""
    starts = tmp_path / "starts"
    monkeypatch.setenv("STARTS", str(starts))
    bundle = make_bundle(tmp_path / "window", pages=2)
    with Workers(1) as workers:
        workers.start(_note_start)
        build(Request(bundle, output=tmp_path / "out"), write_keep, workers)
    assert starts.read_text(encoding="utf-8") == "started\n"
