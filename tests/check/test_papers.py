"""PDFs are walked by an allow-list: those of ours pass, and whatever is changed or added in one is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from packager.archive.pdf import ends, scan
from packager.check.paper import PaperFacts, paper_facts
from packager.check.pictures import MOST_UNPAID
from packager.model import Edition
from tests.helpers.made_books import publication, write_books
from tests.layout.test_epub import PAGES


@pytest.fixture(scope="module")
def comic(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The PDF of a comic in chapters."""
    (pdf,) = write_books(tmp_path_factory.mktemp("comic"), publication("w1", PAGES), edition=Edition.PDF)
    return pdf.read_bytes()


def judged(data: bytes) -> PaperFacts:
    return paper_facts(data, MOST_UNPAID)


def is_clean(facts: PaperFacts) -> bool:
    return not facts.problems and not any(one.error or one.problems for one in facts.pictures)


def with_objects(data: bytes, change: Callable[[list[bytes]], None]) -> bytes:
    """The PDF with its objects changed, and a table that fits them again."""
    head = data[: data.index(b"1 0 obj")]
    bodies = [data[place:end].split(b"\n", 1)[1] for place, _, end, _ in scan(data, len(head))]
    change(bodies)
    made, places = head, []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s" % (number, body)
    return made + ends(places, len(made), 1, 3)


def in_object(number: int, old: bytes, new: bytes) -> Callable[[list[bytes]], None]:
    """Changes one object, from 1."""

    def change(bodies: list[bytes]) -> None:
        assert old in bodies[number - 1]
        bodies[number - 1] = bodies[number - 1].replace(old, new, 1)

    return change


def test_what_is_built_has_nothing_wrong(comic: bytes) -> None:
    """And is what it is when its objects are put together again."""
    facts = judged(comic)
    assert is_clean(facts)
    assert len(facts.pictures) == len(PAGES.pictures)
    assert with_objects(comic, lambda _: None) == comic


PLANTED = {
    "an action": in_object(1, b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(x)>>"),
    "metadata": in_object(1, b"/Type/Catalog", b"/Type/Catalog/Metadata 2 0 R"),
    "a form": in_object(1, b"/Type/Catalog", b"/Type/Catalog/AcroForm<<>>"),
    "a file": in_object(1, b"/Type/Catalog", b"/Type/Catalog/Names<</EmbeddedFiles<<>>>>"),
    "a maker": in_object(3, b"/Title", b"/Producer(me)/Title"),
    "a date": in_object(3, b"/Title", b"/CreationDate(D:2020)/Title"),
    "a key of its own": in_object(2, b"/Type/Pages", b"/Type/Pages/Own(words)"),
    "another layout": in_object(1, b"/TwoPageRight", b"/TwoPageLeft"),
    "a comment": in_object(3, b"<<", b"<< % words\n"),
    "an object that nothing leads to": lambda bodies: bodies.append(b"(words)\nendobj\n"),
    "a name whose letters are hidden": in_object(1, b"/Type", b"/T#79pe"),
    "a key twice": in_object(3, b"/Title", b"/Title(a)/Title"),
    "words on a page": in_object(8, b"Do Q", b"(w)Tj Q"),
    "a picture in a line": in_object(8, b"Do Q", b"BI Q  "),
    "a page that is another object": in_object(2, b"Kids[7 0 R", b"Kids[3 0 R"),
    "a picture that is another": in_object(9, b"/Width 90", b"/Width 91"),
    "a picture in other colours": in_object(9, b"/DeviceRGB", b"/DeviceGray"),
    "a page that acts when it opens": in_object(7, b"/Type/Page", b"/Type/Page/AA<</O<</S/JavaScript/JS(x)>>>>"),
    "a link to the network": in_object(7, b"/Type/Page", b"/Type/Page/Annots[<</A<</S/URI/URI(//a.b)>>>>]"),
    "a link to another file": in_object(
        7, b"/Type/Page", b"/Type/Page/Annots[<</Type/Annot/Subtype/Link/A<</S/GoToR/F(a)>>>>]"
    ),
    "a note on a page": in_object(7, b"/Type/Page", b"/Type/Page/Annots[<</Type/Annot/Subtype/Text/Contents(w)>>]"),
    "a film": in_object(7, b"/Type/Page", b"/Type/Page/Annots[<</Subtype/RichMedia>>]"),
    "metadata of a page": in_object(7, b"/Type/Page", b"/Type/Page/Metadata 3 0 R"),
    "a small picture of a page": in_object(7, b"/Type/Page", b"/Type/Page/Thumb 9 0 R"),
    "what a program left": in_object(7, b"/Type/Page", b"/Type/Page/PieceInfo<</Own<</Private(w)>>>>"),
    "a second drawing": in_object(7, b"/Contents 8 0 R", b"/Contents[8 0 R 8 0 R]"),
    "a picture beneath another": in_object(9, b"/Type/XObject", b"/Type/XObject/SMask 12 0 R"),
    "a picture for printers alone": in_object(9, b"/Type/XObject", b"/Type/XObject/Alternates[]"),
    "layers": in_object(1, b"/Type/Catalog", b"/Type/Catalog/OCProperties<</OCGs[]>>"),
    "a place in the web": in_object(1, b"/Type/Catalog", b"/Type/Catalog/URI<</Base(http://a.b)>>"),
    "a signature": in_object(1, b"/Type/Catalog", b"/Type/Catalog/Perms<<>>"),
    "threads": in_object(1, b"/Type/Catalog", b"/Type/Catalog/Threads[]"),
    "a line of the outline that acts": in_object(5, b"/Title", b"/A<</S/Launch/F(a)>>/Title"),
    "a keyword": in_object(3, b"/Title", b"/Keywords(me)/Title"),
    "an identifier": in_object(3, b"/Title", b"/ID[(a)(b)]/Title"),
    "words that are drawn out of sight": in_object(8, b"Do Q", b"Do Q BT 3 Tr (w) Tj ET"),
    "marked words": in_object(8, b"q ", b"/Span<</ActualText(w)>>BDC q "),
    "bytes in a stream behind its end": in_object(8, b"Do Q\n", b"Do Q\n%words"),
    "a picture that is an object of another file": in_object(9, b"/Length", b"/F(a.jpg)/Length"),
    "an endless picture": in_object(9, b"/DCTDecode", b"/JPXDecode"),
}


@pytest.mark.parametrize("change", PLANTED.values(), ids=list(PLANTED))
def test_what_ours_never_hold_is_found(change: Callable[[list[bytes]], None], comic: bytes) -> None:
    """Though all else fits together."""
    assert not is_clean(judged(with_objects(comic, change)))


@pytest.mark.parametrize(
    "made",
    [
        lambda data: data + b"%%EOF\n",
        lambda data: data[:-1],
        lambda data: data.replace(b"%PDF-1.7", b"%PDF-1.4", 1),
        lambda data: b"\n" + data,
        lambda data: data.replace(b"00000 n ", b"00001 n ", 1),
    ],
    ids=["more at its end", "less at its end", "another version", "more at its beginning", "another table"],
)
def test_bytes_beside_the_objects_are_found(made: Callable[[bytes], bytes], comic: bytes) -> None:
    """Wherever they lie."""
    assert [code for code, _ in judged(made(comic)).problems] == ["A301"]


def test_a_pdf_of_another_program_is_found(tmp_path: Path) -> None:
    """However plain it is."""
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(100, 100)
        document.save(tmp_path / "a.pdf")
    assert [code for code, _ in judged((tmp_path / "a.pdf").read_bytes()).problems] == ["A301"]


def test_a_mutant_is_found_or_says_nothing_else(comic: bytes) -> None:
    """Four hundred changes of a byte beside the pictures: what passes is another title, or another place."""
    chance = random.Random(1)
    outside = [at for at in range(len(comic)) if comic[at : at + 1].isascii()]
    first = comic.index(b"\xff\xd8")
    beside = [at for at in outside if at < first or at > comic.rindex(b"endstream")]
    passed = []
    for _ in range(400):
        at = chance.choice(beside)
        mutant = comic[:at] + bytes([chance.randrange(256)]) + comic[at + 1 :]
        if mutant != comic and is_clean(judged(mutant)):
            passed.append(comic[max(0, at - 30) : at + 1])
    places = (b"Title", b"MediaBox", b"Lang(", b"Dest[", b"Kids[", b"/XYZ", b"Count", b"q ")
    assert [one for one in passed if not any(place in one for place in places)] == []
