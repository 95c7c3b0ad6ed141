"""What is built, judged by the tools of others."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from packager.output.marks import KEEP
from tests.helpers.builders import make_bundle, packager
from tests.helpers.fat_reader import START
from tests.system import from_npm, tool

pytestmark = pytest.mark.slow

CAMERA = 0x010F  # the tag Make of EXIF
VNU = "vnu-jar/build/dist/vnu.jar"
DATA_URI = re.compile(rb"data:image/jpeg;base64,([A-Za-z0-9+/=]+)")

# What exiftool says of a picture that holds nothing but a picture.
OF_THE_FILE = {
    "SourceFile",
    "ExifTool:ExifToolVersion",
    *(
        f"System:File{name}"
        for name in ("Name", "Size", "ModifyDate", "AccessDate", "InodeChangeDate", "CreateDate", "Permissions")
    ),
    "System:Directory",
    *(f"File:{name}" for name in ("FileType", "FileTypeExtension", "MIMEType", "ImageWidth", "ImageHeight")),
    *(f"File:{name}" for name in ("EncodingProcess", "BitsPerSample", "ColorComponents", "YCbCrSubSampling")),
    "Composite:ImageSize",
    "Composite:Megapixels",
}
NEUTRAL = {  # the 18 bytes of JFIF, which say nothing
    "JFIF:JFIFVersion": 1.01,
    "JFIF:ResolutionUnit": "None",
    "JFIF:XResolution": 1,
    "JFIF:YResolution": 1,
}
OF_THE_DOCUMENT = {
    "HTTP-equiv:ContentType",
    "HTTP-equiv:HTTPEquivContentSecurityPolicy",
    "HTML:FormatDetection",
    "HTML:Google",  # notranslate
    "HTML:Referrer",
    "HTML:Title",
    "HTML:Viewport",
}
# Two home pages, in English and Korean; four files for phones, one a version; the same versions on the site, of which
# the two that have one language alone, and so no other version to lead to, stand in frames of both.
DOCUMENTS = 2 + 4 + (4 + 2)
KNOWN_TO_VNU = (
    # Its reading of the policy has no origin for files and refuses data: too; test_browsers.py sees the pictures.
    "Resource violates Content Security Policy (meta tag): image ",
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose pictures tell a camera and hold a comment."""
    folder = make_bundle(
        tmp_path_factory.mktemp("sources") / "window", definition='editions = ["site", "phone", "cbz"]\n'
    )
    for path in folder.rglob("*.jpg"):
        with Image.open(path) as image:
            image.load()
            exif = image.getexif()
            exif[CAMERA] = "Canon"
            image.save(path, exif=exif, comment=b"taken at home")
    return folder


@pytest.fixture(scope="module")
def built(bundle: Path) -> Path:
    """The folder that a build of every edition made, with its ZIP."""
    return _built(bundle, "zip")


@pytest.fixture(scope="module")
def pictures(built: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every different picture of the tree, of its comic books and of its documents, as a file of its own."""
    folder = tmp_path_factory.mktemp("pictures")
    held = [data for book in sorted(built.rglob("*.cbz")) for data in _in_book(book)]
    held += [
        base64.b64decode(code) for document in _documents(built) for code in DATA_URI.findall(document.read_bytes())
    ]
    for number, data in enumerate(dict.fromkeys(held)):
        (folder / f"{number}.jpg").write_bytes(data)
    return sorted(folder.iterdir())


@pytest.mark.needs("exiftool")
def test_exiftool_finds_nothing_in_any_picture(bundle: Path, built: Path, pictures: list[Path]) -> None:
    """Of the tree, its comic books and its documents; in the sources it finds what was put there."""
    assert len(pictures) > len(list(built.rglob("*.jpg"))), "documents hold pictures of their own"
    for told in _exiftool(*pictures):
        beside = {key: value for key, value in told.items() if key not in OF_THE_FILE}
        assert beside == NEUTRAL, told["SourceFile"]
    (source,) = _exiftool(bundle / "articles" / "boat.jpg")
    assert source.keys() - OF_THE_FILE - NEUTRAL.keys() >= {"IFD0:Make", "File:Comment"}


@pytest.mark.needs("exiftool")
def test_exiftool_finds_no_maker_in_any_document(built: Path) -> None:
    """No author, generator or date: what all documents say is all there is."""
    for told in _exiftool(*_documents(built)):
        assert told.keys() - OF_THE_FILE - OF_THE_DOCUMENT == set(), told["SourceFile"]


@pytest.mark.needs("mat2")
def test_mat2_finds_nothing_in_any_picture(bundle: Path, pictures: list[Path]) -> None:
    """Its readers of HTML and CBZ are left out: the one wants XML, the other does not exist."""
    assert _run("mat2", "--show", *pictures).count("No metadata found in") == len(pictures)
    assert "Canon" in _run("mat2", "--show", bundle / "articles" / "boat.jpg")


@pytest.mark.needs("unzip", "7z")
def test_archives_are_whole_to_unzip_and_7_zip(bundle: Path, built: Path) -> None:
    """The comic books, and the tree as ZIP and as 7z."""
    zips = [*sorted(built.rglob("*.cbz")), built / "window.zip"]
    assert len(zips) == 4
    for archive in zips:
        assert "No errors detected" in _run("unzip", "-t", archive)
    for archive in (*zips, _built(bundle, "7z") / "window.7z"):
        said = _run("7z", "t", archive)
        assert "Everything is Ok" in said
        assert "Warning" not in said


@pytest.mark.needs("fsck.fat")
def test_an_image_is_in_order_to_fsck(built: Path, tmp_path: Path) -> None:
    """The whole way: from a bundle to what is written onto sticks."""
    image = tmp_path / "window.img"
    done = packager("image", built / "window", image, "--medium", "usb-2gb")
    assert (done.returncode, done.stderr) == (0, "")
    volume = tmp_path / "volume"
    cut = ("dd", f"if={image}", f"of={volume}", f"bs={START}", "skip=1", "conv=sparse", "status=none")
    subprocess.run(cut, check=True)
    said = _run("fsck.fat", "-n", volume).splitlines()
    assert len(said) == 2, "a line of its own name, one of numbers, and nothing to complain of"
    image.unlink()
    volume.unlink()


@pytest.mark.needs("tidy")
def test_tidy_has_nothing_to_say_of_any_document(built: Path, tmp_path: Path) -> None:
    """Neither an error nor a warning; of a picture without words it speaks."""
    documents = _documents(built)
    assert [_run("tidy", "-errors", "-quiet", document) for document in documents] == [""] * DOCUMENTS
    faulty = tmp_path / "faulty.html"
    faulty.write_text(documents[0].read_text("utf-8").replace(" alt=", " data-alt="), encoding="utf-8")
    assert 'lacks "alt" attribute' in _run("tidy", "-errors", "-quiet", faulty, expected=1)


@pytest.mark.prove
@pytest.mark.needs("java")
def test_the_validator_of_the_w3c_finds_no_error(built: Path) -> None:
    """Every document, held against the living standard."""
    said = json.loads(_run("java", "-jar", from_npm(VNU), "--format", "json", *_documents(built)))
    messages = [message["message"] for message in said["messages"]]
    assert messages
    assert [message for message in messages if not message.startswith(KNOWN_TO_VNU)] == []
    print(f"{len(_documents(built))} documents, {len(set(messages))} known messages")


def _built(bundle: Path, archive: str) -> Path:
    output = bundle.parent / archive
    done = packager("build", bundle, "-o", output, "--archive", archive)
    assert (done.returncode, done.stderr) == (0, "")
    return output


def _in_book(book: Path) -> list[bytes]:
    with zipfile.ZipFile(book) as archive:
        return [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")]


def _documents(built: Path) -> list[Path]:
    return sorted(path for path in built.rglob("*.html") if KEEP not in path.parts)


def _exiftool(*files: Path) -> list[dict[str, object]]:
    told: list[dict[str, object]] = json.loads(_run("exiftool", "-q", "-j", "-G1", "-a", *files))
    assert len(told) == len(files)
    return told


def _run(name: str, *arguments: object, expected: int = 0) -> str:
    """What a tool says, on both streams."""
    command = [str(tool(name)), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == expected, done.stdout
    return done.stdout
