"""What `bundle.toml` may say, and how it is refused."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.config import definition
from packager.config.definition import Definition
from packager.errors import DefinitionError
from packager.model import Direction, Edition, Flow, LinkStyle, NameStyle
from packager.text.spelling import language_tag, plain_name, size_in_bytes

FULL = """\
title = { en = "A window", ko = "창" }
folder = "window"
languages = ["ko", "en"]
profile = "any"
fit = "500MB"
editions = ["site", "cbz"]
names = "titles"
prefix = "w4"
links = "print"

[words.ko]
next = "다음"

[[publication]]
source = "comics/escape"
id = "w401"
title = { en = "Escape" }
section = { en = "Comics" }
series = "Windows"
authors = ["Ju Ok"]
language = "ko"
flow = "strip"
direction = "rtl"
summary = "Out."
credit = "Drawn by Ju Ok."
cover = "cover.jpg"
priority = 2
"""


def make_bundle(folder: Path, toml: str) -> Path:
    """A bundle with one comic and the given definition."""
    (folder / "comics" / "escape").mkdir(parents=True)
    (folder / "comics" / "escape" / "cover.jpg").write_bytes(b"picture")
    (folder / "bundle.toml").write_text(toml, encoding="utf-8")
    return folder


def refusal(folder: Path, toml: str) -> str:
    """What is said of a definition that is refused."""
    with pytest.raises(DefinitionError) as caught:
        definition.load(make_bundle(folder, toml))
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_every_key_reaches_its_field(tmp_path: Path) -> None:
    """The whole format, read once."""
    loaded = definition.load(make_bundle(tmp_path / "x", FULL))
    assert loaded.title.forms == (("en", "A window"), ("ko", "창"))
    assert (loaded.name, loaded.languages, loaded.profile) == ("window", ("ko", "en"), "any")
    assert (loaded.fit_bytes, loaded.medium) == (500_000_000, "")
    assert loaded.editions == (Edition.SITE, Edition.CBZ)
    assert (loaded.names, loaded.prefix, loaded.links) == (NameStyle.TITLES, "w4", LinkStyle.PRINT)
    assert loaded.words == (("ko", (("next", "다음"),)),)
    assert loaded.publications is not None
    (comic,) = loaded.publications
    assert comic.source == loaded.folder / "comics" / "escape"
    assert comic.cover == comic.source / "cover.jpg"
    assert (comic.id, comic.language, comic.authors, comic.priority) == ("w401", "ko", ("Ju Ok",), 2)
    assert (comic.flow, comic.direction) == (Flow.STRIP, Direction.RTL)
    assert [text.in_language("en") for text in (comic.title, comic.section, comic.series)] == [
        "Escape",
        "Comics",
        "Windows",
    ]
    assert (comic.summary.in_language("ko"), comic.credit.in_language("ko")) == ("Out.", "Drawn by Ju Ok.")


def test_a_bare_folder_is_a_bundle_with_its_own_name(tmp_path: Path) -> None:
    """Without a definition everything is at its default."""
    folder = tmp_path / "Für Dich 창"
    folder.mkdir()
    loaded = definition.load(folder)
    assert loaded == Definition(folder=folder, name=loaded.name, title=loaded.title)
    assert loaded.title.in_language("ko") == "Für Dich 창"
    assert loaded.name.startswith("fur-dich-")


def test_the_file_itself_names_the_same_bundle(tmp_path: Path) -> None:
    """A folder and the file in it are one bundle."""
    folder = make_bundle(tmp_path / "x", 'title = "A"')
    assert definition.load(folder / "bundle.toml") == definition.load(folder)


def test_a_bundle_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A wrong path on the command line is not a traceback."""
    with pytest.raises(DefinitionError, match="no such bundle"):
        definition.load(tmp_path / "absent")


def test_a_comic_file_is_not_a_bundle(tmp_path: Path) -> None:
    """A file that is no TOML is not read as one."""
    (tmp_path / "a.cbz").write_bytes(b"PK")
    with pytest.raises(DefinitionError, match="Name a folder"):
        definition.load(tmp_path / "a.cbz")


def test_what_is_said_to_be_empty_differs_from_what_is_not_said(tmp_path: Path) -> None:
    """`credit = ""` means that no credit is wanted; a missing one leaves it to the files."""
    toml = '[[publication]]\nsource = "comics/escape"\ncredit = ""\n'
    loaded = definition.load(make_bundle(tmp_path / "x", toml))
    assert loaded.publications is not None
    assert loaded.publications[0].credit
    assert loaded.publications[0].credit.in_language("ko") == ""
    assert not loaded.publications[0].summary


def test_korean_typed_on_a_mac_is_composed(tmp_path: Path) -> None:
    """Decomposed letters would look right and be found by nobody."""
    toml = f'title = "{unicodedata.normalize("NFD", "창문")}"'
    assert definition.load(make_bundle(tmp_path / "x", toml)).title.in_language("ko") == "창문"


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends are not errors."""
    folder = make_bundle(tmp_path / "x", "")
    (folder / "bundle.toml").write_bytes('\ufefftitle = "A"\r\nprefix = "a"\r\n'.encode())
    assert definition.load(folder).prefix == "a"


PUBLICATION = '[[publication]]\nsource = "comics/escape"\n'

REFUSALS = {
    "an unknown key names the nearest": ('titel = "A"', "line 1: `titel` is not known here", "`title`"),
    "an unknown key of a publication names its line": (
        f'{PUBLICATION}\n{PUBLICATION}flows = "strip"',
        "line 6: `publication[2].flows`",
        "`flow`",
    ),
    "a wrong type": ('languages = "ko"', "line 1: `languages` must be a list", "a text"),
    "a wrong type in a list": ("languages = [1]", "line 1: `languages[1]`", "must be a text"),
    "a number as title": ("title = 3", "`title` must be a text", "{ en ="),
    "an empty title": ('title = ""', "`title` must not be empty", "line 1"),
    "an empty table of titles": ("title = {}", "`title` must be a text", "line 1"),
    "a boolean as priority": (f"{PUBLICATION}priority = true", "line 3: `publication[1].priority`", "true or false"),
    "priority zero": (f"{PUBLICATION}priority = 0", "from 1 up", "`publication[1].priority`"),
    "an unknown edition": ('editions = ["sight"]', "`editions[1]`", "`site`"),
    "no edition": ("editions = []", "names no edition", "`editions`"),
    "an unknown flow": (f'{PUBLICATION}flow = "stripe"', '"stripe" is not known', "`strip`"),
    "a malformed language": ('languages = ["korean"]', '"korean" is not a language tag', "`ko`"),
    "a country for a language": ('title = { kr = "창" }', '"kr" is the code of a country', "`ko`"),
    "a malformed language of a text": ('title = { korean = "A" }', "`title.korean`", "not a language tag"),
    "a size without a known unit": ('fit = "500 apples"', '"500 apples" is not a size', "`500MB`"),
    "a size of nothing": ('fit = "0MB"', "is not a size", "`fit`"),
    "a size without its unit": ("fit = 500", "500 bytes hold nothing", 'Write fit = "500MB".'),
    "a size that nothing fits": ('fit = "1KB"', "1000 bytes hold nothing", 'Write fit = "500MB".'),
    "two sizes": ('fit = "1GB"\nmedium = "usb-4gb"', "line 2: `medium`", "Keep one"),
    "an id with capitals": (f'{PUBLICATION}id = "W401"', '"W401" must be', "a-z"),
    "an id that is a folder of the tree": (f'{PUBLICATION}id = "phone"', '"phone" is a name', "Choose another"),
    "an id that Windows keeps": (f'{PUBLICATION}id = "con"', '"con" is a name', "Choose another"),
    "a folder with a slash": ('folder = "a/b"', "`folder`", "1 to 40 of a-z"),
    "the folder of our own files": ('folder = "keep"', '"keep" is a name', "Choose another"),
    "words that are no text": ("[words.ko]\nnext = 1", "line 2: `words.ko.next`", "must be a text"),
    "a publication without source": ('[[publication]]\nid = "a"', "line 1: `publication[1]` lacks `source`", ""),
    "one source twice": (PUBLICATION * 2, "line 4: `publication[2].source`", "of publication 1 too"),
    "a source that is not there": ('[[publication]]\nsource = "comics/escap"', "does not exist", "`escape`"),
    "a source above the bundle": ('[[publication]]\nsource = "comics/../../x"', "path inside the bundle", "line 2"),
    "an absolute source": ('[[publication]]\nsource = "/etc"', "path inside the bundle", "line 2"),
    "an empty source": ('[[publication]]\nsource = ""', "path inside the bundle", "line 2"),
    "a cover that is not there": (f'{PUBLICATION}cover = "covr.jpg"', "line 3: `publication[1].cover`", "not exist"),
    "a cover that is a work": (f'{PUBLICATION}cover = "comics/nope.jpg"', "does not exist", "`cover.jpg`"),
    "one author without a list": (f'{PUBLICATION}authors = "Ju Ok"', "must be a list", 'Write authors = ["Ju Ok"].'),
    "a choice as true": ("links = true", "must be a text in quotes", "Known: drop, print."),
    "curly quotation marks": ("\ntitle = “A”", "line 2: the quotation marks are curly", "straight"),
    "curly at one end": ('title = "A”\nprefix = "a"', "line 1: the quotation marks are curly", "straight"),
    "curly in a list": ('languages = ["ko" “en”]', "line 1: the quotation marks are curly", "straight"),
    "curly at the end of a list": ('languages = ["ko", "en"”', "line 1: the quotation marks are curly", "straight"),
    "one pair of brackets": ('[publication]\nsource = "comics/escape"', "line 1: `publication` is a list", "[[pub"),
    "one pair of brackets twice": ("[publication]\n" * 2, "line 2: `publication` stands here again", "[[publication]]"),
    "one pair of brackets, then two": ("[publication]\n[[publication]]", "line 2: `publication`", "[[publication]]"),
    "a bracket too few": ("\n[[publication]\n", "line 2: a bracket is missing", "Write [[publication]]."),
    "a header left open": ("[words.ko\n", "line 1: a bracket is missing", "Write [words.ko]."),
    "a list left open": ('languages = ["ko",\n"en"\nprefix = "a"', "line 1: a comma is missing, or the ]", "init"),
    "a list open to the end": ('\nlanguages = ["ko"', "line 2: a comma is missing, or the ]", "packager init"),
    "texts left open": ('title = { en = "A"\n', "line 1: a comma is missing, or the }", "packager init"),
    "yes for true": ("news = yes", "line 1", "write true and false, in small letters"),
    "a key of the bundle below a publication": (
        f"{PUBLICATION}news = true",
        "line 3",
        "above the first [[publication]]",
    ),
    "a text without quotes": ("title = A window", "line 1: a text has no quotation marks", 'title = "A window"'),
    "a path from Windows": ('[[publication]]\nsource = "comics\\my"', "line 2: a backslash", "comics/escape"),
    "no TOML": ("title = \nprefix = 3", "is not valid TOML", "line 1"),
    "a number of five thousand digits": (f"title = {'9' * 5000}", "is not valid TOML", ""),
}


@pytest.mark.parametrize(("toml", "said", "also"), REFUSALS.values(), ids=list(REFUSALS))
def test_a_refusal_says_where_and_what_next(tmp_path: Path, toml: str, said: str, also: str) -> None:
    """Every mistake is one message with file, line, key and a way on."""
    message = refusal(tmp_path / "x", toml)
    assert "bundle.toml" in message
    assert said in message
    assert also in message


def test_curly_marks_inside_a_text_are_letters(tmp_path: Path) -> None:
    """Only where a text begins or ends are they a slip."""
    assert "curly ones" not in refusal(tmp_path / "x", 'title = "The “old” sea" sea')
    assert definition.load(make_bundle(tmp_path / "y", 'title = "“Sea”"')).title.in_language("en") == "“Sea”"


def test_a_long_list_of_names_is_cut_short(tmp_path: Path) -> None:
    """A hint is a line, not a directory."""
    folder = tmp_path / "x"
    for number in range(100):
        (folder / "comics" / f"work-{number:03}").mkdir(parents=True)
    message = refusal(folder, '[[publication]]\nsource = "comics/????"')
    assert message.endswith("work-018 and more.")


def test_two_publications_with_one_id_are_refused(tmp_path: Path) -> None:
    """The message names both."""
    folder = tmp_path / "x"
    (folder / "comics" / "other").mkdir(parents=True)
    toml = '[[publication]]\nsource = "comics/escape"\nid = "a"\n[[publication]]\nsource = "comics/other"\nid = "a"\n'
    assert "line 6: `publication[2].id` is the id of publication 1 too" in refusal(folder, toml)


def test_a_link_out_of_the_bundle_is_no_source(tmp_path: Path) -> None:
    """What lies elsewhere does not get onto the stick by a link."""
    (tmp_path / "private").mkdir()
    folder = make_bundle(tmp_path / "x", '[[publication]]\nsource = "comics/linked"')
    (folder / "comics" / "linked").symlink_to(tmp_path / "private", target_is_directory=True)
    with pytest.raises(DefinitionError, match="leads out of the bundle"):
        definition.load(folder)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A definition in an old Korean encoding is named as what it is."""
    folder = make_bundle(tmp_path / "x", "")
    (folder / "bundle.toml").write_bytes('title = "겨울 창문"'.encode("cp949"))
    with pytest.raises(DefinitionError, match="not UTF-8"):
        definition.load(folder)


@pytest.mark.parametrize(
    ("size", "count"),
    [
        ("500MB", 500_000_000),
        ("500 mb", 500_000_000),
        ("1.5GiB", 3 << 29),
        ("64KiB", 65_536),
        ("700", 700),
        ("700 B", 700),
        ("4 GB", 4_000_000_000),
        ("0.1 GB", 100_000_000),
        ("", None),
        ("MB", None),
        ("-5MB", None),
        ("5MBit", None),
        ("1e3", None),
        ("٥MB", None),
    ],
)
def test_sizes_are_decimal_unless_they_say_binary(size: str, count: int | None) -> None:
    """A stick's maker and the organizer mean the same megabyte."""
    assert size_in_bytes(size) == count


@pytest.mark.parametrize(
    ("tag", "normal"),
    [
        ("ko", "ko"),
        ("KO-kr", "ko-KR"),
        ("zh-hant", "zh-Hant"),
        ("zh_Hant_TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("jpn", "ja"),
        ("zho-hant", "zh-Hant"),
        ("fil", "fil"),
        ("sr-latn-ekavsk", "sr-Latn-ekavsk"),
        ("de-1996", "de-1996"),
        ("zh-Leaf-CN", "zh-CN"),
        ("ko-danbi", "ko"),
        ("korean", ""),
        ("k", ""),
        ("ko-", ""),
        ("ko kr", ""),
        ("../x", ""),
        ("", ""),
    ],
)
def test_language_tags_are_written_in_one_way(tag: str, normal: str) -> None:
    """What is not well-formed is no tag; scripts and variants that nobody has registered may be words."""
    assert language_tag(tag) == normal


@given(st.text(max_size=60))
def test_any_text_becomes_a_name_that_every_file_system_holds(text: str) -> None:
    """Names are ASCII, short, and neither begin nor end in a sign."""
    name = plain_name(text, longest=20)
    assert len(name) <= 20
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert name == name.strip("-_")


@pytest.mark.parametrize(
    ("folder", "name"), [("창", "chang"), ("***", "bundle"), ("CON", "bundle-con"), ("Keep", "bundle-keep")]
)
def test_the_tree_is_called_after_the_folder(tmp_path: Path, folder: str, name: str) -> None:
    """Whatever the folder is called, the tree's name can be written on any medium."""
    (tmp_path / folder).mkdir()
    assert definition.load(tmp_path / folder).name == name
