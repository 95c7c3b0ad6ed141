"""A bundle of thousands of works that is quickly made and built: tiny pages, no two alike, and short articles."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

PAGES_OF_WORK = 50
PAGES_PER_ARTICLE = 5
SIZE = (32, 46)
_BITS = 20  # of a page's number, drawn as so many squares
_WHERE = ("Harbour", "Orchard", "Station", "Bakery", "Lighthouse", "Quarry", "Library", "Ferry", "Market", "Meadow")
_WHO = ("Minji", "Olaf", "Amina", "Ravi", "Hana", "Pedro", "Ingrid", "Tomas", "Leyla")
_WHAT = ("Winter", "Letter", "Kite", "Secret", "Summer", "Return", "Song", "Journey", "Umbrella", "Neighbour", "Garden")


def make_dry_bundle(folder: Path, pages: int, more_toml: str = "") -> Path:
    """A bundle of comics of 50 pages and one article for every five pages, with so many pages in all."""
    for work in range(-(-pages // PAGES_OF_WORK)):
        comic = folder / "comics" / f"{title_of(work)}"
        comic.mkdir(parents=True)
        for page in range(min(PAGES_OF_WORK, pages - work * PAGES_OF_WORK)):
            _draw(work * PAGES_OF_WORK + page).save(comic / f"{page + 1:03}.jpg", quality=60)
    (folder / "articles").mkdir()
    for number in range(pages // PAGES_PER_ARTICLE):
        text = f"# {title_of(number)}, told again\n\n{_paragraph(number)}\n"
        (folder / "articles" / f"{number:05} {title_of(number)}.md").write_text(text, encoding="utf-8")
    toml = f'title = "Dry library"\nlanguages = ["en"]\n{more_toml}'
    (folder / "bundle.toml").write_text(toml, encoding="utf-8")
    return folder


def title_of(number: int) -> str:
    """A title that no other number has."""
    who, what, where = (words[number % len(words)] for words in (_WHO, _WHAT, _WHERE))
    return f"{who} and the {what} of the {where} {number + 1}"


def _draw(number: int) -> Image.Image:
    """A page that shows its number in squares, dark and light, on white."""
    page = Image.new("L", SIZE, 255)
    for bit in range(_BITS):
        row, column = divmod(bit, 4)
        shade = 40 if number >> bit & 1 else 200
        page.paste(shade, (column * 8, row * 8, column * 8 + 7, row * 8 + 7))
    return page


def _paragraph(number: int) -> str:
    words = (*_WHO, *_WHAT, *_WHERE)
    picked = " ".join(words[(number * step + step) % len(words)].lower() for step in range(1, 40))
    return f"On day {number + 1} they spoke of {picked}."
