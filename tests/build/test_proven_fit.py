"""What was written fits where it was planned to: the build's own check says so, or refuses the tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packager.build import finish, prepare
from packager.build.measurers import Elsewhere
from packager.build.request import Request
from packager.build.reuse import reuse
from packager.model.progress import SILENT
from packager.output import staging
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_bundle, make_comic, packager, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Comics of pages and of strips, and an article."""
    folder = make_bundle(tmp_path_factory.mktemp("proven") / "window")
    make_comic(folder / "comics" / "second", 4)
    return folder


def test_what_was_written_beside_the_plan_is_found(bundle: Path, tmp_path: Path, workers: Workers) -> None:
    """A file that no plan knew fills the space that was left: the check says how much is too much."""
    settings = prepare.define(Request(bundle, tmp_path / "out", fit_bytes=2_000_000, cluster_bytes=4096), SILENT)
    with (
        staging.stage(settings.destination, foreign=finish.foreign) as stage,
        reuse(settings, stage, workers) as before,
    ):
        whole = prepare.read(settings, stage.scratch, workers, SILENT)
        pictures = prepare.measure(settings, whole, stage.scratch, workers, SILENT, Elsewhere(before))
        trees = prepare.plan(settings, whole, pictures, SILENT)
        finish.write(settings, trees, stage, SILENT, before)
        assert finish.check(settings, trees, stage, workers, SILENT, {}) == ()
        (tree,) = trees
        write(stage.output / tree.name / "more.txt", "x" * (2_000_000 - tree.plan.occupied_bytes) + "\n")
        findings = finish.check(settings, trees, stage, workers, SILENT, {})
    assert "S301" in {finding.code for finding in findings}


@pytest.mark.parametrize("space", [("--medium", "my.toml"), ("--fit", "900KB", "--cluster", "8KiB", "--split")])
@pytest.mark.parametrize("profile", ["any", "laptop", "phone", "phone-old", "player", "tv"])
def test_each_tree_holds_to_its_medium(bundle: Path, tmp_path: Path, profile: str, space: tuple[str, ...]) -> None:
    """Whatever the profile, on a whole stick over several small spaces: the plan counts as the check does."""
    write(tmp_path / "my.toml", 'capacity = "64MiB"\nfilesystem = "fat32"\n')
    said = packager("build", bundle, "-o", "out", "--profile", profile, *space, cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    kept = json.loads((tmp_path / "out" / "keep" / "report.json").read_text(encoding="utf-8"))
    for tree in kept.get("trees", [kept]):
        less = ("--fit", tree["occupied_bytes"] - 1, "--cluster", tree["cluster_bytes"])
        assert "S301" in packager("check", tmp_path / "out" / tree["name"], *less, "--profile", profile).stdout
