"""Programs of this system that read sources: what they can reach, what they may take, and where they are not run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from packager.archive.converted import Converter
from packager.errors import SourceError
from packager.readers.articles import pandoc
from packager.sandbox.programs import FailedProgram, MissingProgram, Programs
from packager.sandbox.restrictions import KernelFeatures, Restriction
from tests.helpers.books import png
from tests.helpers.builders import packager, write
from tests.helpers.canary_command import NEEDS_ROOT, asked_for
from tests.helpers.rars import rar5
from tests.system import require, tool

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the restrictions are Linux's")]

ROOT = Path(__file__).parents[2]
PYTHON = Path(sys.base_prefix, "bin", "python3")  # a program that does whatever it is told to
OUTSIDE = "http://canary.example/{}.png"

# Each shows a picture of the network, one beside the bundle and one by its whole path, and includes a text.
DOCUMENTS = {
    "a.rst": ".. image:: {web}\n\n.. image:: ../../secret.png\n\n.. image:: {secret}\n\n.. include:: {text}\n\n"
    'Words.\n\n.. raw:: html\n\n   <img src="{web}"><script src="{web}"></script><link rel="stylesheet" href="{web}">\n'
    '   <video poster="{web}"><source src="{web}"></video><object data="{web}"></object><embed src="{web}">\n'
    '   <iframe src="{web}"></iframe><input type="image" src="{web}"><svg><image href="{web}"/></svg>\n',
    "b.org": "#+INCLUDE: {text}\n\n[[{web}]]\n\n[[file:../../secret.png]]\n\n[[file:{secret}]]\n\nWords.\n",
    "c.tex": "\\documentclass{{article}}\\begin{{document}}\\input{{{text}}}\\includegraphics{{{web}}}\n"
    "\\includegraphics{{../../secret.png}}\\includegraphics{{{secret}}} Words.\\end{{document}}\n",
    "d.textile": "!{web}!\n\n!../../secret.png!\n\n!{secret}!\n\nWords.\n",
    "e.fb2": '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">'
    '<body><section><p>Words.</p><image l:href="{web}"/><image l:href="../../secret.png"/><image l:href="{secret}"/>'
    "</section></body></FictionBook>\n",
    "f.docbook": '<article xmlns="http://docbook.org/ns/docbook" xmlns:xi="http://www.w3.org/2001/XInclude"><para>Words.'
    '<inlinemediaobject><imageobject><imagedata fileref="{web}"/></imageobject></inlinemediaobject>'
    '<inlinemediaobject><imageobject><imagedata fileref="{secret}"/></imageobject></inlinemediaobject>'
    '<xi:include href="{text}" parse="text"/></para></article>\n',
    "g.rtf": '{{\\rtf1 Words.{{\\field{{\\*\\fldinst INCLUDEPICTURE "{web}" \\\\d}}{{\\fldrslt x}}}}'
    '{{\\field{{\\*\\fldinst INCLUDEPICTURE "{secret}" \\\\d}}{{\\fldrslt x}}}}}}\n',
}
SECRET_SIZE = (123, 77)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Documents that ask for the network, and for a picture and a text beside the bundle."""
    (tmp_path / "secret.png").write_bytes(png(SECRET_SIZE))
    (tmp_path / "secret.txt").write_text("SECRET WORDS\n")
    folder = tmp_path / "bundle"
    for name, text in DOCUMENTS.items():
        places = {"web": OUTSIDE.format(name), "secret": tmp_path / "secret.png", "text": tmp_path / "secret.txt"}
        write(folder / "articles" / name, text.format(**places))
    return folder


@pytest.mark.needs("pandoc", "unshare", "ip")
@NEEDS_ROOT
@pytest.mark.parametrize("command", ["build", "plan", "inspect"])
def test_no_document_reaches_the_network(bundle: Path, tmp_path: Path, command: str) -> None:
    """A listener is the only way out of the network: it hears who asks for it by name, and none of the documents."""
    arguments = [bundle, "-o", tmp_path / "out"] if command != "inspect" else [bundle]
    assert asked_for(command, *arguments) == []


@pytest.mark.needs("pandoc")
def test_no_document_takes_a_picture_or_a_text_of_this_computer(bundle: Path, tmp_path: Path) -> None:
    """All words of the documents are in the tree, and nothing of what lies beside the bundle."""
    done = packager("build", bundle, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "out" / "bundle").rglob("*.html")]
    assert sum("Words." in page for page in pages) >= len(DOCUMENTS)
    assert not any("SECRET" in page for page in pages)
    assert [path.name for path in (tmp_path / "out" / "bundle").rglob("*.jpg")] == []


def rar_as_tar(path: Path, programs: Programs) -> object:
    return Converter(programs, lambda: path.with_name("converted")).by_bsdtar(path)


def rar_as_listing(path: Path, programs: Programs) -> object:
    names = iter(("listing", "content"))
    return Converter(programs, lambda: path.with_name(next(names))).by_unar(path)


def document_as_page(path: Path, programs: Programs) -> object:
    return pandoc.page_of(path, path.suffix, programs).mail


USES = {
    "pandoc": ("articles/a.rst", document_as_page, ["pandoc"]),
    "bsdtar": ("a.rar", rar_as_tar, ["bsdtar"]),
    "unar": ("a.rar", rar_as_listing, ["lsar", "unar"]),
}
# What the loader, the C library and the programs' own libraries read, whatever the source.
OWN = re.compile(
    r"/usr/lib\w*/.*|/lib\w*/.*|/usr/local/lib/.*|/etc/(ld\.so\.cache|localtime)|/usr/share/(locale|zoneinfo|GNUstep)/.*"
    r"|/usr/share/[^/]*pandoc[^/]*/.*|/dev/null|/proc/\d+/cmdline|/sys/devices/system/cpu.*|.*/pandoc_filter\.lua"
    r"|/etc/(passwd|nsswitch\.conf)"
)


FORBIDDEN = re.compile(r"socket\(|connect\(|v?fork\(|execve\(|clone3?\((?!.*CLONE_THREAD)")


@pytest.mark.needs("strace")
@pytest.mark.parametrize("use", USES)
def test_a_program_opens_its_source_and_its_own_files(bundle: Path, use: str, tmp_path: Path) -> None:
    """Of all that the kernel did for it: no other file, no socket, no process."""
    name, read, commands = USES[use]
    require(*commands)
    (bundle / "a.rar").write_bytes(rar5({"1.png": png()}))
    module, function = __name__, read.__name__
    code = f"from {module} import *; {function}(Path({str(bundle / name)!r}), Programs())"
    log = tmp_path / "log"
    strace = [str(tool("strace")), "-f", "-z", "-qq", "-o", str(log), "-e", "trace=%file,%network,%process"]
    subprocess.run([*strace, sys.executable, "-c", code], cwd=ROOT, check=True)
    lines = log.read_text(errors="replace").splitlines()
    for command in commands:
        (start,) = (number for number, line in enumerate(lines) if re.search(rf'execve\("[^"]*/{command}"', line))
        done = _of_process(lines[start].split()[0], lines[start + 1 :])
        opened = [match[1] for line in done if (match := re.search(r'open(?:at)?\(.*?"([^"]*)"', line))]
        assert str(bundle / name) in opened
        assert [path for path in opened if path != str(bundle / name) and not OWN.fullmatch(path)] == []
        assert [line for line in done if FORBIDDEN.search(line)] == []


def _of_process(process: str, lines: list[str]) -> list[str]:
    """The lines of a process and of its threads."""
    own, found = {process}, []
    for line in lines:
        if line.split()[0] in own:
            found.append(line)
            own |= set(re.findall(r"clone3?\(.*= (\d+)$", line))
    return found


ESCAPES = {
    "read": "open('/etc/hostname').read()",
    "list": "__import__('os').listdir('/tmp')",
    "write": "open('/tmp/packager-was-here', 'w')",
    "write beside": "open({folder!r} + '/new', 'w')",
    "cut": "__import__('os').truncate({source!r}, 0)",
    "connect": "__import__('socket').create_connection(('127.0.0.1', 9), 1)",
    "fork": "__import__('os').fork()",
    "run": "__import__('os').execv('/bin/true', ['true'])",
    "kill": "__import__('os').kill(__import__('os').getppid(), 9)",
    "file of memory": "__import__('os').memfd_create('x')",
}
TRY = """
came = []
for name, code in {codes!r}.items():
    try:
        exec(code)
        came.append(name)
    except OSError:
        pass
print(came, open({source!r}).read())
"""


@pytest.mark.parametrize("landlock", [1, 2, 4, 6, 7])
def test_a_program_that_is_taken_over_reaches_nothing(tmp_path: Path, landlock: int) -> None:
    """Whatever it tries, on kernels of several ages, it has its source and its output."""
    source = write(tmp_path / "source.txt", "kept")
    codes = {name: code.format(folder=str(tmp_path), source=str(source)) for name, code in ESCAPES.items()}
    programs = Programs(kernel=KernelFeatures(landlock=landlock))
    said = run(programs, TRY.format(codes=codes, source=str(source)), source)
    assert said == b"[] kept\n"
    assert programs.unconfined == {}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("while True: pass", "more than 1 seconds of the processor"),
        ("import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", "more than 1 seconds"),
        ("x = bytearray(600 << 20)", "MemoryError"),
        ("import mmap; x = mmap.mmap(-1, 600 << 20); x[::4096] = bytes(len(x) // 4096)", "PermissionError"),
        ("print('x' * (3 << 20))", "more than 1 MB"),
    ],
    ids=["time", "time without signals", "memory", "shared memory", "output"],
)
def test_a_program_has_limits(tmp_path: Path, code: str, words: str) -> None:
    """Of the processor's time, of memory of any kind, and of what it writes."""
    with pytest.raises(SourceError, match=f"(?i){words}"):
        run(Programs(), code, write(tmp_path / "source.txt", ""))


def test_a_program_ends_with_what_started_it(tmp_path: Path) -> None:
    """A parent that is killed leaves nothing behind."""
    source = write(tmp_path / "source.txt", "")
    code = (
        f"from tests.sandbox.test_programs import *\nwith Programs().piped(PYTHON, '-uc', "
        f"'import time, os; print(os.getpid()); time.sleep(600)', reads=[{str(source)!r}]) as out:\n"
        "    print(out.readline().decode(), flush=True); out.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        program = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    program.wait(timeout=60)


def test_a_program_is_given_nothing_of_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable, no folder to stand in, no descriptor but its own three."""
    monkeypatch.setenv("SECRET", "x")
    code = (
        "import os\nopened = []\nfor n in range(3, 64):\n    try: os.fstat(n); opened.append(n)\n"
        "    except OSError: pass\nprint(sorted(os.environ), os.getcwd(), opened)"
    )
    said = run(Programs(), code, write(tmp_path / "source.txt", "")).decode()
    assert said == "['HOME', 'LC_ALL', 'PATH'] / []\n"


def test_without_the_restrictions_a_program_is_not_run(tmp_path: Path) -> None:
    """One line says what the system lacks, and how to run it all the same; it is noted where that is done."""
    source, marker = write(tmp_path / "source.txt", ""), tmp_path / "marker"
    old = KernelFeatures(landlock=0, has_filters=False)
    code = f"open({str(tmp_path / 'secret')!r}).read(); print('ran')"
    write(tmp_path / "secret", "x")
    with pytest.raises(SourceError, match="cannot keep from writing files, reading other files") as refused:
        run(Programs(kernel=old), f"open({str(marker)!r}, 'w')", source)
    assert "--trust-programs" in refused.value.hint
    assert not marker.exists()
    programs = Programs(is_trusted=True, kernel=old)
    assert run(programs, code, source) == b"ran\n"
    assert programs.unconfined == {
        "python3": (Restriction.WRITING, Restriction.READING, Restriction.NETWORK, Restriction.PROGRAMS)
    }


def test_what_is_missing_or_fails_is_told(tmp_path: Path) -> None:
    """Each in one line."""
    source = write(tmp_path / "source.txt", "")
    with pytest.raises(MissingProgram, match="read with no-such-program, which is not installed"):
        Programs().output("no-such-program", reads=[source], processor_s=1, most_bytes=1)
    with pytest.raises(FailedProgram, match="the last line"):
        run(Programs(), "import sys; sys.exit('much\\n' * 100_000 + 'the last line')", source)
    with pytest.raises(FailedProgram) as error:
        run(Programs(), f"import sys; sys.exit('{source}: {source} ends')", source)
    assert error.value.what == "it ends"


def run(programs: Programs, code: str, source: Path) -> bytes:
    """What a program that does `code` writes."""
    return programs.output(PYTHON, "-c", code, reads=[source], processor_s=1, most_bytes=1 << 20)


@pytest.mark.needs("pandoc")
def test_a_document_that_takes_too_much_memory_says_so(tmp_path: Path) -> None:
    """And not that the program has a fault."""
    source = write(tmp_path / "a.textile", "*".join(["_a"] * 60_000))
    with pytest.raises(SourceError, match="takes pandoc more than 300 MB of memory"):
        pandoc.page_of(source, ".textile", Programs())
