"""Every picture inside a document is shown, or counted and named: the count of the report is true."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest

from packager.model import Outcome
from packager.readers.outcomes import PictureCount, count_pictures
from packager.sandbox.pool import Workers
from tests.helpers.papers import docx, epub, mhtml, paragraph, png, shown
from tests.helpers.reading import read_bundle

WORDS = "The boat is on the lake and it is small."
RED, BLUE, GREEN = png("#9c3d2e"), png("#243b53"), png("#3f6b4f")


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """An archive with these members more."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def binary(name: str, data: bytes) -> str:
    """A picture as it lies in FictionBook."""
    return f'<binary id="{name}" content-type="image/png">{base64.b64encode(data).decode()}</binary>'


WORD = docx(paragraph(WORDS) + shown("boat"), {"boat.png": RED, "lost.png": BLUE})
PAGE = f'<html><body><article><p>{WORDS}</p><img src="a.png"></article></body></html>'
DOCUMENTS: dict[str, tuple[str, bytes | str, Outcome, str]] = {
    "a document of Word that refers to a picture which it does not show": (
        "a.docx",
        WORD,
        Outcome.WARNING,
        "1 picture in it is shown nowhere: lost.png",
    ),
    "a document of Word with a picture of the head of its pages, whatever its name": (
        "a.docx",
        with_parts(docx(paragraph(WORDS) + shown("boat"), {"boat.png": RED}), {"word/media/logo.bin": BLUE}),
        Outcome.PASSED_OVER,
        "1 picture in it is shown nowhere: logo.bin",
    ),
    "a saved page": (
        "a.mhtml",
        mhtml(PAGE, {"https://example.org/a/a.png": RED, "https://example.org/a/advert": BLUE}),
        Outcome.PASSED_OVER,
        "1 picture in it is shown nowhere: advert",
    ),
    "a book in FictionBook": (
        "a.fb2",
        f'<FictionBook xmlns:l="x"><body><p>{WORDS}</p><image l:href="#a"/></body>{binary("a", RED)}{binary("b", BLUE)}'
        "</FictionBook>",
        Outcome.WARNING,
        "pictures that the book does not show: 1",
    ),
    "a book": (
        "a.epub",
        epub({"one.xhtml": f'<p>{WORDS * 30}</p><img src="a.png"/>'}, {"a.png": RED, "lost.png": BLUE}),
        Outcome.PASSED_OVER,
        "pictures of the book that no page shows: 1 (lost.png)",
    ),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_a_picture_inside_a_document_that_is_not_shown_is_named_and_counted(
    tmp_path: Path, workers: Workers, case: str
) -> None:
    """Where the text itself refers to it, somebody should look."""
    name, data, outcome, message = DOCUMENTS[case]
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    library = read_bundle(tmp_path, workers)
    assert (outcome, message) in [(remark.outcome, remark.message) for remark in library.remarks]
    assert count_pictures(library, library.remarks) == PictureCount(found=2, shown=1, damaged=0, refused=1)


def test_pictures_that_are_shown_twice_stand_for_words_or_belong_to_a_preview_are_not_told(
    tmp_path: Path, workers: Workers
) -> None:
    """It is the content that counts: two members of one content are one picture."""
    icon = png("#b9812f", (16, 16))
    body = paragraph(WORDS) + shown("boat") + shown("copy") + shown("icon", "Boat")
    data = docx(body, {"boat.png": RED, "copy.png": RED, "icon.png": icon})
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.docx").write_bytes(with_parts(data, {"docProps/thumbnail.jpeg": GREEN}))
    library = read_bundle(tmp_path, workers)
    assert [remark.message for remark in library.remarks if "shown nowhere" in remark.message] == []
