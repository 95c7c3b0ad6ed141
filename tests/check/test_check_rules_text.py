"""What a text tells: mentions with their lines, letters that nobody sees, words in any form of bytes."""

from __future__ import annotations

import base64
import io
import random
import time
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pypdfium2 as pdfium
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from packager.check.markup import document_text_problems, text_problems
from packager.check.styles import style_facts
from packager.check.words import Coding, find_words, word_search
from packager.check.words.readings import TextKind, readings
from tests.helpers.clean_tree import after_header, data_uri, document, drawn, drawn_as, image, jpeg, segment
from tests.helpers.containers import CONTAINER, clean_book
from tests.helpers.generated_trees import generated_tree

WORD = "Danbi Kim"
SOUGHT = word_search([WORD, "단비"], ["builder7", "me"])

LONG = 400_000  # letters
MOST_PROCESSOR_S = 10


def processor_s(work: Callable[[], object]) -> float:
    """What `work` takes of the processor, which other programs do not lengthen."""
    before = time.process_time()
    work()
    return time.process_time() - before


def found(data: bytes) -> set[tuple[str, str]]:
    return {(one.word, one.coding) for one in find_words(data, SOUGHT)}


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from([str.lower, str.upper, str.title]))
def test_a_word_in_base64_is_found_wherever_it_begins(before: bytes, after: bytes, case: object) -> None:
    """Four letters stand for three bytes, so that a word can begin in three ways."""
    word = case(WORD)  # type: ignore[operator]
    coded = base64.b64encode(before + word.encode() + after)
    assert (WORD, Coding.BASE64) in found(b"a text: " + coded)
    assert (WORD, Coding.BASE64) in found(b"a text: " + base64.urlsafe_b64encode(before + word.encode() + after))


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("word", [WORD, WORD.upper(), "단비"])
def test_a_word_in_utf16_is_found(word: str, codec: str) -> None:
    """In either order of bytes, with a mark or without."""
    assert {coding for _, coding in found(f"see {word}.".encode(codec))} == {Coding.UTF16}


def with_comment(comment: bytes) -> bytes:
    return after_header(jpeg(), segment(0xFE, comment))


def png_with(name: bytes, body: bytes) -> bytes:
    """A PNG with one chunk more."""
    plain = drawn_as("PNG")
    chunk = len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
    return plain[:33] + chunk + plain[33:]


# (where a word hides, the bytes)
HIDDEN = [
    ("a text", f"by {WORD.lower()}".encode()),
    ("a document", document(f"<p>{WORD}</p>")),
    ("a comment of a document", document(f"<!-- {WORD} -->")),
    ("a comment of a picture", with_comment(WORD.encode())),
    ("a picture in a document", document(image(data_uri(with_comment(WORD.encode()))))),
    ("behind a GIF", drawn_as("GIF") + WORD.encode()),
    ("the palette of a GIF", drawn_as("GIF")[:20] + WORD.encode() + drawn_as("GIF")[29:]),
    ("a comment of a GIF", drawn_as("GIF")[:-1] + b"\x21\xfe\x03Dan\x06bi Kim\0;"),
    ("a packed text of a PNG", png_with(b"zTXt", b"Title\0\0" + zlib.compress(WORD.encode()))),
    ("another packed text of a PNG", png_with(b"iTXt", b"Title\0\1\0\0\0" + zlib.compress(WORD.encode()))),
    ("behind a picture", jpeg() + WORD.encode()),
    ("behind a PNG", drawn_as("PNG") + WORD.encode()),
    ("a broken picture", b"\xff\xd8\xff" + WORD.encode()),
    ("what is of no known kind", b"\0\1\2" + WORD.encode()),
]


@pytest.mark.parametrize("data", [case[1] for case in HIDDEN], ids=[case[0] for case in HIDDEN])
def test_a_word_is_found_wherever_it_hides(data: bytes) -> None:
    """In what is read and in what is not."""
    assert (WORD, Coding.TEXT) in found(data)


KIM = word_search([], ["kimdanbi"])
TEXTS_OF_PICTURES = {
    "a text of a PNG": lambda name: png_with(b"tEXt", b"Author\0" + name),
    "a packed text of a PNG": lambda name: png_with(b"zTXt", b"Author\0\0" + zlib.compress(name)),
    "a text of a PNG in Unicode": lambda name: png_with(b"iTXt", b"Author\0\0\0\0\0" + name),
    "a chunk of a PNG": lambda name: png_with(b"prVt", name),
    "a comment of a JPEG": with_comment,
    "a long comment of a JPEG": lambda name: with_comment(name + b"." * 60 + name),
    "a comment of a GIF": lambda name: drawn_as("GIF")[:-1] + b"\x21\xfe" + bytes((len(name),)) + name + b"\0;",
}


@pytest.mark.parametrize("make", TEXTS_OF_PICTURES.values(), ids=TEXTS_OF_PICTURES)
def test_a_name_is_whole_at_the_ends_of_a_text_in_a_picture(make: Callable[[bytes], bytes]) -> None:
    """What stands before and behind the text in the file is no part of it; other letters of the text are."""
    assert [one.word for one in find_words(make(b"kimdanbi"), KIM)] == ["kimdanbi"]
    assert find_words(make(b"akimdanbis"), KIM) == ()


def test_a_name_at_the_beginning_of_a_long_comment_is_whole() -> None:
    """Its length looks like a letter."""
    for length in range(40, 130):
        assert [one.word for one in find_words(with_comment(b"kimdanbi".ljust(length, b".")), KIM)] == ["kimdanbi"]


XML = '<?xml version="1.0"?>'
# What readers see as "Danbi Kim", or as "단비", however it is written.
SHOWN = {
    "entities": "<p>D&#97;nbi&nbsp;Kim</p>",
    "entities of XML": f"{XML}<ComicInfo><Writer>D&#x61;nbi Kim</Writer></ComicInfo>",
    "entities of its own": f'{XML}<!DOCTYPE a [<!ENTITY a "Dan"><!ENTITY b "&a;bi">]><a>&b; Kim</a>',
    "CDATA": f"{XML}<ComicInfo><Writer>Dan<![CDATA[bi Kim]]></Writer></ComicInfo>",
    "tags in a word": "<p>Dan<b title='a > b'>bi</b> <a href=x>K</a>im</p>",
    "tags with a prefix": "<h:p>Dan<h:em>bi</h:em> Kim</h:p>",
    "tags in a drawing": "<svg><text>Dan<tspan>bi</tspan> Kim</text></svg>",
    "comments in a word": "<p>Dan<!-- a > b -->bi<!--> K<!---->im</p>",
    "a place to break": "Dan<wbr>bi Kim",
    "soft hyphens": "Dan&shy;bi K\u00adim",
    "letters without width": "Da\u200bn\u2060b\ufeffi Kim",
    "full width": "Ｄａｎｂｉ\u3000Ｋｉｍ",
    "letters of mathematics": "𝐃𝐚𝐧𝐛𝐢 𝐊𝐢𝐦",
    "letters of Cyrillic": "D\u0430nb\u0456 Kim",
    "accents": "Dánb\u0323i K\u0332i\u0332m",
    "spaces and line ends": "Danbi \r\n\t Kim",
    "a break of the line": "<p>Danbi<br>Kim</p>",
    "percent codes": '<a href="%44anbi%20Kim.html">a</a>',
    "escapes of a script": r"<script>var a = '\u0044\x61n\142i K\u{69}m'</script>",
    "strings put together": "<script>var a = 'Dan' + \"bi Kim\"</script>",
    "escapes of a style": r"<style>p:after { content: '\44 anb\000069  Kim' }</style>",
    "escapes of a style that is an attribute": "<p style=\"content: '&#92;44 anbi Kim'\">a</p>",
    "a document in an attribute": '<iframe srcdoc="D&amp;#97;nbi Kim"></iframe>',
    "a text in place of a picture": '<img alt="D&aacute;nbi\nKim">',
    "Korean": "<p>단<i>비</i></p>",
    "Korean in entities": "&#45800;&#xBE44;",
    "Korean with readings": "<ruby>단<rt>dan</rt>비<rt>bi</rt></ruby>",
}


@pytest.mark.parametrize("source", SHOWN.values(), ids=SHOWN)
def test_a_word_is_found_where_readers_see_it(source: str) -> None:
    """However its letters are written, in documents and as plain text."""
    for data in (f"<html>{source}</html>", source, f"a\n{source}\nb"):
        assert [(one.word, one.coding) for one in find_words(data.encode(), SOUGHT)] in (
            [(WORD, Coding.READ)],
            [("단비", Coding.READ)],
        )


# What browsers parse otherwise than one who looks at tags alone.
PARSED = {
    "a tag in a title": "<title>a <style> b</title><p>Dan<b>bi</b> Kim",
    "a comment in a title": "<title>a <!-- b</title><p>Dan<b>bi</b> Kim",
    "a script in a title": "<title>a <script> b</title><p>Dan<b>bi</b> Kim",
    "a tag in a field": "<textarea><script></textarea>Dan<b>bi</b> Kim",
    "a comment in a field": "<textarea><!--</textarea>Dan<b>bi</b> Kim",
    "a comment in old code": "<xmp><!--</xmp>Dan<b>bi</b> Kim",
    "a comment in a script": "<script>a = '<!--'</script>Dan<b>bi</b> Kim",
    "a title in a comment": "<!-- <title> --><title>a <style> b</title>Dan<b>bi</b> Kim",
    "a comment before XHTML": f"{XML}<!--{'a b ' * 1300}--><html><p>Dan<b>bi</b> Kim</p></html>",
    "a script of XHTML without content": f"{XML}<html><script src='a.js'/><p>Dan<b>bi</b> Kim</p></html>",
    "tags in a document in an attribute": "<iframe srcdoc='<p>Dan<b>bi</b> Kim</p>'></iframe>",
    "documents in one another": "<iframe srcdoc='<a href=\"data:text/html,Dan<b>bi</b> Kim\">'></iframe>",
    "a document in an address": "<iframe src='data:text/html,<p>Dan<b>bi</b> Kim</p>'></iframe>",
    "a document in codes in an address": "<iframe src='data:text/html,%3Cp%3EDan%3Cb%3Ebi%3C/b%3E%20Kim'></iframe>",
    "a document in base64": f"<iframe src='data:text/html;base64,{base64.b64encode(b'Dan<b>bi</b> Kim').decode()}'>",
    "a document in lines of base64": "<iframe src='data:text/html;base64,\n{}'>".format(
        base64.encodebytes(b"<p>a long text before it, as long as a line of base64 is</p>Dan<b>bi</b> Kim").decode()
    ),
    "codes of codes": "<a href='%2544anbi%2520Kim.html'>a</a>",
    "a comment between strings": "<script>a = 'Dan' /* x */ + // y\n'bi Kim'</script>",
    "a comment between strings of a style": '<style>p:after { content: "Dan"/**/"bi Kim" }</style>',
    "strings of a style beside each other": "<p style=\"content: 'Dan''bi Kim'\">a</p>",
}


@pytest.mark.parametrize("source", PARSED.values(), ids=PARSED)
def test_a_word_is_found_where_a_browser_shows_it(source: str) -> None:
    """Whatever stands before it, in the document or in the attributes of its elements."""
    start = "" if source.startswith("<?xml") else "<!doctype html>"
    assert [(one.word, one.coding) for one in find_words(f"{start}{source}".encode(), SOUGHT)] == [(WORD, Coding.READ)]


def test_strings_are_put_together_in_scripts_and_styles_alone() -> None:
    """In a story they are words that stand apart."""
    for text in ("'dan' 'bi kim'", '"dan" + "bi kim"', "<p>'dan' 'bi kim'</p>", '<p title=\'a\'>"dan" + "bi kim"</p>'):
        assert found(f"a {text} b".encode()) == set()
    for name in ("a.js", "a.css"):
        assert [one.word for one in find_words(b"a: 'dan' + 'bi kim'", SOUGHT, name)] == [WORD]


LINES = ["안녕 단\n비가", "단\r\n  비", "Dan-\nbi Kim", "Dan\u2010\r\nbi\nKim"]


@pytest.mark.parametrize("text", LINES)
def test_a_word_that_goes_on_in_the_next_line_is_found(text: str) -> None:
    """As texts have it that are broken into lines."""
    assert len(found(text.encode())) == 1


# (words that are sought, where they stand, where they do not)
WHOLE = [
    ("Öl", ["das Öl.", "<p>O\u0308L</p>", "<img alt='ÖL'>"], ["old", "Ol", "<p>Öle</p>"]),
    ("Möwe", ["Möwen", "MÖWE"], ["Mowe"]),
    ("Мой", ["мой дом"], ["мои дома", "самой"]),
    (
        "Li",
        ["by Li.", "<li>LI</li>", "Li는", "<img alt='Li'>", "l&#105;"],
        ["<li>a</li>", "like", "<style>li { }</style>", "Al"],
    ),
    ("Bo", ["Bo's", "Bo_"], ["<body>book", "<!-- a --><p id=bo>a"]),
    ("Ali", ["ALI 7", "d'Ali"], ["<p style='text-align: left'>", "<p>quality</p>"]),
    ("김", ["김단비"], ["기 ㅁ"]),
    ("Danbi", ["D\u00e1nbi", "xdanbix"], ["Dan bi"]),
    ("Müllerson", ["Mullerson"], ["Mulerson"]),
]


@pytest.mark.parametrize(("word", "texts", "others"), WHOLE, ids=[case[0] for case in WHOLE])
def test_short_words_are_sought_as_they_are(word: str, texts: list[str], others: list[str]) -> None:
    """Whole, in what is shown, and with their marks; of longer ones every part of a word is one."""
    sought = word_search([word], [])
    for text in (*texts, *others):
        for data in (f"a {text} b".encode(), document(text)):
            assert bool(find_words(data, sought)) == (text in texts), data


LEGACY = {
    "단비에게": ("cp949", "johab", "iso2022_kr"),
    "Марина": ("cp1251", "koi8_r", "cp866", "iso8859_5"),
    "山田太郎": ("cp932", "euc_jp", "iso2022_jp", "gb18030", "big5"),
    "مريمة": ("cp1256", "iso8859_6"),
}


@pytest.mark.parametrize(("word", "codec"), [(word, codec) for word, codecs in LEGACY.items() for codec in codecs])
def test_a_word_in_another_encoding_is_found_in_a_picture(word: str, codec: str) -> None:
    """As programs of the time wrote comments and artists."""
    exif = Image.Exif()
    exif[0x013B] = f"by {word}".encode(codec)
    drawn().save(file := io.BytesIO(), "JPEG", exif=exif)
    sought = word_search([word], [])
    for data in (
        with_comment(f"by {word}".encode(codec)),
        png_with(b"tEXt", b"Author\0" + word.encode(codec)),
        file.getvalue(),
    ):
        assert [(one.word, one.coding) for one in find_words(data, sought)] == [(word, Coding.READ)]


PACKET = b"<x:xmpmeta><rdf:li>D&#97;nbi Kim</rdf:li></x:xmpmeta>"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_word_is_found_in_the_metadata_of_a_picture(kind: str) -> None:
    """As programs show it."""
    file = io.BytesIO()
    drawn().save(file, kind, xmp=PACKET)
    data = file.getvalue() if PACKET in file.getvalue() else drawn_as(kind) + PACKET
    assert found(data) == {(WORD, Coding.READ)}


@pytest.mark.parametrize("codec", ["cp949", "iso2022_kr", "utf-16", "gb18030"])
def test_a_word_is_found_in_other_encodings(codec: str) -> None:
    """As browsers guess them, or are told them."""
    for source in ("<!doctype html><p>단<b>비</b>", "안녕 단&shy;비\n"):
        assert ("단비", Coding.READ) in found(source.encode(codec, errors="ignore"))


APART = [
    "<p>Dan</p><p>bi Kim</p>",
    "<td>Dan</td><td>bi Kim</td>",
    "Dan<br>bi Kim",
    "<li>Dan<li>bi Kim",
    f"{XML}<ComicInfo><Writer>Dan</Writer><Editor>bi Kim</Editor></ComicInfo>",
    "Dan bi Kim",
    "<p>단</p><p>비</p>",
    "단빈, 단 비",
]


@pytest.mark.parametrize("source", APART)
def test_words_that_stand_apart_are_no_word(source: str) -> None:
    """Blocks, cells, lines and fields are not put together."""
    assert found(f"{source}\n".encode()) == set()


def read_letters(source: str) -> int:
    return sum(len(text) for text, _ in readings(source, TextKind.DOCUMENT))


@given(st.text())
@example("<!ENTITY a '&b;&b;'><!ENTITY b '&a;&a;'>&a;" * 50)
@example("<a " + "='" * 4000)
def test_any_text_is_seen_to_its_end(source: str) -> None:
    """No text stops the search, and none grows without measure."""
    assert read_letters(source) <= 60 * len(source)


@pytest.mark.slow
@pytest.mark.parametrize(
    "begun", ["<", "<a ='", "<!-- ", "&#x4", "&b;", "%4", "=4", "\\", "\\u00", "+A", "<!ENTITY a '&b;", " "]
)
def test_what_begins_again_and_again_is_searched_in_proportion_to_its_length(begun: str) -> None:
    """Whatever would look for the end of each takes a minute."""
    assert processor_s(lambda: read_letters(begun * (LONG // len(begun)))) < MOST_PROCESSOR_S


def test_the_codes_of_pictures_hold_no_words() -> None:
    """A short word comes up by chance among a million codes, and means nothing there."""
    noise = Image.frombytes("RGB", (900, 900), random.Random(5).randbytes(3 * 900 * 900))
    short = word_search([f"{a}{b}" for a in "xkz" for b in "qjw"], [])
    for kind in ("JPEG", "PNG"):
        file = io.BytesIO()
        noise.save(file, kind)
        assert find_words(file.getvalue(), short) == ()
        assert find_words(document(image(data_uri(file.getvalue(), f"image/{kind.lower()}"))), short) == ()


# What computers are called that tell of nobody: users and hosts, homes, and what they write into every book and PDF.
ROOT = "/" + "root"
HOMES = [ROOT, "/home/a", "/home/user", "/Users/user", "/github/home", "C:\\Users\\user", "/", ""]
NAMES = ["root", "a", "user", "admin", "runner", "localhost", "debian", "pc", "Administrator", "DESKTOP"]
PLAIN = {
    "the container of a book": CONTAINER,
    "a document with an element of its own": b"<?xml version='1.0'?><root><home/><users/></root>\n",
    "a style of the root": b":root { color: red } /* the user's, not an admin's */\n",
    "an address": f"https://example.org{ROOT}/a and ..{ROOT}/b, /{ROOT}/c, a{ROOT}, href='x/home/about'\n".encode(),
    "a PDF": b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\ntrailer\n<</Root 1 0 R/Size 3>>\n",
    "a story": b"An admin met the runner; the user of /home/about had Debian on localhost. /Roots, /rooted.\n",
    "in UTF-16": "</rootfiles> /roots".encode("utf-16-le"),
    "in base64": b"see " + base64.b64encode(b"<rootfiles></rootfiles> /rooting"),
}


@pytest.mark.parametrize("data", PLAIN.values(), ids=PLAIN)
def test_words_of_a_format_and_of_every_computer_are_no_traces(data: bytes) -> None:
    """A container builds as root, a runner is called runner."""
    assert find_words(data, word_search([], [*HOMES, *NAMES])) == ()


def test_generated_trees_and_books_hold_no_trace_of_everybodys_computer() -> None:
    """Files, members of archives, and PDFs as libraries write them."""
    sought = word_search([], [*HOMES, *NAMES])
    document = pdfium.PdfDocument.new()
    document.new_page(300, 400)
    document.save(pdf := io.BytesIO())
    files = [pdf.getvalue(), *clean_book().values()]
    for number in range(200):
        files += generated_tree(number).values()
    assert [find_words(data, sought) for data in files if find_words(data, sought)] == []


# (what this computer has of its own, where it stands)
LEAKS = [
    (ROOT, f"made in {ROOT}/comics/x"),
    (ROOT, f"file://{ROOT}/comics/x"),
    ("/root", "of %2Froot%2Fcomics"),
    ("/root", '{"path":"\\/root\\/comics"}'),
    ("/home/alice", "/home/alice"),
    ("/home/alice", "of /HOME/ALICE/x"),
    ("/home/alice", "in index.html?from=/home/alice/x"),
    ("/home/alice", "/mnt/home/alice/x"),
    ("/home/alice", "in /home/alice에서"),
    ("/home/a", "<p>/home/a/comics</p>"),
    ("/home/김 단비", f"file:///home/{quote('김 단비')}/x"),
    ("C:\\Users\\user", "C:\\Users\\user\\Desktop"),
    ("C:\\Users\\user", "c:/users/User/desktop"),
    ("C:\\Users\\user", "'C:\\\\Users\\\\user\\\\Desktop'"),
    ("alice", "in /home/alice/x"),
    ("alice", "'C:\\\\Users\\\\alice\\\\Desktop'"),
    ("alice", "alice@station7:~$"),
    ("alice", "kim@alice:~$"),
    ("alice", "\\\\alice\\comics"),
    ("alice", "http://alice:8000/"),
    ("alice", "on alice.local"),
    ("alice", "<dc:creator id='a'>alice</dc:creator>"),
    ("alice", '<meta name="author" content="alice">'),
    ("alicekim1", "by alicekim1."),
    ("alicekim1", "alicekim1_backup"),
    ("aliceinwonderland", "by aliceinwonderland."),
    ("김단비의 컴퓨터", quote("김단비의 컴퓨터")),
    ("alice-laptop", "on ALICE-LAPTOP"),
    ("builder7", "made by builder7"),
    ("2026-11-30", "2026-11-30T10:00:00Z"),
]


@pytest.mark.parametrize(("trace", "text"), LEAKS)
def test_a_trace_is_found_where_it_is_whole(trace: str, text: str) -> None:
    """As text, in UTF-16, and in base64 wherever it begins."""
    sought = word_search([], [trace])
    assert [one.coding for one in find_words(f"a {text} b".encode(), sought)] == [Coding.TEXT]
    if trace in text:
        for codec in ("utf-16-le", "utf-16-be"):
            assert Coding.UTF16 in {one.coding for one in find_words(b"\0\0" + f"a {text} b".encode(codec), sought)}
        for before in ("", "a", "ab"):
            coded = base64.b64encode(f"{before} {text} b".encode())
            assert Coding.BASE64 in {one.coding for one in find_words(b"a text: " + coded, sought)}


# Words of any text, of a format or of an address on the web, though a computer is called so.
ORDINARY = [
    ("river", "by the river. river_bank, river-side, -river; saved by grace@, a river: //river, example.org/river/"),
    ("index", "<a class=index href=index.html>a.index</a> index: 1; user=1, page/index/1"),
    ("style", "<style>a { color: red }</style><p style='color:red' class=\"author style\">"),
    ("title", "<title>a</title><meta name='author' title='title'> title"),
    ("/root", "log in, and see /root."),
    ("/home/user", "https://example.org/home/user/page, example.org/home/user/page"),
    ("/home/user", "//www.example.org:80/x/home/user"),
]


@pytest.mark.parametrize(("trace", "text"), ORDINARY)
def test_a_word_that_computers_are_called_by_is_no_trace_in_a_text(trace: str, text: str) -> None:
    """In no coding; in what programs write into pictures it is one."""
    coded = base64.b64encode(f"a {text} b".encode())
    for data in (f"a {text} b".encode(), text.encode("utf-16"), b"a text: " + coded):
        assert find_words(data, word_search([], [trace])) == ()
    if trace != "/home/user":
        assert [one.word for one in find_words(with_comment(f"by {trace}".encode()), word_search([], [trace]))] == [
            trace
        ]


@pytest.mark.parametrize("name", ["stream", "image", "Width", "Pages", "river", "/Root", "/Pages", "/Type", "/River"])
def test_words_of_a_pdf_are_no_traces(name: str) -> None:
    """But what it says of its maker is one."""
    source = (
        b"%%PDF-1.4\n1 0 obj\n<<\n/Type/Catalog\n/Pages 2 0 R /Width 3 /Subtype /Image\n>>\nstream\n"
        b"BT (the river, an image) Tj ET\nendstream\n<</Root 1 0 R /Author (%s)>>\n"
    )
    assert find_words(source % b"Kim", word_search([], [name])) == ()
    assert find_words(source % b"a \\(b\\)", word_search([], [name])) == ()
    assert [one.word for one in find_words(source % name.encode(), word_search([], [name]))] == [name]


def test_the_home_of_a_computer_is_found_in_the_strings_of_a_pdf() -> None:
    """Literal, with codes of letters, and as numbers."""
    home, utf16 = b"/home/alice", "\ufeff/home/alice/x".encode("utf-16-be").hex().encode()
    for string in (b"(%s/x)" % home, b"(\\057home\\057a\\154ice)", b"<%s>" % home.hex().encode(), b"<%s>" % utf16):
        assert find_words(b"%%PDF-1.4\n<</URI %s>>" % string, word_search([], ["/home/alice"])) != ()


def test_names_in_xmp_are_found_in_its_values_alone() -> None:
    """Its own words are no names, and who has written it is one."""
    packet = b"<x:xmpmeta><dc:creator xmp:CreatorTool='station'>river</dc:creator><dc:title/></x:xmpmeta>"
    file = io.BytesIO()
    drawn().save(file, "JPEG", xmp=packet)
    names = ["river", "station", "creator", "title", "CreatorTool"]
    assert [one.word for one in find_words(file.getvalue(), word_search([], names))] == ["river", "station"]


def test_the_date_that_a_book_must_have_is_no_trace() -> None:
    """Another one is."""
    day, sought = b"2026-11-30", word_search([], ["2026-11-30"])
    told_in = b'<?xml version="1.0"?><package><meta property="dcterms:modified">%sT00:00:00Z</meta>%s</package>'
    assert find_words(told_in % (day, b""), sought) == ()
    assert len(find_words(told_in % (day, b"<!-- %s -->" % day), sought)) == 1


BROKEN_UP = [
    "".join(f"&#{ord(letter)};" for letter in "builder7"),
    base64.encodebytes(b"a long text before it, of some sixty letters in all: by builder7").decode(),
    base64.encodebytes(b"builder7 " * 30).decode().replace("\n", "\r\n\t"),
]


@pytest.mark.parametrize("text", BROKEN_UP)
def test_a_trace_is_found_in_entities_and_lines_of_base64(text: str) -> None:
    """As mail and XML have them."""
    assert [one.word for one in find_words(f"a\n{text}\nb".encode(), SOUGHT)] == ["builder7"]


NO_LEAKS = [
    ("/root", "/rooted"),
    ("alice", "malice"),
    ("alice", "Alice"),
    ("/home/al", "/home/alice"),
    ("pcbox7", "pcbox71"),
]


@pytest.mark.parametrize(("trace", "text"), NO_LEAKS)
def test_a_part_of_another_word_is_no_trace(trace: str, text: str) -> None:
    """In no coding."""
    coded = base64.b64encode(f"a {text} b".encode())
    for data in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), b"a text: " + coded):
        assert find_words(data, word_search([], [trace])) == ()


def test_short_names_of_computers_are_not_looked_for() -> None:
    """A user called `me` would be found in every text."""
    assert found(b"me and builder7") == {("builder7", Coding.TEXT)}


@given(st.binary())
@example(b"<html>data:image/png;base64,===")
@example(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff")
def test_no_bytes_stop_the_search(data: bytes) -> None:
    """Whatever is searched, an answer comes."""
    find_words(data, SOUGHT)


def test_mentions_in_a_document_have_the_lines_of_its_source() -> None:
    """What readers see, texts in place of pictures among it; not what a comment, a style or an address holds."""
    source = (
        "<p>see <b>exam</b>ple.org</p>\n<!-- a.org\n-->\n<style>\n@media a.org</style><p>write to\na@b.org</p>\n"
        '<img src="www.c.org/x"\nalt="@danbi"> 010&#45;1234-5678'
    )
    assert document_text_problems(source) == (
        ("P401", "it shows example.org", 1),
        ("P402", "it shows a@b.org", 6),
        ("P403", "it shows @danbi", 7),
        ("P404", "it shows 010-1234-5678", 8),
    )


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
    told = [(code, message) for code, message, _ in text_problems(text)]
    assert told == [("P201", f"it holds a {name}") for name in names]


def test_what_nobody_sees_is_told_with_its_line() -> None:
    """So that an editor can go there."""
    assert [line for *_, line in text_problems("a\n\nb\u200b\nc\u2060\u2061")] == [3, 4, 4]


STYLES = {
    "an import between comments that look like a picture's address": (
        """/*url("data:*/@import 'x.css';p{width:expression(alert(1))}/*;base64,xx")*/""",
        ("@import", "expression()", "alert()"),
    ),
    "an address behind a string that looks like a comment": ("p{content:'/*'} q{background:url(//x.example)}", ()),
    "a function that takes an address as a string": ("p{background:image-set('x')}", ("image-set()",)),
    "a property that runs code": ("p{behavior:url(x)}", ("behavior",)),
    "letters written as codes": (r"p{b\65havior:url(x)}", ("\\", "behavior")),
    "a string that does not end": ("p{content:'a\nb}", ("a string or an address that does not end",)),
    "an address in the tree": ("p{background:url(a.jpg);display:grid}", ()),
    "a bracket that nothing opens": ("p{color:red)}", ("what browsers read in different ways",)),
    "CSS 2.1": ("p{font:12px/1.5 'a b',serif;position:relative;counter-reset:a 1!important}", ()),
    "brackets without end": ("(" * 400_000, ("more than 100 brackets in one another",)),
    "rules in rules without end": ("p{" * 200_000, ("more than 100 brackets in one another",)),
    "a number that no parser reads": ("p{margin:" + "1" * 5_000 + "px}", ("a number of more than 100 digits",)),
    "more than anybody writes": ("a" * 600_000, ("600,000 letters, too many to read",)),
}


@pytest.mark.parametrize(("style", "forbidden"), STYLES.values(), ids=list(STYLES))
def test_a_style_of_others_is_read_as_browsers_read_it(style: str, forbidden: tuple[str, ...]) -> None:
    """Nothing hides in it behind comments, strings or brackets."""
    facts = style_facts(style)
    assert facts.forbidden == forbidden
    assert bool(facts.addresses) == ("url(" in style and "data:" not in style)


def read_whole(source: str) -> None:
    """As a document, and as a style."""
    document_text_problems(source)
    style_facts(source)


@given(st.text())
@example("<")
@example("url(")
def test_any_source_is_read_to_its_end(source: str) -> None:
    """No text stops the reading."""
    read_whole(source)


@pytest.mark.slow
@pytest.mark.parametrize("begun", ["<", "<a ", "<!-- ", "<script> ", "&#", "url(", "/* ", "a('", "{ ", "\\", " "])
def test_what_begins_again_and_again_is_read_in_proportion_to_its_length(begun: str) -> None:
    """Whatever would look for the end of each takes a minute."""
    assert processor_s(lambda: read_whole(begun * (LONG // len(begun)))) < MOST_PROCESSOR_S


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
    assert [code for code, *_ in text_problems(text)] == ["P405"] * is_call
