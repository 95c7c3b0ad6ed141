"""The article of a page is found with all that belongs to it, and its title is the one on which the page agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.model import Heading
from packager.model.blocks import figures, plain_text, words_of
from packager.readers.articles.html import read as read_html
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import LABEL, read, shelf
from tests.helpers.papers import mhtml

SENTENCE = "The boats came back to the harbour in the evening, and nobody said what they had seen out there."
DAYS = [f"<p>On day {day} it was like this. {SENTENCE} So day {day} ended.</p>" for day in range(20)]
STORY, FIRST, SECOND = "".join(DAYS), "".join(DAYS[:9]), "".join(DAYS[9:])
MENU = "".join(f"<li><a href='/{number}'>Menu {number}</a></li>" for number in range(40))
CARDS = "".join(f"<div class=card><h3><a href=x>Card {number}</a></h3></div>" for number in range(12))
TALK = "".join(
    f"<div class=comment><b>Reader {number}</b><p>Comment {number}. {SENTENCE}</p></div>" for number in range(8)
)
FORM = "<form class=newsletter><p>Letter: get our best by mail.</p><input name=mail><button>Send</button></form>"
TOP = f"<div class=top><ul>{MENU}</ul></div>"
BOTTOM = "<div class=bottom><p><a href=a>Imprint</a> <a href=b>Contact</a></p></div>"


def parse(body: str, head: str = "<title>Boats</title>") -> ReadArticle:
    return read_html(f"<html><head>{head}</head><body>{body}</body></html>", LABEL, shelf())


LAID_OUT = {
    "an article": f"<main><article><h1>Boats</h1>{STORY}</article><aside>{CARDS}</aside></main>",
    "an article with its neighbours": f"<article><h1>Boats</h1>{STORY}<div class=related>{CARDS}</div></article>",
    "main": f"<div role=main><h1>Boats</h1>{STORY}</div><div>{CARDS}</div>",
    "main with the comments": f"<main><h1>Boats</h1>{STORY}<section id=comments><h2>Talk</h2>{TALK}</section></main>",
    "an article with its comments": f"<article><h1>Boats</h1>{STORY}<div class=comments>{TALK}</div></article>",
    "several articles": f"<article><h1>Boats</h1>{STORY}</article>" + f"<article>{CARDS}</article>" * 3,
    "nothing that says so": f"<div><div><h1>Boats</h1><div>{STORY}</div></div><div>{CARDS}</div></div>",
    "the body": f"<h1>Boats</h1>{STORY}",
    "two halves": f"<div><h1>Boats</h1></div><div><div>{FIRST}</div><div>{SECOND}</div></div>",
    "a table": f"<table><tr><td><ul>{MENU}</ul></td><td><h1>Boats</h1>{STORY}</td><td>{CARDS}</td></tr></table>",
    "divisions for paragraphs": f"<div><h1>Boats</h1>{''.join(f'<div>{day[3:-4]}</div>' for day in DAYS)}</div>",
    "breaks for paragraphs": f"<div><h1>Boats</h1>{'<br><br>'.join(day[3:-4] for day in DAYS)}</div>",
    "a form around it": f"<form><h1>Boats</h1><div>{STORY}</div><input></form>",
    "a name that misleads": f'<div class="has-sidebar comments"><h1>Boats</h1><i class="ad-free">{STORY}</i></div>',
    "a letter in it": f"<article><h1>Boats</h1>{FIRST}{FORM}{SECOND}</article>",
    "elements of its own": f"<news-page><h1>Boats</h1><news-body>{STORY}</news-body></news-page>",
}


@pytest.mark.parametrize("body", LAID_OUT.values(), ids=LAID_OUT)
def test_the_article_is_found_without_its_neighbours(body: str) -> None:
    """Every paragraph of it; no menu, card, comment or imprint; how many words those were is told."""
    article = parse(f"{TOP}{body}{BOTTOM}")
    words = words_of(article.blocks)
    assert article.title == "Boats"
    assert [day for day in range(20) if f"On day {day} it" not in words or f"So day {day} ended." not in words] == []
    assert [word for word in ("Menu", "Card", "Reader", "Comment", "Imprint", "Letter") if word in words] == []
    assert any("words outside the article passed over" in remark.message for remark in article.remarks)


BELONGING = {
    "a lead in a header": ("<header><h1>Boats</h1><p>{}</p></header>", ""),
    "a lead below the header": ("<header><h1>Boats</h1></header><div><p>{}</p></div>", ""),
    "a lead beside the title": ("<div><h1>Boats</h1><h2>Below</h2><div>{}</div></div>", ""),
    "a quote at the side": ("<h1>Boats</h1>", "<aside><blockquote>{}</blockquote></aside>"),
    "a note at the side": ("<h1>Boats</h1>", "<aside class=note><p>{}</p></aside>"),
    "who said it": ("<h1>Boats</h1>", "<blockquote><p>Said.</p><footer>{}</footer></blockquote>"),
    "a part with a header of its own": ("<h1>Boats</h1>", "<section><header><h2>Part</h2></header><p>{}</p></section>"),
    "a last word in a footer": ("<h1>Boats</h1>", "<footer><p>{}</p></footer>"),
    "a list of links": ("<h1>Boats</h1>", "<p>See:</p><ul><li><a href=x>{}</a></li></ul>"),
    "a table": ("<h1>Boats</h1>", "<table><tr><td>1<td>2<tr><td>3<td>{}</table>"),
    "a short paragraph": ("<h1>Boats</h1>", "<p>{}</p>"),
    "answers that open": ("<h1>Boats</h1>", "<h2><button aria-expanded=false>So?</button></h2><div><p>{}</p></div>"),
}
LAST = "Nobody said it before this day in the harbour, and nobody would have heard it then."


@pytest.mark.parametrize(("before", "behind"), BELONGING.values(), ids=BELONGING)
@pytest.mark.parametrize("around", ["<article>{}</article>", "<main><div>{}</div></main>", "<div><div>{}</div></div>"])
def test_what_belongs_to_an_article_is_kept(before: str, behind: str, around: str) -> None:
    """Lead, quotes, lists and last words, in whatever they stand, and whatever stands around it."""
    body = around.format(before.format(LAST) + STORY + behind.format(LAST))
    assert LAST in words_of(parse(f"{TOP}{body}{BOTTOM}").blocks)


def test_comments_are_the_text_where_there_is_no_other() -> None:
    """As of a forum, whose posts are called so."""
    words = words_of(parse(f"{TOP}<h1>Boats</h1><div class=comments>{TALK * 3}</div>{BOTTOM}").blocks)
    assert all(f"Comment {number}." in words for number in range(8))


POST = (
    "<div><article class='post-{0}'><b>Reader {0}</b><div><p>Post {0}. " + SENTENCE * 3 + "</p></div></article></div>"
)


@pytest.mark.parametrize("around", ["<main>{}</main>", "<div>{}</div>"])
def test_posts_that_make_up_a_page_are_one_text(around: str) -> None:
    """As of a forum: none of them is the article alone."""
    posts = "".join(POST.replace("post-{0}", "post").format(number) for number in range(8))
    words = words_of(parse(TOP + around.format(f"<h1>Boats</h1>{posts}") + BOTTOM).blocks)
    assert all(f"Post {number}." in words for number in range(8))
    assert "Menu" not in words


SITE = '<meta property="og:site_name" content="The Harbour">'
CALLED = "<title>The Harbour: Boats come back</title>"
TITLES = {
    "all agree": ("<title>Boats come back | The Harbour</title>", "<h1>Boats come back</h1>"),
    "the site's name is a heading": (f"{CALLED}{SITE}", "<h1>The Harbour</h1><h2>Boats come back</h2>"),
    "the site's name leads home": (CALLED, '<h1><a href="/">The Harbour</a></h1><h2>Boats come back</h2>'),
    "no heading": ('<meta property="og:title" content="Boats come back"><title>x</title>', "<h1>The Harbour</h1>"),
    "no heading, and the name of the site": ("<title>Boats come back — The Harbour</title>" + SITE, ""),
    "the page calls itself as its site": (SITE + SITE.replace("site_name", "title"), "<h1>Boats come back</h1>"),
    "a heading in a longer title": ("<title>News of the day: Boats come back</title>", "<h1>Boats come back</h1>"),
    "only a heading": ("", "<h1>Boats come back</h1>"),
    "a title that says nothing": ("<title>Document</title>", "<h1>Boats come back</h1>"),
    "marks around it": ("<title>Boats come back</title>", "<h1><a href=x>“Boats come back”</a></h1>"),
}


@pytest.mark.parametrize(("head", "heading"), TITLES.values(), ids=TITLES)
def test_the_title_is_the_one_on_which_the_page_agrees(head: str, heading: str) -> None:
    """And never the name of its site."""
    article = parse(f"{heading}<div>{STORY}</div>", head)
    assert article.title.strip("“”") == "Boats come back"
    assert "Boats come back" not in words_of(article.blocks)


def test_a_mail_holds_frames_and_style_sheets(tmp_path: Path) -> None:
    """What Chromium saves beside a page: a frame by its number, and a sheet that says what keeps its lines."""
    frame = mhtml("<html><body><p class=v>In the frame\nthere are lines.</p></body></html>")
    page = '<html><body><h1>T</h1><p>Words of the page.</p><iframe src="cid:frame-1@x"></iframe></body></html>'
    part = frame.partition(b"------x\r\n")[2].replace(
        b"Content-Location: https://example.org/a/b.html", b"Content-ID: <frame-1@x>"
    )
    sheet = (
        b"------x\r\nContent-Type: text/css\r\nContent-Location: cid:css-1@x\r\n\r\n.v { white-space: pre-wrap }\r\n"
    )
    mail = mhtml(page).replace(b"------x--", sheet + b"------x\r\n" + part.replace(b"------x--", b"------x--"))
    article = read(tmp_path, "a.mhtml", mail)
    assert words_of(article.blocks) == "Words of the page. In the frame there are lines."


@pytest.mark.parametrize("sign", ["¶", "#", "§", "🔗"])
def test_a_link_of_a_heading_to_itself_is_no_part_of_it(sign: str) -> None:
    """Manuals put one behind each heading; a mark of a note is no such link."""
    link = f'<a class="headerlink" href="#x">{sign}</a>'
    article = parse(f'<article><h1 id="x">Boats{link}</h1>{FIRST}<h2>More{link}</h2>{SECOND}</article>')
    assert article.title == "Boats"
    assert [plain_text(block.children) for block in article.blocks if isinstance(block, Heading)] == ["More"]
    assert "‡" in words_of(parse(f'<article><h2>More<a href="#z">‡</a></h2>{STORY}</article>').blocks)


@pytest.mark.parametrize(
    "picture",
    [
        '<figure><img src="a.png"><figcaption><a href="x">Photo by Ana</a></figcaption></figure>',
        '<figure><img src="a.png"><figcaption>The <b>lake</b>, <a href="x">Photo by Ana</a></figcaption></figure>',
        '<div><a href="big.png"><img src="a.png"></a><div><a href="x">Photo by Ana</a></div></div>',
        '<div class="wp-caption"><a href="big.png"><img src="a.png"></a><p><a href="x">Photo by Ana</a></p></div>',
    ],
)
def test_a_picture_whose_caption_is_a_link_is_shown(picture: str) -> None:
    """It leads elsewhere, and belongs to the text all the same."""
    page = f"<html><body>{TOP}<article><h1>Boats</h1>{FIRST}{picture}{SECOND}</article>{BOTTOM}</body></html>"
    article = read_html(page, LABEL, shelf("a.png"))
    assert len(tuple(figures(article.blocks))) == 1
    assert "Photo by Ana" in words_of(article.blocks)


@pytest.mark.parametrize(
    "tabs",
    [
        "<div role=tablist><button role=tab aria-controls=a>Summer</button><button role=tab aria-controls=b>Winter"
        "</button></div><div role=tabpanel id=a><p>At eight.</p></div>"
        "<div role=tabpanel id=b hidden><p>At nine.</p></div>",
        "<ul role=tablist><li role=tab id=a>Summer<li role=tab id=b>Winter</ul><div role=tabpanel aria-labelledby=a>"
        "<p>At eight.</p></div><div role=tabpanel aria-labelledby=b style='display:none'><p>At nine.</p></div>",
    ],
)
def test_the_words_of_a_tab_stand_above_what_it_shows(tabs: str) -> None:
    """All panels are read one after the other, and only the tabs say which is which."""
    text = words_of(parse(f"<article><h1>Boats</h1>{FIRST}{tabs}{SECOND}</article>").blocks)
    places = [text.index(words) for words in ("Summer", "At eight.", "Winter", "At nine.")]
    assert places == sorted(places)
    assert text.count("Summer") == 1


@pytest.mark.parametrize("box", ["<p>Ring twice.</p>", "<h3>How to</h3><p>Ring twice.</p>", "Ring twice."])
def test_a_box_in_an_article_is_read(box: str) -> None:
    """Short as it is; a box of links is none of its words."""
    page = f"{TOP}<div><h1>Boats</h1>{FIRST}<aside>{box}</aside>{SECOND}</div>{BOTTOM}"
    assert "Ring twice." in words_of(parse(page).blocks)
    assert "Card 1" not in words_of(parse(page.replace(box, CARDS)).blocks)
