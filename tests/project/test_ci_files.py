"""What CI systems are told to run does what it promises: on a bad tree, an annotation on each bad file."""

from __future__ import annotations

import os
import random
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from packager.output import templates
from tests.helpers.clean_tree import after_header, clean_tree, document, jpeg, segment, write
from tests.report.test_reports import commands

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="the steps are for bash")]

# What somebody adds to a clean tree, by the rule that it breaks and what the annotation tells to do.
BAD = {
    "big.png": ("J203", "lower its quality"),
    "font.html": ("X101", "remove the address"),
    "photo.jpg": ("J105", "remove the metadata"),
    "aux.jpg": ("N103", "rename it"),
    "broken.html": ("L102", "correct the link"),
}
GPS = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0\0\0\0\0\0\0"  # a GPS directory


def snippets() -> list[list[str]]:
    """The indented blocks of docs/ci.md, each as its lines."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", PAGE, re.MULTILINE)
    return [[line[4:] for line in block.strip("\n").split("\n")] for block in blocks]


def snippet(word: str) -> tuple[list[str], Any]:
    """The block of docs/ci.md that holds `word`: its lines, and what they are as YAML."""
    [lines] = [lines for lines in snippets() if any(word in line for line in lines)]
    return lines, yaml.safe_load("\n".join(lines))


def png_of_40_mb() -> bytes:
    """A PNG of noise, 16 bits and four channels a pixel, so that no other limit is passed than that of bytes."""
    width = height = 2236
    chance = random.Random(5)
    rows = b"".join(b"\0" + chance.randbytes(width * 8) for _ in range(height))
    header = struct.pack(">2L5B", width, height, 16, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    packed = (struct.pack(">L", len(body)) + name + body + _crc(name + body) for name, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _crc(data: bytes) -> bytes:
    return struct.pack(">L", zlib.crc32(data))


def make_bad_tree(folder: Path) -> Path:
    """A clean tree and five bad files, which its index.html leads to."""
    tree = clean_tree()
    links = "".join(f'<a href="{name}">one more</a> ' for name in BAD)
    tree["index.html"] = tree["index.html"].replace(b"<p>", f"<p>{links}".encode(), 1)
    font = b"@supports (display: grid) { @font-face { font-family: F; src: url(https://fonts.example/f.woff) } }"
    return write(
        tree
        | {
            "big.png": png_of_40_mb(),
            "font.html": document("<p>words</p>").replace(templates.whole_style("article.css").encode(), font),
            "photo.jpg": after_header(jpeg(shade=11), segment(0xE1, GPS)),
            "aux.jpg": jpeg(shade=22),
            "broken.html": document('<p><a href="gone.html">on</a></p>'),
        },
        folder,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose folder `window` somebody has spoiled, and beside it one that is clean."""
    folder = tmp_path_factory.mktemp("checkout")
    make_bad_tree(folder / "window")
    write(clean_tree(), folder / "clean")
    return folder


def run(script: str, folder: Path, tools: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a runner does with a step: bash, in `folder`; `python` and `packager` are ours."""
    tools.mkdir(exist_ok=True)
    for name, command in (("python", ""), ("packager", " -m packager")):
        _start(tools / name, command)
    path = os.pathsep.join([str(tools), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), **os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def _start(place: Path, command: str = "") -> None:
    place.write_text(f'#!/bin/sh\nexec "{sys.executable}"{command} "$@"\n', encoding="utf-8")
    place.chmod(0o755)


def run_action(
    given: dict[str, str], folder: Path, temporary: Path, *, name: str = "Check", **environment: str
) -> subprocess.CompletedProcess[str]:
    """A step of action.yml in the checkout `folder`, with all expressions put in as GitHub does."""
    [step] = [step for step in ACTION["runs"]["steps"] if step.get("name") == name]
    python = temporary / "packager" / "bin" / "python"
    if name == "Check" and not python.exists():  # as the step before would have installed it
        python.parent.mkdir(parents=True)
        _start(python)
    values = {
        "runner.temp": str(temporary),
        "runner.os == 'Windows' && 'Scripts' || 'bin'": "bin",
        "steps.python.outputs.python-path": sys.executable,
        **{f"inputs.{one}": given.get(one, said.get("default", "")) for one, said in ACTION["inputs"].items()},
    }

    def put_in(text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: values[match[1]], text)

    steps_own = {variable: put_in(value) for variable, value in step["env"].items()}
    place = Path(put_in(step.get("working-directory", str(folder))))
    return run(step["run"], place, temporary / "tools", environment | steps_own)


# What Python, pip or the check import, and what Python imports as it starts.
IMPORTED = (
    *("packager", "click", "pip", "jinja2", "PIL", "selectolax", "venv", "ensurepip", "hatchling", "subprocess"),
    *("multiprocessing", "pickle", "socket", "signal", "traceback", "sitecustomize", "usercustomize"),
)


def make_hostile(folder: Path, marks: Path) -> dict[str, str]:
    """Put modules into `folder` that leave a mark when they run, and give variables that lead Python to them."""
    marks.mkdir()
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    for parent in (folder, site):
        for name in IMPORTED:
            mark = f"import sys; open({str(marks)!r} + '/{name}', 'w').write(repr(sys.argv))\n"
            write({f"{name}/__init__.py": mark.encode(), f"{name}/__main__.py": mark.encode()}, parent)
    write({"evil.pth": f"import os; os.mkdir({str(marks / 'pth')!r})\n".encode()}, site)
    startup = write({"startup.py": f"open({str(marks / 'startup')!r}, 'w')\n".encode()}, folder) / "startup.py"
    write({"pip.conf": b"[global]\nindex-url = https://pull.invalid/\n", ".python-version": b"2.7\n"}, folder)
    return {"PYTHONPATH": str(folder), "PYTHONUSERBASE": str(folder), "PYTHONSTARTUP": str(startup)}


def test_the_action_annotates_each_bad_file_with_what_to_do(checkout: Path, tmp_path: Path) -> None:
    """The five lines of the page, on a tree with five bad files: five annotations, and the job fails."""
    lines, [step] = snippet("usb-4gb")
    assert len(lines) == 5
    ended = run_action({**step["with"], "options": ""}, checkout, tmp_path)
    assert ended.returncode == 1, ended.stderr
    found = {
        properties["file"]: (level, properties["title"], told) for level, properties, told in commands(ended.stdout)
    }
    assert set(found) == {f"window/{name}" for name in BAD}, found
    assert len(commands(ended.stdout)) == len(BAD)
    for name, (code, remedy) in BAD.items():
        level, title, told = found[f"window/{name}"]
        assert (level, title) == ("error", code)
        assert remedy in told


def test_the_action_passes_its_options_on_and_says_nothing_of_a_clean_tree(checkout: Path, tmp_path: Path) -> None:
    """Several options in one input are several options; the job goes on."""
    given = {"path": "clean", "options": "--medium usb-4gb --warnings-as-errors"}
    ended = run_action(given, checkout, tmp_path)
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr


@pytest.mark.parametrize("path", ["$(touch spoiled)", "a; touch spoiled", "`touch spoiled`", "--help"])
def test_nothing_in_an_input_is_run(path: str, tmp_path: Path) -> None:
    """Whoever names the folder in a pull request must not get a shell."""
    ended = run_action({"path": path}, tmp_path, tmp_path)
    assert ended.returncode == 2, ended.stderr
    assert not (tmp_path / "spoiled").exists()
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"])


def test_options_are_not_taken_for_names_of_files(checkout: Path, tmp_path: Path) -> None:
    """A pull request can add a file of any name."""
    (tmp_path / "--help").touch()
    ended = run_action({"path": str(checkout / "window"), "options": "--*"}, tmp_path, tmp_path)
    assert ended.returncode == 2, ended.stdout


@pytest.fixture
def hostile(tmp_path: Path) -> dict[str, str]:
    """The variables that lead Python to the modules of a checkout, in `checkout` with a tree of one bad file."""
    write(clean_tree() | {"aux.jpg": jpeg(shade=22)}, tmp_path / "checkout" / "window")
    return make_hostile(tmp_path / "checkout", tmp_path / "marks")


def _assert_checked(ended: subprocess.CompletedProcess[str], tmp_path: Path) -> None:
    assert (ended.returncode, "N103" in ended.stdout) == (1, True), ended.stderr
    assert "T302" not in ended.stdout  # what could not be read, were a worker led astray
    assert list((tmp_path / "marks").iterdir()) == []


def test_the_steps_of_the_action_run_nothing_of_the_checkout(hostile: dict[str, str], tmp_path: Path) -> None:
    """Installed and run as GitHub does it, beside modules with the names of all that is imported."""
    wheels = sorted((Path(sys.prefix) / "wheels").glob("bundle_packager-*.whl"))
    for wheel in wheels:  # elsewhere the step that installs is left out
        offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent), "GITHUB_ACTION_PATH": str(wheel)}
        ended = run_action({}, tmp_path / "checkout", tmp_path, name="Install packager", **hostile, **offline)
        assert ended.returncode == 0, ended.stderr
    _assert_checked(run_action({"path": "window"}, tmp_path / "checkout", tmp_path, **hostile), tmp_path)


def test_the_hook_runs_nothing_of_the_checkout(hostile: dict[str, str], tmp_path: Path) -> None:
    """Whatever its variables say."""
    _assert_checked(run(f"{HOOK['entry']} window", tmp_path / "checkout", tmp_path / "tools", hostile), tmp_path)


@pytest.mark.usefixtures("hostile")
def test_the_command_runs_nothing_of_the_folder_that_it_works_in(tmp_path: Path) -> None:
    """Neither its own process, nor one that it starts."""
    command = Path(sys.executable).with_name("packager")
    if not command.exists():
        pytest.skip("packager is not installed here")
    ended = run(f"'{command}' check window", tmp_path / "checkout", tmp_path / "tools", {"PYTHONPATH": ""})
    _assert_checked(ended, tmp_path)


def test_other_peoples_actions_are_named_by_the_hash_of_a_commit() -> None:
    """In all that we run and in all that others copy, with the version for people, and nobody's token lies about."""
    texts = [PAGE, *((ROOT / name).read_text(encoding="utf-8") for name in ("action.yml", ".github/workflows/ci.yml"))]
    used = [line for text in texts for line in re.findall(r"uses: (?!\./|OWNER)(.+)", text)]
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all(text.count("actions/checkout@") == text.count("persist-credentials: false") for text in texts)


def test_every_step_that_the_action_runs_names_its_shell() -> None:
    """GitHub refuses a composite action that does not."""
    assert ACTION["runs"]["using"] == "composite"
    assert all("shell" in step for step in ACTION["runs"]["steps"] if "run" in step)


def test_the_hook_fails_before_a_commit_of_bad_files(checkout: Path, tmp_path: Path) -> None:
    """The five lines of the page: each bad file has its line, with what to do."""
    lines, [repository] = snippet("repo: https://")
    assert len(lines) == 5
    [hook] = repository["hooks"]
    assert hook["id"] == HOOK["id"]
    ended = run(f"{HOOK['entry']} {' '.join(hook['args'])}", checkout, tmp_path / "tools", {})
    assert ended.returncode == 1, ended.stderr
    for name, (code, remedy) in BAD.items():
        assert re.search(rf"^{name}(:\d+)?: {code} .*{remedy}", ended.stdout, re.MULTILINE)


def test_the_projects_own_bundles_pass_as_its_own_workflow_checks_them(tmp_path: Path) -> None:
    """By the action of this repository."""
    steps = [step for job in WORKFLOW["jobs"].values() for step in job["steps"] if step.get("uses") == "./"]
    assert steps
    for step in steps:
        ended = run_action(step["with"], ROOT, tmp_path)
        assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr


def test_the_action_writes_the_report_that_the_page_uploads(checkout: Path, tmp_path: Path) -> None:
    """For code scanning: the file has all findings, and the step fails with a word of where they are."""
    _, [step, upload] = snippet("upload-sarif")
    ended = run_action(step["with"], checkout, tmp_path)
    _assert_reported(ended, checkout / upload["with"]["sarif_file"])


def test_the_commands_for_gitlab_write_their_report(checkout: Path, tmp_path: Path) -> None:
    """The file that is uploaded has all findings."""
    job = snippet("junit:")[1]["check"]
    ended = run(job["script"].replace("/packager/bin/python", "python"), checkout, tmp_path / "tools", {})
    _assert_reported(ended, checkout / job["artifacts"]["reports"]["junit"])


def _assert_reported(ended: subprocess.CompletedProcess[str], report: Path) -> None:
    assert ended.returncode == 1
    assert report.name in ended.stderr
    assert all(f"window/{name}" in report.read_text(encoding="utf-8") for name in BAD)


def test_every_form_of_the_page_is_one_that_the_command_takes() -> None:
    """The table has them all."""
    from packager.cli.check import FORMS
    from packager.report.findings import FORMS as MADE

    table = PAGE.partition("## Forms")[2].partition("\n`--output-file")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(FORMS) == list(MADE)
