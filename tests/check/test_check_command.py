"""The options of `packager check`: what is looked for, how severe it is, and where the result goes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from packager.check.findings import RULES
from packager.cli import cli
from packager.report.findings import FORMS
from tests.helpers import builders as text
from tests.helpers.builders import make_comic
from tests.helpers.clean_tree import clean_tree, write
from tests.helpers.containers import zipped

pytestmark = pytest.mark.slow

TREE = clean_tree() | {
    "aux.jpg": clean_tree()["w401/001.jpg"],
    "note.txt": b"Ask Kim Yuna.\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tree called `window` in it: one name that Windows refuses, two files that nothing leads to."""
    folder = tmp_path_factory.mktemp("given")
    write(TREE, folder / "window")
    return folder


def packager(*arguments: object, cwd: Path) -> Result:
    """The command, in this process, as from a folder."""
    here = Path.cwd()
    os.chdir(cwd)
    try:
        return CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)
    finally:
        os.chdir(here)


def codes(folder: Path, *options: object, path: str = "window") -> set[str]:
    """The codes that a check reports; its exit code must agree with them."""
    checked = packager("check", path, "--jobs", 1, "--output-format", "json", *options, cwd=folder)
    told = json.loads(checked.stdout)
    assert checked.exit_code == (1 if told["errors"] else 0), checked.stderr
    return {finding["code"] for finding in told["findings"]}


def test_rules_are_selected_and_ignored_by_the_beginnings_of_their_codes(folder: Path) -> None:
    """The longer of two that fit counts, and small letters do."""
    everything = codes(folder)
    assert {"N103", "L107"} <= everything
    assert codes(folder, "--select", "N") == {"N103"}
    assert codes(folder, "--select", "n103, l107") == {"N103", "L107"}
    assert codes(folder, "--ignore", "L,N103") == everything - {"L107", "N103"}
    assert codes(folder, "--select", "N103", "--ignore", "N") == {"N103"}


def test_what_could_not_be_read_is_told_whatever_is_selected(tmp_path: Path) -> None:
    """A broken archive, and one of a type that is refused, may hold what was asked for: neither passes."""
    write(clean_tree(), tmp_path / "window")
    sound = zipped({"a.txt": b"Ask Kim Yuna. " * 99}, deflated=True)
    (tmp_path / "window" / "a.cbz").write_bytes(sound[:60])
    (tmp_path / "window" / "a.zip").write_bytes(sound)
    asked = ("--select", "P301,X", "--never", "kim yuna")
    assert codes(tmp_path, *asked) == {"A101", "T101"}
    left_out = packager("check", "window", "--jobs", 1, *asked, "--ignore", "A,T", cwd=tmp_path)
    assert left_out.exit_code == 0
    assert left_out.stdout.splitlines()[0] == "2 files were not looked into, and --ignore leaves out why."


def test_words_that_must_not_be_in_it_are_found(folder: Path, tmp_path: Path) -> None:
    """Given one by one, or in a file with one on each line."""
    words = tmp_path / "words.txt"
    words.write_text("\ufeffKim Yuna\n\n  \n", encoding="utf-8")
    before = codes(folder)
    by_option, by_file = codes(folder, "--never", "kim yuna") - before, codes(folder, "--never-file", words) - before
    assert by_option == by_file
    assert by_option == {"P301"}


def test_a_tree_that_names_the_computer_it_is_on_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a text it may be chance and is a warning; where no reader looks it is an error."""
    monkeypatch.setenv("LOGNAME", "kilroywashere")
    plain = clean_tree()
    plain["index.html"] = plain["index.html"].replace(b"<p>", b"<p>kilroywashere ", 1)
    write(plain, tmp_path / "plain" / "window")
    assert codes(tmp_path / "plain", "--select", "P30") == {"P303"}
    hidden = clean_tree()
    hidden["w401/001.jpg"] += b"kilroywashere"
    write(hidden, tmp_path / "hidden" / "window")
    assert codes(tmp_path / "hidden", "--select", "P30") == {"P302"}


def test_a_manifest_says_which_files_there_must_be(tmp_path: Path) -> None:
    """Exactly those, and nothing else."""
    make_comic(tmp_path / "window", pages=1)
    assert packager("build", "window", "--quiet", cwd=tmp_path).exit_code == 0
    built = tmp_path / "window-built"
    [manifest] = (built / "keep").glob("*.sha256")
    assert codes(built, "--manifest", manifest) == set()
    (built / "window" / "index.html").write_bytes(b"")
    assert codes(built, "--manifest", manifest, "--select", "M") != set()


def test_definitions_are_checked_without_building_them(tmp_path: Path) -> None:
    """Those of a whole folder, each problem on its line; other folders are none."""
    text.write(tmp_path / "bundles" / "good" / "bundle.toml", 'title = "A"\n')
    clean = packager("check", "bundles", "--definition-only", cwd=tmp_path)
    assert (clean.exit_code, clean.stdout) == (0, "No problem found in bundles.\n")
    text.write(tmp_path / "bundles" / "bad" / "bundle.toml", 'title = "A"\ntitel = "B"\n')
    bad = packager("check", "bundles", "--definition-only", cwd=tmp_path)
    assert bad.exit_code == 1
    assert bad.stdout.startswith("bad/bundle.toml:2: ")
    whole = packager("check", "bundles/bad", cwd=tmp_path)
    assert (whole.exit_code, whole.stdout) == (2, "")
    assert "--definition-only" in whole.stderr
    named = packager("check", "bundles/bad/bundle.toml", cwd=tmp_path)
    assert (named.exit_code, named.stdout) == (1, bad.stdout.replace("bad/bundle.toml", "bundle.toml"))
    (tmp_path / "none").mkdir()
    assert packager("check", "none", "--definition-only", cwd=tmp_path).exit_code == 2


def test_a_tree_too_large_for_its_medium_is_a_finding(folder: Path) -> None:
    """A size over its limit ends with 1 here, not with 5, and the number is the same however it is said."""
    assert codes(folder, "--fit", "200KB") - codes(folder)
    assert codes(folder, "--medium", "usb-4gb") == codes(folder)


def test_warnings_end_with_1_only_when_they_are_to_count(tmp_path: Path) -> None:
    """A page that is there twice is for the organizer to decide, unless CI is to be strict."""
    tree = clean_tree()
    tree["w402/001.jpg"] = tree["w401/001.jpg"]
    tree["w402/002.jpg"] = tree["w401/001.jpg"]
    tree["index.html"] = tree["index.html"].replace(b"</body>", b"w402/001.jpg w402/002.jpg</body>")
    write(tree, tmp_path / "window")
    arguments = ("check", "window", "--jobs", 1, "--select", "J302")
    lenient, strict = (packager(*arguments, *more, cwd=tmp_path) for more in ((), ("--warnings-as-errors",)))
    assert RULES["J302"].severity == "warning"
    assert (lenient.exit_code, strict.exit_code) == (0, 1)
    assert "J302 warning" in lenient.stdout
    assert "J302 warning" not in strict.stdout


@pytest.mark.parametrize("form", FORMS)
def test_a_result_goes_into_the_file_that_is_asked_for(form: str, folder: Path, tmp_path: Path) -> None:
    """What would have been printed is in it, stdout stays empty, and stderr says where to look."""
    file = tmp_path / "result"
    printed = packager("check", "window", "--jobs", 1, "--output-format", form, cwd=folder)
    written = packager("check", "window", "--jobs", 1, "--output-format", form, "--output-file", file, cwd=folder)
    assert (written.exit_code, written.stdout) == (1, "")
    assert str(file) in written.stderr
    assert file.read_text(encoding="utf-8") == printed.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such links and pipes")
def test_a_link_in_the_place_of_the_result_is_replaced(folder: Path, tmp_path: Path) -> None:
    """Whoever may put one there has nothing else overwritten; nor is a pipe that nobody reads waited for."""
    (tmp_path / "mine").write_text("precious")
    for name, target in (("findings.sarif", tmp_path / "mine"), ("loose", tmp_path / "none")):
        (tmp_path / name).symlink_to(target)
        told = packager("check", "window", "--jobs", 1, "--output-file", tmp_path / name, cwd=folder)
        assert told.exit_code == 1
        assert not (tmp_path / name).is_symlink()
    assert (tmp_path / "mine").read_text() == "precious"
    assert not (tmp_path / "none").exists()
    os.mkfifo(tmp_path / "pipe")
    refused = packager("check", "window", "--jobs", 1, "--output-file", tmp_path / "pipe", cwd=folder)
    assert (refused.exit_code, "nobody reads" in refused.stderr) == (6, True)
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "findings.sarif", "loose", "pipe"}


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the system does not name open files")
def test_a_result_goes_to_whatever_the_shell_has_opened(folder: Path, tmp_path: Path) -> None:
    """Its own output, piped or in a file, nothing at all, and a program that it starts."""
    command = f"{sys.executable} -m packager check window --quiet --jobs 1 --select M --output-format json"
    kept = f"--output-file /dev/stdout >{tmp_path}/kept; cat {tmp_path}/kept"
    for line in ("--output-file /dev/stdout | cat", kept, "--output-file >(cat)", "--output-file /dev/fd/7 7>&1"):
        assert json.loads(_printed(f"{command} {line}", folder))["path"] == "window", line
    assert _printed(f"{command} --output-file /dev/null", folder) == b""


def _printed(line: str, folder: Path) -> bytes:
    """What a line of the shell has written to its output when all that it started is done."""
    return subprocess.run(["bash", "-c", line], cwd=folder, check=True, stdout=subprocess.PIPE).stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such links")
def test_a_link_that_leads_out_is_not_followed_for_programs(folder: Path, tmp_path: Path) -> None:
    """In CI whoever changes the checkout would have another folder told of; who looks on may follow links."""
    (tmp_path / "window").symlink_to(folder / "window")
    for form in set(FORMS) - {"text"}:
        told = packager("check", "window", "--jobs", 1, "--output-format", form, cwd=tmp_path)
        assert (told.exit_code, told.stdout) == (2, "")
        assert "leads out of the current folder" in told.stderr
    write(TREE, tmp_path / "own")
    (tmp_path / "results").symlink_to(folder)
    asked = ("--output-format", "sarif", "--output-file", "results/a")
    assert packager("check", "own", "--jobs", 1, *asked, cwd=tmp_path).exit_code == 2
    assert not (folder / "a").exists()
    assert packager("check", "window", "--jobs", 1, cwd=tmp_path).exit_code == 1


def test_a_quiet_check_of_a_clean_tree_says_nothing(tmp_path: Path) -> None:
    """Silence is for people; a program that asked for JSON gets it."""
    write(clean_tree(), tmp_path / "window")
    quiet = packager("check", "window", "--jobs", 1, "--quiet", cwd=tmp_path)
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, "", "")
    assert json.loads(
        packager("check", "window", "--jobs", 1, "--quiet", "--output-format", "json", cwd=tmp_path).stdout
    )


MISTAKES = {
    "a rule that is none": (("--select", "Q1"), 2, "Q1"),
    "a medium that is none": (("--medium", "usb-4bg"), 2, "usb-4gb"),
    "a size that is none": (("--fit", "-5"), 2, "500MB"),
    "a size of nothing": (("--fit", "0"), 2, "500MB"),
    "two sizes": (("--fit", "1GB", "--medium", "usb-4gb"), 2, "contradict"),
    "a manifest that is not there": (("--manifest", "gone.sha256"), 2, "gone.sha256"),
    "a definition with a size": (("--definition-only", "--fit", "1GB"), 2, "is checked as a definition"),
    "a definition with words": (("--definition-only", "--never", "Kim"), 2, "is checked as a definition"),
    "a definition with a profile": (("--definition-only", "--profile", "tv"), 2, "is checked as a definition"),
    "words that are not there": (("--never-file", "gone.txt"), 2, "gone.txt"),
    "words that are no text": (("--never-file", "window/aux.jpg"), 2, "UTF-8"),
    "a form that is none": (("--output-format", "xml"), 2, "sarif"),
    "a file that cannot be written": (("--output-file", "gone/result"), 6, "gone"),
    "a profile that is none": (("--profile", "laptpo"), 3, "laptop"),
}


@pytest.mark.parametrize(("options", "code", "said"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_gets_one_clear_message_and_its_exit_code(
    options: tuple[str, ...], code: int, said: str, folder: Path
) -> None:
    """What is wrong and what would be right, and no result."""
    checked = packager("check", "window", "--jobs", 1, *options, cwd=folder)
    assert (checked.exit_code, checked.stdout) == (code, "")
    assert said in checked.stderr


def test_rules_are_listed_and_explained(tmp_path: Path) -> None:
    """Every rule in the list; of one, the remedy and the source."""
    listed = packager("rules", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(RULES)
    explained = packager("rules", "n103", cwd=tmp_path).stdout
    assert all(words in explained for words in (RULES["N103"].summary, RULES["N103"].remedy, RULES["N103"].source))
    told = json.loads(packager("rules", "X", "--output-format", "json", cwd=tmp_path).stdout)["rules"]
    assert {rule["code"] for rule in told} == {code for code in RULES if code.startswith("X")}
    assert packager("rules", "Q", cwd=tmp_path).exit_code == 2


SITE = """<!DOCTYPE html>
<html lang="en" translate="no">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>a</title>
<script>var a</script><link rel="stylesheet" href="style.css"><style>p { display: grid }</style>
</head>
<body><p class="x" id="y" onclick="a()">a<a href="index.html">a</a>LINKS</p>
<img src="1.png" alt="" width="9" height="9">
</body></html>
"""


def other_site(folder: Path) -> Path:
    """Thirty documents with scripts, styles and pictures that are not ours, and a profile that lets them be."""
    links = "".join(f'<a href="p{number}.html">p</a>' for number in range(30))
    files = {f"p{number}.html": SITE.replace("LINKS", "").encode() for number in range(30)}
    files |= {"index.html": SITE.replace("LINKS", links).encode(), "style.css": b"p { color: red }\n"}
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG", pnginfo=_by_somebody())
    write({**files, "1.png": picture.getvalue()}, folder / "site")
    policies = 'scripts = "any"\nstyles = "any"\npictures = "decodable"\n'
    types = 'types = ["html", "css", "png"]\n'
    (folder / "loose.toml").write_text(f'extends = "laptop"\nsummary = "a site"\n{types}{policies}')
    (folder / "strict.toml").write_text(f'extends = "laptop"\nsummary = "a site"\n{types}')
    return folder


def _by_somebody() -> PngInfo:
    info = PngInfo()
    info.add_text("Author", "somebody")
    return info


def test_a_looser_profile_lets_others_be_and_says_first_what_it_cannot_promise(tmp_path: Path) -> None:
    """Scripts, styles and pictures of another site, whose links and names are held to the rules as before."""
    other_site(tmp_path)
    done = packager("check", "site", "--profile", "loose.toml", cwd=tmp_path)
    first = done.stdout.splitlines()[0]
    assert first.startswith("Scripts of others were not looked at")
    assert "styles of others were not looked at" in first
    assert "pictures can be decoded, and may hold anything" in first
    assert codes(tmp_path, "--profile", "loose.toml", path="site") <= {"J301"}
    (tmp_path / "site/p7.html").write_text(SITE.replace("LINKS", '<a href="http://a.example/">a</a>'))
    assert "X101" in codes(tmp_path, "--profile", "loose.toml", path="site")


def test_a_tree_of_others_fails_with_a_line_for_each_kind_of_problem(tmp_path: Path) -> None:
    """How often, in how many files, and the first three places, in place of hundreds of lines."""
    other_site(tmp_path)
    done = packager("check", "site", "--profile", "strict.toml", cwd=tmp_path)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    [scripts] = [line for line in lines if line.startswith("X401 ")]
    assert "31 times in 31 files" in scripts
    assert "index.html, p0.html, p1.html" in scripts
    assert len(lines) < 20
