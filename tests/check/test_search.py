"""What the library's script loads: an index is data alone, and the code is ours."""

from __future__ import annotations

import pytest

from packager.check.search import CODE, problem_of_search
from packager.output.templates import script

DATA = 'found(3, "!가1A나2b \\"words\\" and \\\\ more	0 12");'


def test_what_a_build_writes_has_no_problem() -> None:
    """Our own code, and a call with one string."""
    assert problem_of_search(CODE, script("texts.min.js")) == ""
    assert problem_of_search("find/0/3.txt", DATA) == ""


@pytest.mark.parametrize(
    "text",
    [
        'found(3, "a"); alert(1)',
        'found(3, "a"); ',
        'found(3, "a" + alert(1));',
        'found(3, "a", alert(1));',
        'found(alert(1), "a");',
        'found(3, "a\\x41");',
        'found(3, "a\\\\");alert(1);//");',
        'found(3, "a\n");',
        'found(3, "a\u2028");',
        "found(3, `${alert(1)}`);",
        "found(3, 'a');",
        'lost(3, "a");',
        '//\nfound(3, "a");',
        "",
    ],
)
def test_an_index_of_another_form_is_a_problem(text: str) -> None:
    """A browser would run it."""
    assert problem_of_search("find/12/345.txt", text) == "something else than an index of words"


def test_code_with_a_letter_more_is_a_problem() -> None:
    """It may do anything."""
    assert problem_of_search(CODE, script("texts.min.js") + ";") == "a script of others"


def test_texts_elsewhere_are_texts() -> None:
    """No document loads them."""
    assert problem_of_search("window/find.txt", "alert(1)") == ""
