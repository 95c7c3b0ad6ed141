"""What a bundle's files become: publications, their ids and languages, and one outcome for every file."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from PIL import Image

from packager.errors import DefinitionError, SourceError
from packager.model import Article, Comic, Outcome, Picture
from packager.model.blocks import figures
from packager.output import manifest
from packager.readers.publications import paragraphs
from packager.sandbox.pool import Workers
from tests.helpers.builders import contents, make_bundle, make_comic, make_picture, write
from tests.helpers.reading import (
    article_of,
    comic_of,
    make_archive,
    make_files,
    messages,
    only_version,
    outcomes,
    read_bundle,
)

TEXT = "The boat is on the lake and it is small.\n\nIt was the blue of the sky that they had come for.\n"


def refusal(folder: Path, workers: Workers) -> str:
    """What is said of a bundle whose sources cannot be read."""
    with pytest.raises(SourceError) as caught:
        read_bundle(folder, workers)
    assert caught.value.exit_code == 4
    return str(caught.value)


def titles(folder: Path, workers: Workers) -> list[str]:
    """The titles of what is read, in order."""
    return [publication.versions[0].title for publication in read_bundle(folder, workers).publications]


# What is found


def test_comics_come_first_then_articles_in_natural_order(tmp_path: Path, workers: Workers) -> None:
    """With nothing listed everything in both folders is taken."""
    make_files(tmp_path, {f"comics/{name}/1.png": "" for name in ("ten 10", "ten 9")})
    make_archive(tmp_path / "comics" / "ten 11.cbz", {"1.png": ""})
    make_files(tmp_path, {"articles/b.md": TEXT, "articles/a.txt": f"a\n\n{TEXT}", "articles/deep/c.md": TEXT})
    assert titles(tmp_path, workers) == ["ten 9", "ten 10", "ten 11", "a", "b", "c"]


def test_a_bare_folder_gives_comics_and_articles_as_they_lie(tmp_path: Path, workers: Workers) -> None:
    """Folders with pictures and archives are comics, texts are articles."""
    make_files(tmp_path, {"escape/1.png": "", "note.txt": f"note\n\n{TEXT}", "texts/deep.md": TEXT})
    make_archive(tmp_path / "more.cbz", {"1.png": ""})
    assert titles(tmp_path, workers) == ["escape", "more", "note", "deep"]


def test_a_bare_folder_of_pictures_is_one_comic(tmp_path: Path, workers: Workers) -> None:
    """It is called after the folder."""
    make_comic(tmp_path / "My_Comic")
    assert titles(tmp_path / "My_Comic", workers) == ["My Comic"]


def test_a_bare_folder_of_languages_is_one_comic(tmp_path: Path, workers: Workers) -> None:
    """`ko` and `en` are not two comics."""
    make_files(tmp_path / "escape", {"ko/1.png": "", "en/1.png": ""})
    (publication,) = read_bundle(tmp_path / "escape", workers).publications
    assert {version.language for version in publication.versions} == {"ko", "en"}


def test_a_cover_beside_the_languages_of_a_bare_folder_makes_no_comic_of_its_own(
    tmp_path: Path, workers: Workers
) -> None:
    """It stands before the pages of each."""
    make_files(tmp_path / "escape", {"cover.png": "", "ko/1.png": "", "en/1.png": ""})
    (publication,) = read_bundle(tmp_path / "escape", workers).publications
    assert [len(comic_of(version).pictures) for version in publication.versions] == [2, 2]


def test_a_numbered_page_beside_languages_is_a_comic_of_its_own(tmp_path: Path, workers: Workers) -> None:
    """Nobody numbers a cover."""
    make_files(tmp_path / "escape", {"1.png": "", "ko/1.png": "", "en/1.png": ""})
    assert len(read_bundle(tmp_path / "escape", workers).publications) > 1


def test_names_that_differ_by_a_space_at_their_end_are_different(tmp_path: Path, workers: Workers) -> None:
    """Two folders, two comics, and each can be listed."""
    make_files(tmp_path, {"comics/a/1.png": "", "comics/a /1.png": "", "comics/a /2.png": ""})
    comics = [comic_of(publication.versions[0]) for publication in read_bundle(tmp_path, workers).publications]
    assert [len(comic.pictures) for comic in comics] == [1, 2]
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a "\n')
    assert len(comic_of(only_version(read_bundle(tmp_path, workers))).pictures) == 2


def test_the_folder_of_a_saved_page_is_no_comic_and_its_frames_no_articles(tmp_path: Path, workers: Workers) -> None:
    """Browsers put what a page shows into `<page>_files`."""
    page = f'<html lang="en"><body><h1>Boats</h1><p>{TEXT}</p><img src="boat_files/b.png" alt="b"></body></html>'
    make_files(tmp_path, {"boat.html": page, "boat_files/b.png": "", "boat_files/frame.html": "<p>advert</p>"})
    library = read_bundle(tmp_path, workers)
    assert len(list(figures(article_of(only_version(library)).blocks))) == 1
    assert outcomes(library)["boat_files/frame.html"] is Outcome.PASSED_OVER


def test_what_an_earlier_build_made_is_not_read(tmp_path: Path, workers: Workers) -> None:
    """A build in the bundle's own folder leaves its output there."""
    make_files(tmp_path, {"a/1.png": "", "out/x/x01/001.jpg": "", f"out/keep/{manifest.TABLE_NAME}": "x"})
    assert titles(tmp_path, workers) == ["a"]


def test_listed_publications_are_taken_in_their_order_and_nothing_else(tmp_path: Path, workers: Workers) -> None:
    """What is not listed is passed over, and said to be."""
    make_files(tmp_path, {"comics/a/1.png": "", "comics/b/1.png": "", "articles/t.md": TEXT, "articles/u.md": TEXT})
    listed = ("articles/t.md", "comics/b")
    write(tmp_path / "bundle.toml", "".join(f'[[publication]]\nsource = "{source}"\n' for source in listed))
    library = read_bundle(tmp_path, workers)
    assert [publication.versions[0].title for publication in library.publications] == ["t", "b"]
    assert messages(library, Outcome.PASSED_OVER) == [
        "articles/u.md: an article that bundle.toml does not list",
        "comics/a/: a comic that bundle.toml does not list, with 1 file",
    ]


def test_works_that_are_not_listed_are_named_in_one_warning(tmp_path: Path, workers: Workers) -> None:
    """Who lists one work may not know that all others are left out."""
    make_files(tmp_path, {f"comics/{name}/{page}.png": "" for name in "abc" for page in range(3)})
    make_archive(tmp_path / "comics" / "d.cbz", {"1.png": ""})
    make_files(tmp_path, {"articles/t.md": f"{TEXT}\n![](../comics/b/1.png)", "articles/u.ko.md": TEXT})
    make_files(tmp_path, {"articles/u.en.md": TEXT, "articles/u.jpg": "", "comics/b/x.html": "x"})
    write(
        tmp_path / "bundle.toml", "".join(f'[[publication]]\nsource = "{x}"\n' for x in ("comics/a", "articles/t.md"))
    )
    library = read_bundle(tmp_path, workers)
    assert messages(library, Outcome.WARNING) == [
        "bundle.toml: does not list 3 comics and 1 article, which are left out: comics/b, comics/c, comics/d.cbz, "
        "articles/u.en.md; add a [[publication]] for each, or remove every [[publication]] to include everything"
    ]
    assert messages(library, Outcome.PASSED_OVER) == [
        "articles/u.jpg: no work that bundle.toml lists contains or shows it",
        "articles/u.en.md: an article that bundle.toml does not list",
        "articles/u.ko.md: an article that bundle.toml does not list",
        "comics/b/: a comic that bundle.toml does not list, with 3 files",
        "comics/c/: a comic that bundle.toml does not list, with 3 files",
        "comics/d.cbz: a comic that bundle.toml does not list",
    ]


def test_a_bundle_that_lists_everything_is_not_warned_of(tmp_path: Path, workers: Workers) -> None:
    """A folder of articles stands for all in it."""
    make_files(tmp_path, {"comics/a/1.png": "", "articles/t.md": TEXT, "articles/u.md": TEXT})
    write(tmp_path / "bundle.toml", "".join(f'[[publication]]\nsource = "{x}"\n' for x in ("articles", "comics/a")))
    assert not messages(read_bundle(tmp_path, workers), Outcome.WARNING)


def test_a_language_that_should_stand_beside_another_and_is_not_there_is_warned_of(
    tmp_path: Path, workers: Workers
) -> None:
    """Else the two would be looked for in vain."""
    make_files(tmp_path, {"articles/t.ko.md": TEXT, "articles/t.en.md": TEXT})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "articles/t.ko.md"\nparallel = ["ko", "fr"]\n')
    library = read_bundle(tmp_path, workers)
    assert library.publications[0].parallel == ("ko", "fr")
    (warning,) = messages(library, Outcome.WARNING)
    assert "`parallel` names French (fr), but there is no version in that language" in warning


MEMO = "milk, bread, eggs\n"


@pytest.mark.parametrize("listed", ["", '[[publication]]\nsource = "articles"\n'])
def test_a_line_that_nobody_listed_is_passed_over_with_a_warning(tmp_path: Path, workers: Workers, listed: str) -> None:
    """A memo is no reason to stop; as a title without text it would be an empty page."""
    make_files(tmp_path / "articles", {"memo.txt": MEMO, "t.md": TEXT, "title.md": "---\ntitle: T\n---\n"})
    write(tmp_path / "bundle.toml", listed)
    library = read_bundle(tmp_path, workers)
    assert [publication.versions[0].title for publication in library.publications] == ["t"]
    assert messages(library, Outcome.WARNING) == [
        "articles/memo.txt: holds one line only: not taken as an article",
        "articles/title.md: holds a title but no text: not taken as an article",
    ]
    assert outcomes(library)["articles/memo.txt"] is Outcome.WARNING


def test_a_line_that_is_listed_is_refused_with_what_to_do(tmp_path: Path, workers: Workers) -> None:
    """Who names a file wants it read."""
    make_files(tmp_path / "articles", {"memo.txt": MEMO, "t.md": TEXT})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "articles/memo.txt"\n')
    message = refusal(tmp_path, workers)
    assert "articles/memo.txt: holds one line only" in message
    assert "Write the text under the title" in message


def test_a_bundle_of_one_line_says_why_there_is_nothing_in_it(tmp_path: Path, workers: Workers) -> None:
    """The one file is named."""
    make_files(tmp_path / "articles", {"memo.txt": MEMO})
    assert "articles/memo.txt holds one line only" in refusal(tmp_path, workers)


def test_what_the_definition_says_stands_above_what_the_source_says(tmp_path: Path, workers: Workers) -> None:
    """Title, section, authors, summary, credit, language and priority."""
    write(tmp_path / "articles" / "t.md", f"---\ntitle: Theirs\nauthors: [Them]\nlanguage: fr\n---\n\n{TEXT}")
    write(
        tmp_path / "bundle.toml",
        '[[publication]]\nsource = "articles/t.md"\ntitle = { en = "Ours", ko = "우리" }\nauthors = ["Us"]\n'
        'section = "News"\nlanguage = "ko"\nsummary = "Short."\ncredit = "By us."\npriority = 3\n',
    )
    (publication,) = read_bundle(tmp_path, workers).publications
    (version,) = publication.versions
    assert (version.title, version.authors, version.language) == ("우리", ("Us",), "ko")
    assert (version.summary, version.credit) == ("Short.", "By us.")
    assert (publication.section.in_language("ko"), publication.priority) == ("News", 3)


def test_what_only_comics_have_is_not_silently_ignored(tmp_path: Path, workers: Workers) -> None:
    """An article has no flow."""
    write(tmp_path / "articles" / "t.md", TEXT)
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "articles/t.md"\nflow = "strip"\n')
    said = messages(read_bundle(tmp_path, workers), Outcome.WARNING)
    assert said == ["articles/t.md: `flow` in bundle.toml is for comics: this is an article"]


# Versions


def test_names_that_differ_in_language_are_versions_of_one_article(tmp_path: Path, workers: Workers) -> None:
    """Whatever their format; the one without a language is told by its words."""
    make_files(
        tmp_path / "articles",
        {
            "boat.ko.md": "# 배\n\n호수에 배가 있다.\n",
            "boat.fr.html": f"<p>{TEXT}</p>",
            "boat.txt": TEXT,
            "other.md": TEXT,
        },
    )
    first, second = read_bundle(tmp_path, workers).publications
    assert {version.language for version in first.versions} == {"ko", "fr", "en"}
    assert [version.title for version in second.versions] == ["other"]


def test_texts_of_one_name_without_languages_are_two_articles(tmp_path: Path, workers: Workers) -> None:
    """Nothing says that they are versions of one."""
    make_files(tmp_path / "articles", {"boat.md": TEXT, "boat.txt": TEXT})
    assert len(read_bundle(tmp_path, workers).publications) == 2


def test_two_versions_in_one_language_are_refused(tmp_path: Path, workers: Workers) -> None:
    """Both are named."""
    make_files(tmp_path / "articles", {"boat.en.md": TEXT, "boat.en.txt": TEXT})
    message = refusal(tmp_path, workers)
    assert "boat.en.md" in message
    assert "boat.en.txt" in message


def test_a_listed_article_brings_its_versions(tmp_path: Path, workers: Workers) -> None:
    """One line in the definition is enough for all languages."""
    make_files(tmp_path / "articles", {"boat.ko.md": "호수에 배가 있다.", "boat.en.md": TEXT})
    write(tmp_path / "bundle.toml", 'languages = ["en"]\n[[publication]]\nsource = "articles/boat.ko.md"\n')
    (publication,) = read_bundle(tmp_path, workers).publications
    assert [version.language for version in publication.versions] == ["en", "ko"]


def test_a_guessed_language_is_reported(tmp_path: Path, workers: Workers) -> None:
    """The organizer can say another."""
    write(tmp_path / "articles" / "t.txt", TEXT)
    library = read_bundle(tmp_path, workers)
    assert only_version(library).language == "en"
    assert messages(library, Outcome.DECIDED) == [
        "articles/t.txt: assumed to be in English (en), from its words (`language`)"
    ]


def test_a_language_that_cannot_be_told_is_said_to_be_so(tmp_path: Path, workers: Workers) -> None:
    """In words, not by its code."""
    write(tmp_path / "articles" / "t.txt", "Abc\n\nxyz xyz\n")
    library = read_bundle(tmp_path, workers)
    assert only_version(library).language == "und"
    assert messages(library, Outcome.DECIDED) == ["articles/t.txt: its language is not known (`language`)"]
    assert not any("und" in remark.message for remark in library.remarks)


@pytest.mark.parametrize("language", ["fr", "xx"])
def test_a_language_that_nothing_is_in_is_refused(tmp_path: Path, workers: Workers, language: str) -> None:
    """With those that there are."""
    make_files(tmp_path / "articles", {"t.ko.md": "호수에 배가 있다.", "t.en.md": TEXT})
    make_files(tmp_path / "comics" / "c", {"1.png": "", "transcript.es.md": "## 1\n- Hola"})
    with pytest.raises(SourceError, match=rf"holds nothing in .*{language}") as caught:
        read_bundle(tmp_path, workers, language=language)
    assert caught.value.hint == "It holds works in: English (en), Spanish (es), Korean (ko)."


def test_a_language_of_transcripts_alone_can_be_asked_for(tmp_path: Path, workers: Workers) -> None:
    """The comic stays, with those words."""
    make_files(tmp_path / "comics" / "c", {"1.png": "", "transcript.es.md": "## 1\n- Hola", "transcript.ko.md": "- 네"})
    (comic,) = [comic_of(p.versions[0]) for p in read_bundle(tmp_path, workers, language="es").publications]
    assert [transcript.language for transcript in comic.transcripts] == ["es"]


def test_one_language_keeps_what_has_no_version_in_it(tmp_path: Path, workers: Workers) -> None:
    """The other versions' files are left out, at the organizer's word."""
    make_files(tmp_path / "articles", {"both.ko.md": "호수에 배가 있다.", "both.en.md": TEXT, "sole.en.md": TEXT})
    make_files(tmp_path / "comics" / "c", {"ko/1.png": "", "en/1.png": ""})
    library = read_bundle(tmp_path, workers, language="ko")
    assert [[v.language for v in p.versions] for p in library.publications] == [["ko"], ["ko"], ["en"]]
    told = outcomes(library)
    assert (told["articles/both.en.md"], told["comics/c/en/1.png"]) == (Outcome.LEFT_OUT, Outcome.LEFT_OUT)
    assert told["articles/sole.en.md"] is Outcome.TAKEN
    assert any(
        "sole.en.md" in message and "no version in Korean (ko)" in message
        for message in messages(library, Outcome.DECIDED)
    )


# Pictures of articles


def test_pictures_are_found_beside_the_text_and_elsewhere_in_the_bundle(tmp_path: Path, workers: Workers) -> None:
    """Relative paths, percent-encoded names, and backslashes from Windows."""
    make_picture(tmp_path / "articles" / "img" / "a boat.png", (60, 40))
    make_picture(tmp_path / "shared" / "sea.png", (80, 50))
    write(tmp_path / "articles" / "t.md", f"{TEXT}\n![](img/a%20boat.png)\n\n![](../shared/sea.png)\n")
    library = read_bundle(tmp_path, workers)
    shown = [figure.picture for figure in figures(article_of(only_version(library)).blocks)]
    assert [(p.source.label, p.width) for p in shown if isinstance(p, Picture)] == [
        ("articles/img/a boat.png", 60),
        ("shared/sea.png", 80),
    ]
    assert outcomes(library)["shared/sea.png"] is Outcome.TAKEN


def test_capital_letters_do_not_hide_a_picture_but_are_told(tmp_path: Path, workers: Workers) -> None:
    """Windows does not see them, other systems do."""
    make_picture(tmp_path / "articles" / "Boat.PNG", (60, 40))
    write(tmp_path / "articles" / "t.md", f"{TEXT}\n![](boat.png)\n")
    library = read_bundle(tmp_path, workers)
    assert len(list(figures(article_of(only_version(library)).blocks))) == 1
    assert any("Boat.PNG" in message for message in messages(library, Outcome.WARNING))


@pytest.mark.parametrize(
    "reference", ["../../secret.png", "/secret.png", "..\\..\\secret.png", "%2e%2e/%2e%2e/secret.png"]
)
def test_no_text_reaches_a_picture_outside_the_bundle(tmp_path: Path, workers: Workers, reference: str) -> None:
    """Whatever it writes; it is told that the picture is missing."""
    make_picture(tmp_path / "secret.png")
    bundle = tmp_path / "bundle"
    write(bundle / "articles" / "t.md", f"{TEXT}\n![x]({reference})\n")
    library = read_bundle(bundle, workers)
    assert not list(figures(article_of(only_version(library)).blocks))
    assert "secret" not in str(library.publications)
    assert any("secret.png" in message for message in messages(library, Outcome.WARNING))


def test_a_picture_inside_the_text_is_kept_for_the_build(tmp_path: Path, workers: Workers) -> None:
    """Its bytes get a file of their own."""
    data = make_picture(tmp_path / "x.png", (50, 40)).read_bytes()
    address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    write(tmp_path / "bundle" / "articles" / "t.html", f"<p>{TEXT}</p><img src='{address}' alt='a'>")
    library = read_bundle(tmp_path / "bundle", workers)
    (figure,) = figures(article_of(only_version(library)).blocks)
    assert isinstance(figure.picture, Picture)
    assert (figure.picture.width, figure.picture.source.path.read_bytes()) == (50, data)


def test_a_picture_that_no_article_shows_is_passed_over(tmp_path: Path, workers: Workers) -> None:
    """And said to be."""
    make_files(tmp_path / "articles", {"t.md": TEXT, "boat.png": ""})
    library = read_bundle(tmp_path, workers)
    assert "articles/boat.png: it is not part of a comic, and no article shows it" in messages(
        library, Outcome.PASSED_OVER
    )


# Credits and notes


def test_attribution_is_the_credit_of_what_lies_beside_it(tmp_path: Path, workers: Workers) -> None:
    """A folder's own stands above the one of the folder above."""
    make_files(
        tmp_path,
        {
            "comics/CREDITS": "All by us.",
            "comics/a/1.png": "",
            "comics/a/ATTRIBUTION.md": "# Credit\n\nDrawn by A,\nCC BY.\n",
            "comics/b/1.png": "",
            "articles/ATTRIBUTION.txt": "Written by C.",
            "articles/t.md": TEXT,
        },
    )
    library = read_bundle(tmp_path, workers)
    credits = [publication.versions[0].credit for publication in library.publications]
    assert credits == ["Credit\nDrawn by A, CC BY.", "All by us.", "Written by C."]
    told = outcomes(library)
    assert {told[name] for name in told if re.search("ATTRIBUTION|CREDITS", name)} == {Outcome.TAKEN}


def test_a_credit_that_spreads_is_told(tmp_path: Path, workers: Workers) -> None:
    """With the works that it stands under: it may be about one of them."""
    one = {"comics/a/1.png": "", "comics/a/CREDITS.md": "By A."}
    make_files(tmp_path, one | {f"articles/{name}.md": f"# {name}\n\nWords." for name in ("b", "c")})
    write(tmp_path / "articles/ATTRIBUTION.md", "By B.")
    decided = [one for one in read_bundle(tmp_path, workers).remarks if one.message.endswith("(`credit`)")]
    assert [(one.source, one.outcome) for one in decided] == [("articles/ATTRIBUTION.md", Outcome.DECIDED)]
    assert "of 2 works (b; c)" in decided[0].message


def test_an_empty_credit_in_the_definition_leaves_it_out(tmp_path: Path, workers: Workers) -> None:
    """The file is then passed over."""
    make_files(tmp_path, {"comics/a/1.png": "", "comics/a/CREDITS.md": "By A."})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a"\ncredit = ""\n')
    library = read_bundle(tmp_path, workers)
    assert only_version(library).credit == ""
    assert outcomes(library)["comics/a/CREDITS.md"] is Outcome.PASSED_OVER


def test_of_two_credits_the_one_that_is_not_shown_is_told_with_its_reason(tmp_path: Path, workers: Workers) -> None:
    """No bundle.toml gives another one."""
    make_files(tmp_path, {"comics/a/1.png": "", "comics/a/ATTRIBUTION.md": "By A.", "comics/a/CREDITS.txt": "By B."})
    library = read_bundle(tmp_path, workers)
    assert only_version(library).credit == "By A."
    (told,) = (remark.message for remark in library.remarks if remark.source == "comics/a/CREDITS.txt")
    assert "ATTRIBUTION.md" in told
    assert "bundle.toml" not in told


def test_names_and_addresses_in_a_credit_are_told(tmp_path: Path, workers: Workers) -> None:
    """What readers will see, the organizer sees first."""
    make_files(tmp_path, {"comics/a/1.png": "", "comics/a/CREDITS.md": "By A.\n\nwww.example.org"})
    library = read_bundle(tmp_path, workers)
    assert any("example.org" in message for message in messages(library, Outcome.SHOWN))


def test_a_credits_lines_are_its_paragraphs_and_list_items() -> None:
    """Lines that a paragraph was wrapped into are joined."""
    assert paragraphs("# A\n\nDrawn by\nB.\n\n- one\n- two\n  more\n") == "A\nDrawn by B.\none\ntwo more"


@pytest.mark.parametrize("name", ["README.md", "readme.txt", "LICENSE", "LICENCE.md", "ATTRIBUTION.md", "CREDITS.txt"])
def test_notes_are_never_articles(tmp_path: Path, workers: Workers, name: str) -> None:
    """They are for those who make the bundle."""
    make_files(tmp_path / "articles", {"t.md": TEXT, name: TEXT})
    assert titles(tmp_path, workers) == ["t"]


# Every file has one outcome


JUNK = [
    "Thumbs.db",
    "desktop.ini",
    ".DS_Store",
    "._1.png",
    "~$t.md",
    "t.md.part",
    ".git/config",
    "__MACOSX/1.png",
    "@eaDir/x",
]


@pytest.mark.parametrize("name", JUNK)
def test_junk_is_passed_over_and_said_to_be(tmp_path: Path, workers: Workers, name: str) -> None:
    """Anywhere, and never silently."""
    make_files(tmp_path, {"comics/a/1.png": "", "articles/t.md": TEXT})
    make_files(tmp_path / "comics" / "a", {name: "x"})
    make_files(tmp_path / "articles", {name: "x"})
    library = read_bundle(tmp_path, workers)
    assert len(library.publications) == 2
    passed = [source for source, outcome in outcomes(library).items() if outcome is Outcome.PASSED_OVER]
    top = name if "/" not in name else f"{name.split('/', 1)[0]}/"
    assert passed == [f"articles/{top}", f"comics/a/{top}"]


def test_what_is_not_read_says_what_to_do(tmp_path: Path, workers: Workers) -> None:
    """It may be meant for readers."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "3.alz": "x"})
    make_files(tmp_path / "articles", {"4.doc": "x", "5.css": "x"})
    library = read_bundle(tmp_path, workers)
    said = messages(library, Outcome.WARNING)
    assert any("3.alz" in message and "unpack it" in message for message in said)
    assert any("4.doc" in message and "as DOCX" in message for message in said)
    assert outcomes(library)["articles/5.css"] is Outcome.PASSED_OVER


def test_the_empty_folders_of_a_new_bundle_are_not_passed_over(tmp_path: Path, workers: Workers) -> None:
    """They are places to put works into; another empty folder may be a slip."""
    make_files(tmp_path, {"articles/t.md": TEXT})
    for name in ("comics", "articles/pictures"):
        (tmp_path / name).mkdir()
    assert messages(read_bundle(tmp_path, workers), Outcome.PASSED_OVER) == ["articles/pictures/: an empty folder"]


def test_a_picture_that_is_not_taken_is_not_said_to_be_shown(tmp_path: Path, workers: Workers) -> None:
    """What holds several pictures is told of only where the first is shown."""
    make_files(tmp_path / "articles", {"t.md": TEXT})
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "articles" / "x.gif", save_all=True, append_images=frames[1:])
    library = read_bundle(tmp_path, workers)
    assert [remark.outcome for remark in library.remarks if "x.gif" in remark.source] == [Outcome.PASSED_OVER]
    write(tmp_path / "articles" / "t.md", f"{TEXT}\n![](x.gif)")
    assert any(
        "only the first is shown" in message for message in messages(read_bundle(tmp_path, workers), Outcome.WARNING)
    )


def test_a_name_cannot_rewrite_the_report(tmp_path: Path, workers: Workers) -> None:
    """Line ends, escape sequences and bidirectional marks in names are not passed on."""
    make_files(tmp_path / "comics" / "a\x1b[2J\n\u202eb", {"1.png": "", "x.bin": "x"})
    for remark in read_bundle(tmp_path, workers).remarks:
        assert not re.search("[\x00-\x1f\u202e]", remark.source + remark.message)


NAMES = st.sampled_from(
    [
        "1.png",
        "2.png",
        "t.md",
        "t.ko.md",
        "transcript.en.md",
        "about.md",
        "README.md",
        "CREDITS",
        "Thumbs.db",
        "x.pdf",
        "e.txt",
    ]
)
FOLDERS = st.sampled_from(["", "comics/a/", "comics/a/ko/", "comics/", "articles/", "articles/t_files/", "b/", ".git/"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.sets(st.tuples(FOLDERS, NAMES), max_size=9),
    comic=st.sampled_from(["comics/a/", "comics/a/ko/", "b/"]),
    is_listed=st.booleans(),
)
def test_every_file_has_exactly_one_outcome(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, names: set[tuple[str, str]], comic: str, is_listed: bool
) -> None:
    """Whatever lies where: each file of the bundle is taken, passed over or left out; nothing else is."""
    folder = tmp_path_factory.mktemp("bundle")
    contents_of = {".md": TEXT, ".txt": TEXT}
    make_files(
        folder,
        {
            f"{place}{name}": contents_of.get(Path(name).suffix, "" if ".png" in name else "x")
            for place, name in {*names, (comic, "1.png")}
        },
    )
    if is_listed and (folder / "comics" / "a").is_dir():
        write(folder / "bundle.toml", '[[publication]]\nsource = "comics/a"\n')
    try:
        library = read_bundle(folder, workers)
    except SourceError:
        reject()
    told = outcomes(library)
    hidden = {name for name in contents(folder) if name.startswith(".git/")}
    files = set(contents(folder)) - hidden - {"bundle.toml"}
    folders = {name for name in told if name.endswith("/")} - {".git/"}
    inside = {file for file in files if any(file.startswith(name) for name in folders)}
    assert all(any(file.startswith(name) for file in files - set(told)) for name in folders)
    assert set(told) - folders - {".git/", "bundle.toml"} | inside == files
    assert (".git/" in told) == bool(hidden)


# Ids


def test_numbers_follow_the_order_and_tell_nothing(tmp_path: Path, workers: Workers) -> None:
    """The prefix comes from the bundle's name, so that two trees seldom mix."""
    bundle = make_bundle(tmp_path / "window")
    ids = [publication.id for publication in read_bundle(bundle, workers).publications]
    assert all(re.fullmatch(r"w\d{4}", name) for name in ids)
    assert [name[3:] for name in ids] == ["01", "02", "03"]
    assert len({name[:3] for name in ids}) == 1
    other = make_comic(tmp_path / "other" / "comics" / "a").parents[1]
    assert read_bundle(other, workers).publications[0].id[0] == "o"


def test_a_prefix_and_an_id_can_be_given(tmp_path: Path, workers: Workers) -> None:
    """The others are numbered by their place in the list."""
    make_files(tmp_path, {"comics/a/1.png": "", "comics/b/1.png": ""})
    write(
        tmp_path / "bundle.toml",
        'prefix = "w4"\n[[publication]]\nsource = "comics/b"\nid = "first"\n[[publication]]\nsource = "comics/a"\n',
    )
    assert [publication.id for publication in read_bundle(tmp_path, workers).publications] == ["first", "w402"]


def test_titles_become_ids_when_they_may_tell(tmp_path: Path, workers: Workers) -> None:
    """In Latin letters, and never twice."""
    make_files(tmp_path, {"comics/창/1.png": "", "comics/Chang/1.png": "", "comics/con/1.png": ""})
    write(tmp_path / "bundle.toml", 'names = "titles"')
    ids = {publication.id for publication in read_bundle(tmp_path, workers).publications}
    assert ids == {"chang", "chang-2", "con-2"}


def test_a_given_id_that_equals_a_number_is_refused(tmp_path: Path, workers: Workers) -> None:
    """Two publications never share a folder."""
    make_files(tmp_path, {"comics/a/1.png": "", "comics/b/1.png": ""})
    write(
        tmp_path / "bundle.toml",
        'prefix = "w"\n[[publication]]\nsource = "comics/a"\nid = "w02"\n[[publication]]\nsource = "comics/b"\n',
    )
    with pytest.raises(DefinitionError, match=r"comics/a and comics/b .* `w02`"):
        read_bundle(tmp_path, workers)


# What stops the work


def test_an_empty_bundle_says_what_was_looked_for(tmp_path: Path, workers: Workers) -> None:
    """And where."""
    message = refusal(tmp_path, workers)
    assert str(tmp_path) in message
    assert "CBZ" in message


@pytest.mark.parametrize("file", ["Thumbs.db", "README.txt", ".hidden", "_ocr/1.json", ""])
def test_a_folder_without_a_picture_is_passed_over(tmp_path: Path, workers: Workers, file: str) -> None:
    """With one remark; programs keep folders of their own beside comics."""
    make_files(tmp_path, {"comics/b/1.png": ""})
    (tmp_path / "comics" / "a").mkdir()
    if file:
        make_files(tmp_path / "comics" / "a", {file: "x"})
    library = read_bundle(tmp_path, workers)
    assert only_version(library).title == "b"
    (told,) = messages(library, Outcome.WARNING)
    assert told.startswith("comics/a/: passed over")
    assert "no picture" in told


def test_a_listed_folder_without_a_picture_is_an_error(tmp_path: Path, workers: Workers) -> None:
    """It is meant as a comic."""
    make_files(tmp_path, {"comics/a/Thumbs.db": "x", "comics/b/1.png": ""})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a"\n')
    assert "comics/a: contains no picture" in refusal(tmp_path, workers)


def test_a_listed_pdf_that_is_none_is_told_as_such(tmp_path: Path, workers: Workers) -> None:
    """What cannot be read is not called empty."""
    make_files(tmp_path, {"comics/a.pdf": "x"})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a.pdf"\n')
    assert "comics/a.pdf: is not a valid PDF" in refusal(tmp_path, workers)


def test_all_problems_of_all_sources_are_told_together(tmp_path: Path, workers: Workers) -> None:
    """One line each, so that one round of mending is enough."""
    make_files(tmp_path, {"comics/b.cbz": b"PK no archive", "articles/t.txt": bytes(range(256))})
    make_archive(tmp_path / "comics" / "c.cbz", {"readme.txt": "x"})
    message = refusal(tmp_path, workers)
    lines = message.splitlines()
    assert lines[0] == "3 sources cannot be read:"
    for line, name in zip(lines[1:-1], ("b.cbz", "comics/c.cbz", "articles/t.txt"), strict=True):
        assert name in line
    assert "--skip-damaged" in lines[-1]


def test_reading_twice_gives_the_same(tmp_path: Path, workers: Workers) -> None:
    """Nothing depends on the order in which a directory lists its files."""
    bundle = make_bundle(tmp_path / "x")
    first, second = read_bundle(bundle, workers), read_bundle(bundle, workers)
    assert first == second
    kinds = [type(publication.versions[0].work) for publication in first.publications]
    assert kinds == [Comic, Comic, Article]
