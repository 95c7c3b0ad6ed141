"""Hostile and odd input, on the command line: one clear message, the right exit code, and nothing lost or left over."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from PIL import Image

from packager.config import definition
from packager.errors import SourceError
from packager.sandbox.pool import Workers
from packager.text.terminal import HIDDEN
from tests.helpers import builders, worker_jobs

if sys.platform == "win32":
    pytest.skip("needs the pipes, links and signals of POSIX", allow_module_level=True)

import resource

pytestmark = pytest.mark.slow
TIMEOUT_S = 60
ROOT = Path(__file__).parents[2]


def start(*arguments: object, launcher: tuple[str, ...] = (), stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """The command in a process group of its own."""
    return subprocess.Popen(
        [*launcher, sys.executable, "-m", "packager", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def end(process: subprocess.Popen[str], code: int) -> str:
    """What the command said, when it ended in time, with this exit code, and as a terminal may show it."""
    try:
        result, messages = process.communicate(timeout=TIMEOUT_S)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    said = f"{result or ''}{messages or ''}"
    assert process.returncode == code, said
    assert "Traceback" not in said
    assert not [sign for sign in said if sign != "\n" and unicodedata.category(sign) in HIDDEN]
    return said


def build(bundle: Path, code: int, *options: object, launcher: tuple[str, ...] = ()) -> str:
    """What a build into the folder `out` beside the bundle said."""
    return end(start("build", bundle, "-o", bundle.parent / "out", *options, launcher=launcher), code)


def picture(path: Path, size: tuple[int, int] = (30, 40)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, 128).save(path)
    return path


def png(width: int, height: int, rows: bytes) -> bytes:
    """A grey PNG whose header says `width` and `height`, whatever `rows` hold."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in [*chunks, (b"IEND", b"")]
    )


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with one comic of one page."""
    picture(tmp_path / "bundle" / "comics" / "one" / "1.png")
    return tmp_path / "bundle"


# --- definitions ---

DEFINITIONS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (os.mkfifo, "is not a file"),
    "a folder": (Path.mkdir, "is not a file"),
    "a link to itself": (lambda file: file.symlink_to(file.name), "cannot be read: Too many levels of symbolic links"),
    "a link to nothing": (lambda file: file.symlink_to("nothing"), "cannot be read: No such file or directory"),
    "ten megabytes": (lambda file: file.write_bytes(b"#" * 10_000_000), "is larger than 1 MiB"),
    "UTF-16": (lambda file: file.write_text("title = 'x'", encoding="utf-16"), "is not UTF-8 text"),
    "a key of many lines": (
        lambda file: file.write_text('"a\\n\\n\\u001b[31mb" = 1'),
        "`a<U+000A><U+000A><U+001B>[31mb`",
    ),
    "a key of many parts": (
        lambda file: file.write_text("\nx" + ".a" * 60_000 + " = 1"),
        "line 2: a key has more than",
    ),
    "such a header": (lambda file: file.write_text("[ " + "a . " * 60_000 + "a ]"), "line 1: a key has more than"),
    "such a key in a table": (
        lambda file: file.write_text("x = { y = 1, " + "'a'.\"b\"." * 30_000 + "a = 1 }"),
        "line 1: a key has more than",
    ),
    "many unknown keys": (
        lambda file: file.write_text("".join(f"a{number} = 1\n" for number in range(50_000))),
        "line 1: `a0` is not known here",
    ),
    "a number of many digits": (lambda file: file.write_text("fit = 0x" + "f" * 9_000), "must be a whole number"),
    "a long source": (
        lambda file: file.write_text(f'[[publication]]\nsource = "{"x" * 300}"'),
        "cannot be read: File name too long",
    ),
}


@pytest.mark.parametrize(("make", "words"), DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_definition_that_cannot_be_used_is_told_in_one_line(
    bundle: Path, make: Callable[[Path], object], words: str
) -> None:
    """One line says what and where, at most one more what to do."""
    make(bundle / "bundle.toml")
    said = build(bundle, 3)
    assert words in said
    assert "bundle.toml" in said or "x" * 300 in said
    assert len(said.splitlines()) <= 2 or said.count("is not known here") == len(said.splitlines()) // 2 <= 25


_A, _B, _QUOTES, _SINGLE = "a." * 900, "b." * 900, '"' * 3, "'" * 3
PROSE = (
    f'summary = {_QUOTES}{_A} ""quoted"" {_SINGLE}\\"{_QUOTES[1:]}x{_B}""{_QUOTES}',
    f"summary = {_SINGLE}{_A} 'quoted' {_QUOTES}{_B}''{_SINGLE}",
    f'summary = "{_A}\\"{_B}"  # {_A}',
    f"summary = '{_A}" + f'"{_B}' + "'",
)


@pytest.mark.parametrize("prose", PROSE, ids=["many lines", "many lines as they are", "one line", "one as it is"])
def test_what_looks_like_a_long_key_may_stand_in_a_text(bundle: Path, prose: str) -> None:
    """However a text is quoted, and in a comment."""
    (bundle / "bundle.toml").write_text(f'[[publication]]\nsource = "comics/one"\n{prose}\nid = "boats"\n')
    (publication,) = definition.load(bundle).publications or ()
    assert publication.id == "boats"


@pytest.mark.parametrize("name", ["x" * 300, "/dev/null"])
def test_what_can_be_no_bundle_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    """A name that no folder can have, and a device."""
    assert name in end(start("build", name, "-o", tmp_path / "out"), 3).splitlines()[0]


# --- names ---

NAMES = [
    "line\nend",
    "escape\x1b[31m",
    "bidi\u202eedis",
    "\u1112\u1161\u11ab\u1100\u1173\u11af",  # 한글, as a Mac writes it
    "\U0001f600",
    "Case",
    "case",
    "--help",
    "phone",
    "cbz",
    "keep",
    "index.html",
    "con",
    "...x",
    "{{ 7 * 7 }}",
    "<script>alert(1)<",
    "x" * 252,
]


def test_odd_names_are_read_and_told_safely(tmp_path: Path) -> None:
    """Every folder becomes a comic of a sound tree, every text beside it an article, whatever they are called."""
    raw = [] if sys.platform == "darwin" else [os.fsdecode(b"\xff\xfe"), os.fsdecode(b"caf\xe9")]
    bundle = tmp_path / os.fsdecode(b"b\nb" if sys.platform == "darwin" else b"b\n\xffb")
    for name in [*NAMES, *raw]:
        picture(bundle / "comics" / name.lstrip(".") / "1.png")
        builders.write(bundle / "articles" / f"{name.lstrip('.')}.md", f"# About\n\n{name!a}\n")
    said = build(bundle, 0, "--output-format", "json")
    assert len(json.loads(said)["publications"]) == 2 * len([*NAMES, *raw])
    end(start("check", tmp_path / "out" / json.loads(said)["name"]), 0)


# --- what is no file ---


def test_links_and_devices_in_a_bundle_are_passed_over(bundle: Path) -> None:
    """Nothing is followed out of the bundle, nothing waits for a pipe, and the report names each of them."""
    secret = builders.write(bundle.parent / "secret" / "secret.md", "# What nobody may read\n").parent
    comic = bundle / "comics" / "one"
    (comic / "credit.md").symlink_to(secret / "secret.md")
    (comic / "self.png").symlink_to("self.png")
    (bundle / "comics" / "elsewhere").symlink_to(secret)
    (bundle / "comics" / "round").symlink_to(".")
    (bundle / "articles").mkdir()
    (bundle / "articles" / "secret.md").symlink_to(secret / "secret.md")
    os.mkfifo(bundle / "articles" / "pipe.md")
    os.mkfifo(comic / "2.png")
    with socket.socket(socket.AF_UNIX) as listener:
        with working_in(comic):  # names of sockets are short
            listener.bind("3.png")
        assert "comics/elsewhere: is a link out of the bundle" in build(bundle, 4)
        build(bundle, 0, "--skip-damaged")
    report = (bundle.parent / "out" / "keep" / "report.txt").read_text(encoding="utf-8")
    for name in (
        "one/credit.md",
        "one/self.png",
        "elsewhere",
        "round",
        "secret.md",
        "pipe.md",
        "one/2.png",
        "one/3.png",
    ):
        assert name in report
    tree = builders.contents(bundle.parent / "out" / "bundle")
    assert not [path for path, data in tree.items() if b"nobody may read" in data]


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def test_folders_that_lie_too_deep_are_refused(bundle: Path) -> None:
    """Before the depth of Python's own calls is reached."""
    picture(bundle.joinpath(*["d"] * 300, "1.png"))
    assert "more than 100 folders deep" in build(bundle, 4)


# --- pictures ---


def test_pictures_of_any_shape_are_shown(bundle: Path) -> None:
    """A column of 30,000 pixels takes no minutes."""
    for name, size in {"dot": (1, 1), "column": (1, 30_000), "row": (30_000, 1)}.items():
        picture(bundle / "comics" / name / "1.png", size)
    build(bundle, 0)


def test_pictures_that_lie_are_all_named_at_once(bundle: Path) -> None:
    """None is unpacked on the word of its header, none is believed by its name."""
    comic = bundle / "comics" / "one"
    lies = {
        "bomb.png": png(30_000, 30_000, b""),
        "column.png": png(1, 300_001, bytes(2 * 300_001)),
        "empty.png": png(0, 0, b""),
        "huge.png": png(2**31 - 1, 2**31 - 1, b""),
        "short.png": png(300, 300, bytes(301 * 30)),
        "text.jpg": b"These are words.",
        "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    }
    for name, data in lies.items():
        (comic / name).write_bytes(data)
    said = build(bundle, 4)
    assert "7 damaged pictures" in said
    assert all(f"comics/one/{name}: " in said for name in lies)


# --- destinations ---


def test_a_destination_that_cannot_be_is_refused_before_the_work(bundle: Path) -> None:
    """Links that lead to each other, and a name that leaves no room for that of the folder beside it."""
    loop = bundle.parent / "loop"
    loop.symlink_to(loop.name)
    for destination in (loop / "out", bundle.parent / ("x" * 255)):
        end(start("build", bundle, "-o", destination), 6)
    assert {path.name for path in bundle.parent.iterdir()} == {"bundle", "loop"}


# Root may read everything: without these rights it is like everyone else.
LIKE_EVERYONE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
LOCKED = [
    ("bundle", 0o000, 3),
    ("bundle", 0o111, 4),
    ("bundle/comics/one", 0o000, 4),
    ("bundle/comics/one", 0o444, 4),
    ("bundle/comics/one/1.png", 0o000, 4),
    ("out", 0o000, 6),
    (".", 0o555, 6),
]


@pytest.mark.skipif(sys.platform != "linux" and bool(LIKE_EVERYONE), reason="root cannot give up its rights here")
@pytest.mark.parametrize(("name", "mode", "code"), LOCKED)
def test_what_is_locked_is_named(bundle: Path, name: str, mode: int, code: int) -> None:
    """Each message names what may not be read or written."""
    place = bundle.parent / name
    place.mkdir(exist_ok=True) if name == "out" else None
    before = place.stat().st_mode
    place.chmod(mode)
    try:
        said = build(bundle, code, launcher=LIKE_EVERYONE)
    finally:
        place.chmod(before)
    assert "ermission denied" in said or "may not write" in said


# --- processes ---


@pytest.fixture
def long_bundle(tmp_path: Path) -> Path:
    """A bundle whose pages take some seconds."""
    comic = tmp_path / "bundle" / "comics" / "one"
    comic.mkdir(parents=True)
    Image.effect_noise((2000, 2800), 80).convert("RGB").save(comic / "01.jpg", quality=60)
    for number in range(2, 25):
        os.link(comic / "01.jpg", comic / f"{number:02}.jpg")
    return tmp_path / "bundle"


def wait_for_pages(process: subprocess.Popen[str], folder: Path) -> None:
    """Until a page lies in the scratch folder: then workers work."""
    until = time.monotonic() + TIMEOUT_S
    while not list(folder.glob(".out.packager/scratch/**/*.jpg")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_ended_build_leaves_nothing_behind(long_bundle: Path, number: signal.Signals) -> None:
    """`kill` and a closed terminal do what ctrl-C does; no file and no process stays."""
    process = start("build", long_bundle, "-o", long_bundle.parent / "out")
    wait_for_pages(process, long_bundle.parent)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    assert "interrupted" in end(process, 130)
    assert not psutil.wait_procs(children, timeout=TIMEOUT_S)[1]
    assert [path.name for path in long_bundle.parent.iterdir()] == ["bundle"]


def test_killed_workers_are_named_failures(long_bundle: Path) -> None:
    """Whoever frees memory kills them with no warning: the pages they worked on are named, and nothing is made."""
    process = start("build", long_bundle, "-o", long_bundle.parent / "out")
    wait_for_pages(process, long_bundle.parent)
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.Error):
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()
    said = end(process, 4)
    assert "the process that read it died" in said
    assert "comics/one/" in said
    assert [path.name for path in long_bundle.parent.iterdir()] == ["bundle"]


def test_a_worker_that_cannot_start_is_a_named_failure() -> None:
    """Not a fault of ours: the machine has nothing left to give."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Workers(1) as workers:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
        try:
            with pytest.raises(SourceError, match="no process could be started"):
                workers.submit(worker_jobs.square, 1).result()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)


# --- streams ---


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_result_that_cannot_be_told_is_no_fault_of_ours(bundle: Path) -> None:
    """As when it is kept in a file on a full disk; what was built is there."""
    with Path("/dev/full").open("w") as full:
        said = end(start("build", bundle, "-o", bundle.parent / "out", stdout=full.fileno()), 6)
    assert os.strerror(errno.ENOSPC) in said
    assert (bundle.parent / "out" / "bundle" / "index.html").is_file()


def test_nobody_needs_to_listen(bundle: Path) -> None:
    """A build works where the streams are closed."""
    build(bundle, 0, launcher=("sh", "-c", 'exec "$@" >&- 2>&-', "sh"))


def test_the_number_of_workers_has_an_end(bundle: Path) -> None:
    """A slip of the finger starts no million processes."""
    assert "--jobs" in build(bundle, 2, "--jobs", 1_000_000)
