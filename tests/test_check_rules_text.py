"""What a text tells: mentions with their lines, letters that nobody sees, words in any form of bytes."""

from __future__ import annotations

import base64
import io
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from packager.check.newer import newer_declarations, newer_styles
from packager.check.scripts import script_words
from packager.check.syntax import es3_error
from packager.check.text import document_text_facts, text_facts
from packager.check.words import How, needles, told
from packager.mentions import MentionKind
from tests.clean_tree import after_header, data_uri, document, drawn_as, image, jpeg, segment

WORD = "Danbi Kim"
SOUGHT = needles([WORD, "단비"], ["builder7", "me"])


def found(data: bytes) -> set[tuple[str, str]]:
    return {(one.word, one.how) for one in told(data, SOUGHT)}


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from([str.lower, str.upper, str.title]))
def test_a_word_in_base64_is_found_wherever_it_begins(before: bytes, after: bytes, case: object) -> None:
    """Four letters stand for three bytes, so that a word can begin in three ways."""
    word = case(WORD)  # type: ignore[operator]
    coded = base64.b64encode(before + word.encode() + after)
    assert (WORD, How.BASE64) in found(b"a text: " + coded)
    assert (WORD, How.BASE64) in found(b"a text: " + base64.urlsafe_b64encode(before + word.encode() + after))


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("word", [WORD, WORD.upper(), "단비"])
def test_a_word_in_utf16_is_found(word: str, codec: str) -> None:
    """In either order of bytes, with a mark or without."""
    assert {how for _, how in found(f"see {word}.".encode(codec))} == {How.UTF16}


def with_comment(comment: bytes) -> bytes:
    return after_header(jpeg(), segment(0xFE, comment))


# (where a word hides, the bytes)
HIDDEN = [
    ("a text", f"by {WORD.lower()}".encode()),
    ("a document", document(f"<p>{WORD}</p>")),
    ("a comment of a document", document(f"<!-- {WORD} -->")),
    ("a comment of a picture", with_comment(WORD.encode())),
    ("a picture in a document", document(image(data_uri(with_comment(WORD.encode()))))),
    ("behind a picture", jpeg() + WORD.encode()),
    ("behind a PNG", drawn_as("PNG") + WORD.encode()),
    ("a broken picture", b"\xff\xd8\xff" + WORD.encode()),
    ("what is of no known kind", b"\0\1\2" + WORD.encode()),
]


@pytest.mark.parametrize("data", [case[1] for case in HIDDEN], ids=[case[0] for case in HIDDEN])
def test_a_word_is_found_wherever_it_hides(data: bytes) -> None:
    """In what is read and in what is not."""
    assert (WORD, How.TEXT) in found(data)


def test_the_codes_of_pictures_hold_no_words() -> None:
    """A short word comes up by chance among a million codes, and means nothing there."""
    noise = Image.frombytes("RGB", (900, 900), random.Random(5).randbytes(3 * 900 * 900))
    short = needles([f"{a}{b}" for a in "xkz" for b in "qjw"], [])
    for kind in ("JPEG", "PNG"):
        file = io.BytesIO()
        noise.save(file, kind)
        assert told(file.getvalue(), short) == ()
        assert told(document(image(data_uri(file.getvalue(), f"image/{kind.lower()}"))), short) == ()


def test_short_names_of_computers_are_not_looked_for() -> None:
    """A user called `me` would be found in every text."""
    assert found(b"me and builder7") == {("builder7", How.TEXT)}


@given(st.binary())
@example(b"<html>data:image/png;base64,===")
@example(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff")
def test_no_bytes_stop_the_search(data: bytes) -> None:
    """Whatever is searched, an answer comes."""
    told(data, SOUGHT)


def test_mentions_in_a_document_have_the_lines_of_its_source() -> None:
    """What readers see, texts in place of pictures among it; not what a comment, a style or an address holds."""
    source = (
        "<p>see <b>exam</b>ple.org</p>\n<!-- a.org\n-->\n<style>\n@media a.org</style><p>write to\na@b.org</p>\n"
        '<img src="www.c.org/x"\nalt="@danbi"> 010&#45;1234-5678'
    )
    mentions = [(one.line, one.kind, one.text) for one in document_text_facts(source).mentions]
    assert mentions == [
        (1, MentionKind.ADDRESS, "example.org"),
        (6, MentionKind.EMAIL, "a@b.org"),
        (7, MentionKind.NAME, "@danbi"),
        (8, MentionKind.PHONE, "010-1234-5678"),
    ]


UNSEEN = [
    ("a zero-width space", "a\u200bb", ["zero width space"]),
    ("a joiner among Latin letters", "a\u200db", ["zero width joiner"]),
    ("tag letters", "\U0001f3f4\U000e0067", ["tag latin small letter g"]),
    ("a mark inside a text", "a\ufeffb", ["zero width no-break space"]),
    ("an invisible letter of Hangul", "a\u3164b", ["hangul filler"]),
    ("a direction where all is Latin", "a\u200eb", ["left-to-right mark"]),
    ("a mark at the beginning", "\ufeffa", []),
    ("a joiner in Persian", "می\u200cخواهم", []),
    ("a direction in Arabic", "نافذة \u200ea", []),
    ("emoji put together", "👩\u200d👧 ❤\ufe0f", []),
    ("a zero-width space in Thai", "ไทย\u200bไทย", []),
]


@pytest.mark.parametrize(("text", "names"), [case[1:] for case in UNSEEN], ids=[case[0] for case in UNSEEN])
def test_letters_that_nobody_sees_are_named(text: str, names: list[str]) -> None:
    """Where a script has need of them they are letters, elsewhere they can only hide something."""
    assert [one.name for one in text_facts(text).unseen] == names


def test_what_nobody_sees_is_told_with_its_line() -> None:
    """So that an editor can go there."""
    assert [one.line for one in text_facts("a\n\nb\u200b\nc\u2060\u2061").unseen] == [3, 4, 4]


@given(st.text())
@example("<")
@example("<!--" * 2000)
@example("<script>" * 2000)
def test_any_source_is_read_to_its_end(source: str) -> None:
    """No text stops the reading."""
    document_text_facts(source)
    list(newer_styles(source))
    list(newer_declarations(source))
    script_words(source)


@settings(deadline=None)  # the first script loads the parser
@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example("/*")
@example('"\\')
@example("\\u")
@example("(" * 900)
@example("a = /[")
@example("\ud800")
def test_no_script_stops_the_parser(script: str) -> None:
    """What is no script is told in a line that can be printed."""
    assert es3_error(script).isprintable()


ES3 = [
    "for (var i = 0, n = a.length; i < n; i++) { if (!a[i]) { continue; } }",
    "try { a(); } catch (ignored) { } finally { b(); }",
    "switch (a) { case 1: break; default: b = c ? this : null; }",
    "var a = {'default': 1, b: function () { return /[/]\\//g.test(c); }};",
    "a = b ? c : d, e = typeof f === 'undefined' ? void 0 : f;",
    "outer: while (true) { do { break outer; } while (0); }",
    "var get = 1, set = 2, of = 3, let_ = a instanceof B && 'x' in c;",
]


@pytest.mark.parametrize("script", ES3)
def test_what_browsers_have_read_since_1999_is_es3(script: str) -> None:
    """No word or sign of the third edition is taken for a newer one."""
    assert es3_error(script) == ""


CALLS = [
    ("Please donate today.", True),
    ("Donations are welcome", True),
    ("후원해 주세요", True),
    ("후원 계좌: 1002", True),
    ("support me on Patreon", True),
    ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", True),
    ("She had donated her coat.", False),
    ("그는 후원자를 만났다", False),
    ("the bcl text", False),
]


@pytest.mark.parametrize(("text", "is_call"), CALLS, ids=[case[0] for case in CALLS])
def test_calls_for_donations_are_told_from_stories(text: str, is_call: bool) -> None:
    """Whoever asks for money points at people; a gift in a story does not."""
    assert [one.kind for one in text_facts(text).mentions] == [MentionKind.DONATION] * is_call
