"""What texts say of themselves at their head, in every form that people's programs write."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.model import Outcome
from packager.model.blocks import words_of
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import read

TEXT = "Fold a sheet of paper.\n\nThen let it swim.\n"
WORDS = "Fold a sheet of paper. Then let it swim."


def article(folder: Path, matter: str, name: str = "a.md") -> ReadArticle:
    return read(folder, name, f"{matter}\n{TEXT}")


FORMS = [
    ("YAML", "---\ntitle: Boats\nauthor: Min Lee\n---\n"),
    ("an empty line at its beginning", "---\n\ntitle: Boats\nauthor: Min Lee\n\n---\n"),
    ("an empty line before it", "\n\n---\ntitle: Boats\nauthor: Min Lee\n---\n"),
    ("three dots at its end", "---\ntitle: Boats\nauthor: Min Lee\n...\n"),
    ("line ends of Windows", "---\r\ntitle: Boats\r\nauthor: Min Lee\r\n---\r\n"),
    ("a list of authors", "---\ntitle: Boats\nauthor:\n  - Min Lee\n---\n"),
    ("authors with more to say", "---\ntitle: Boats\nauthor:\n  - name: Min Lee\n    affiliation: School\n---\n"),
    ("an author with more to say", "---\ntitle: Boats\nauthor: {name: Min Lee, email: x}\n---\n"),
    ("authors with names in parts", "---\ntitle: Boats\nauthors:\n- name:\n    given: Min\n    family: Lee\n---\n"),
    ("TOML", '+++\ntitle = "Boats"\nauthors = ["Min Lee"]\ndate = 2024-01-01\n+++\n'),
    ("JSON", '{\n  "title": "Boats",\n  "author": "Min Lee"\n}\n'),
    ("MultiMarkdown", "Title: Boats\nAuthor: Min Lee\n"),
    ("a title on two lines", "---\ntitle: >\n  Boats\nauthor: Min Lee\n---\n"),
]


@pytest.mark.parametrize("matter", [case[1] for case in FORMS], ids=[case[0] for case in FORMS])
def test_every_form_of_front_matter_is_read(tmp_path: Path, matter: str) -> None:
    """The title and the author are taken, nothing of it is shown, and nothing is to be said."""
    found = article(tmp_path, matter)
    assert (found.title, found.authors) == ("Boats", ("Min Lee",))
    assert words_of(found.blocks) == WORDS
    assert found.remarks == ()


SLIPS = [
    ("a colon", "title: Boats: a history", "Boats: a history", 3, "put it into quotation marks"),
    ("brackets", "title: [Rivers] Boats", "[Rivers] Boats", 3, "put it into quotation marks"),
    ("a star", "title: *Boats* and more", "*Boats* and more", 3, "put it into quotation marks"),
    ("an at sign", "title: @boats", "@boats", 3, "put it into quotation marks"),
    ("a percent sign", "title: %boats", "%boats", 3, "put it into quotation marks"),
    ("a backtick", "title: `boats`", "`boats`", 3, "put it into quotation marks"),
    ("a tab", "title:\tBoats", "Boats", 3, "a tab stands behind `title:`; write a space"),
    ("an open quotation mark", 'title: "Boats', "Boats", 3, "put it into quotation marks"),
    ("words behind a quotation", 'title: "Boats" and more', 'Boats" and more', 3, "put it into quotation marks"),
]


@pytest.mark.parametrize(
    ("line", "title", "number", "told"), [case[1:] for case in SLIPS], ids=[case[0] for case in SLIPS]
)
def test_a_value_that_yaml_does_not_take_is_taken_as_it_stands(
    tmp_path: Path, line: str, title: str, number: int, told: str
) -> None:
    """It is said in the organizer's words which line it is and what to do; the rest is read."""
    found = article(tmp_path, f"---\nauthor: Min Lee\n{line}\nsummary: A text.\n---\n")
    assert (found.title, found.authors, found.summary) == (title, ("Min Lee",), "A text.")
    assert words_of(found.blocks) == WORDS
    (remark,) = [remark for remark in found.remarks if "@name" not in remark.message]
    assert (remark.outcome, remark.line) == (Outcome.DECIDED, number)
    assert told in remark.message
    assert "`title" in remark.message


@pytest.mark.parametrize(
    ("value", "language"),
    [("ko", "ko"), ("en_US", "en-US"), ("ko_KR.UTF-8", "ko-KR"), ("Korean", "ko"), ("french", "fr"), ("no", "no")],
)
def test_a_language_may_be_called_by_its_name(tmp_path: Path, value: str, language: str) -> None:
    """As a tag, a locale, or in English."""
    assert article(tmp_path, f"---\nlang: {value}\n---\n").language == language


REMARKS = [
    ("a slip of the pen", "sumary: b", Outcome.WARNING, 2, "`sumary` is not known; the nearest is `summary`"),
    ("keys of other programs", "tags: [a]\ncssclasses: b", Outcome.PASSED_OVER, None, "nothing here: tags, cssclasses"),
    ("a key twice", "title: A\ntitle: B", Outcome.WARNING, 2, "`title` stands there twice; line 3 counts"),
    ("a draft", "draft: true", Outcome.WARNING, 2, "`draft: true`: is it meant for readers?"),
    ("not for publication", "publish: false", Outcome.WARNING, 2, "is it meant for readers?"),
    ("a title that is none", "date: x\ntitle:\n  a: b", Outcome.WARNING, 3, "`title` must be a text"),
    ("a language that is none", "lang: the usual one", Outcome.WARNING, 2, "`the usual one` is no language: write en"),
    ("a direction that is none", "direction: up", Outcome.WARNING, 2, "`up` is no direction"),
]


@pytest.mark.parametrize(
    ("matter", "outcome", "line", "message"), [case[1:] for case in REMARKS], ids=[case[0] for case in REMARKS]
)
def test_what_is_not_taken_is_told(
    tmp_path: Path, matter: str, outcome: Outcome, line: int | None, message: str
) -> None:
    """One bad line of one file is that file's finding; the text is there."""
    found = article(tmp_path, f"---\n{matter}\n---\n")
    assert words_of(found.blocks) == WORDS
    (remark,) = found.remarks
    assert (remark.outcome, remark.line) == (outcome, line)
    assert message in remark.message


def test_the_last_of_two_titles_counts(tmp_path: Path) -> None:
    """So does the heading that repeats it."""
    found = article(tmp_path, "---\ntitle: A\ntitle: B\n---\n# B\n")
    assert (found.title, words_of(found.blocks)) == ("B", WORDS)


@pytest.mark.parametrize(
    "head",
    [
        "---\n\nA text that begins with a rule.\n\n---\n",
        "---\n\nKim: hello.\n\n---\n",
        "---\njust words\n---\n",
        "---\n[a]: b\n---\n",
        "{braces} in a text\n",
        "Kim: hello.\nMin: hi.\n",
        "+++ more +++\n",
        "Note: this is a text.\n",
    ],
)
def test_a_text_that_only_looks_so_is_a_text(tmp_path: Path, head: str) -> None:
    """All of it is shown."""
    shown = read(tmp_path, "a.md", f"Before.\n\n{head}\n{TEXT}").blocks
    assert words_of(read(tmp_path, "a.md", f"{head}\n{TEXT}").blocks) == words_of(shown).removeprefix("Before. ")


@pytest.mark.parametrize(
    "matter", ["title: &a b\nsummary: *a", f"title: {'[' * 5000}", "a: " + "{a: " * 3000, 'title: "' + "a" * 15000],
    ids=["an alias", "a depth", "mappings", "a quotation without an end"],
)  # fmt: skip
def test_nothing_at_the_head_of_a_text_is_too_much(tmp_path: Path, matter: str) -> None:
    """What no author writes is read line by line."""
    found = article(tmp_path, f"---\n{matter}\n---\n")
    assert words_of(found.blocks) == WORDS
    assert Outcome.DECIDED in {remark.outcome for remark in found.remarks}
