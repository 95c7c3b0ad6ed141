"""What is distributed works where nothing of the checkout is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from packager.config.extras import PACKAGES

pytestmark = pytest.mark.slow

_CHECKOUT = Path(__file__).parents[2]
# `make` fills this folder; elsewhere: python -m pip wheel --wheel-dir FOLDER .
_WHEELS = Path(sys.prefix) / "wheels"
_DATA = {
    "packager/check/rules.toml",
    "packager/readers/languages.toml",
    "packager/files/os_leftovers.toml",
    "packager/config/profiles/any.toml",
    "packager/py.typed",
    "packager/templates/home.html",
    "packager/templates/reader.min.js",
    "packager/templates/words/ko.toml",
}


def test_extras_are_installed_by_the_names_that_the_project_declares() -> None:
    """The command that a build names installs what the extra would."""
    declared = tomllib.loads((_CHECKOUT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for extra, packages in PACKAGES.items():
        assert [need.partition(">=")[0] for need in declared[extra]] == list(packages)


def test_no_pattern_needs_a_newer_python() -> None:
    """A possessive group, which matches wrongly before Python 3.11.5 (gh-106052); Debian 12 has 3.11.2."""
    possessive = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")
    for module in (_CHECKOUT / "packager").rglob("*.py"):
        assert not possessive.search(module.read_text()), module


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("distributions")
    _run(sys.executable, folder, "-m", "build", "--no-isolation", "--outdir", folder, _CHECKOUT)
    return folder


@pytest.fixture(scope="module")
def python(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and what it depends on, installed without network."""
    if not _WHEELS.is_dir():
        pytest.skip(f"no folder of wheels: python -m pip wheel --wheel-dir {_WHEELS} .")
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wheel = next(distributions.glob("*.whl"))
    _run(python, environment, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", _WHEELS, wheel)
    return python


def _run(python: str | Path, folder: Path, *arguments: str | Path) -> str:
    """What a Python prints that is started in `folder` and sees nothing of the checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, *arguments]
    ended = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_wheel_holds_profiles_and_templates(distributions: Path) -> None:
    """Data files travel with the code, though templates lie beside the package in a checkout."""
    with zipfile.ZipFile(next(distributions.glob("*.whl"))) as wheel:
        assert set(wheel.namelist()) >= _DATA


def test_the_sdist_holds_what_its_tests_need(distributions: Path) -> None:
    """Whoever packages it for a system can run the tests from the sdist."""
    with tarfile.open(next(distributions.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "tests/conftest.py", "templates/home.html"} <= names


def test_the_installed_command_is_the_wheels_own(python: Path, tmp_path: Path) -> None:
    """Nothing is imported from the checkout, and the version is the one that was built."""
    asked = "import packager; print(packager.__file__, packager.__version__)"
    file, version = _run(python, tmp_path, "-c", asked).rsplit(maxsplit=1)
    assert Path(file).is_relative_to(python.parents[1])
    assert version in _run(python, tmp_path, "-m", "packager", "--version")


def test_an_installed_packager_builds_the_bundle_it_writes(python: Path, tmp_path: Path) -> None:
    """The first two commands of a newcomer work where there is no checkout."""
    _run(python, tmp_path, "-m", "packager", "init", "window")
    _run(python, tmp_path, "-m", "packager", "build", "window", "-o", "window-built")
    assert (tmp_path / "window-built" / "window" / "index.html").is_file()


@pytest.mark.prove
def test_the_tests_pass_in_an_unpacked_sdist(distributions: Path, tmp_path: Path) -> None:
    """The sdist is complete: no test misses a file that only the checkout has."""
    shutil.unpack_archive(next(distributions.glob("*.tar.gz")), tmp_path)
    (checkout,) = tmp_path.iterdir()
    _run(sys.executable, checkout, "-m", "pytest", "-n", "2", "--dist", "worksteal")
