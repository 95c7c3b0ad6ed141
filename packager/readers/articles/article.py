"""A file that holds an article -> its typed tree and what its source says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape

from packager.archive.read import read_source
from packager.errors import SourceError
from packager.model import Heading, Outcome, Remark, Remarks, Source, warning
from packager.model.blocks import figures, size, walk, with_headings, words_of
from packager.readers import account
from packager.readers.account import Account
from packager.readers.articles import book, docx, fb2, front_matter, html, markdown, mhtml, odt, plain, rtf
from packager.readers.articles.pictures import Answers, AskingFinder, ParsedText
from packager.readers.articles.reading import NoText, PictureFinder, ReadArticle
from packager.readers.encodings import DecodedText, decoded
from packager.readers.publications import remarks_on
from packager.sandbox.limits import LIMITS
from packager.text.endings import MARKDOWN
from packager.text.mentions import Mention, mentions
from packager.text.private_notes import private_notes
from packager.text.spelling import shortened

MAX_BYTES = 64 * 1024 * 1024
"""A page with its pictures inside it is seldom larger; beyond this a file is hardly a text."""
_MANY_WORDS = 20  # more than a title has
_SPLIT = "Split it into several texts."

TextReader = Callable[[str, str, PictureFinder, str], ReadArticle]
READERS: dict[str, TextReader] = {
    **dict.fromkeys(MARKDOWN, markdown.read),
    ".txt": plain.read,
    ".text": plain.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
}
CONTAINERS: dict[str, Callable[[Source, PictureFinder], ReadArticle]] = {
    ".docx": docx.read,
    ".epub": book.read,
    ".mht": mhtml.read,
    ".mhtml": mhtml.read,
    ".fb2": fb2.read,
    ".odt": odt.read,
    ".rtf": rtf.read,
}
"""Files that are no text themselves, but hold one with its pictures."""

_HELD: dict[TextReader, Callable[[str], str]] = {markdown.read: account.of_markdown, plain.read: account.of_plain}
"""What counts the words of texts; the readers of pages count those that they are given."""

_LINK_TARGET = re.compile(r"(?<=\])\([^()\n]*\)|^ {0,3}\[(?!\^)[^\]\n]*\]:.*", re.MULTILINE)


def parse(source: Source, kind: str, answers: Answers) -> ParsedText:
    """Return what `read_article` makes of a file with the pictures in `answers`: a job for a worker."""
    finder = AskingFinder(answers)
    try:
        return ParsedText(read_article(source, kind, finder), finder.questions())
    except NoText as error:
        return ParsedText(error, finder.questions())


def read_article(source: Source, kind: str, finder: PictureFinder) -> ReadArticle:
    """Return the article in a file; what its front matter says goes before what the text shows.

    `kind` is the ending of its name, one of READERS or CONTAINERS. Raises SourceError for a file that cannot be read
    or whose front matter cannot be read; NoText for one that holds no words.
    """
    if kind in CONTAINERS:
        article, body = CONTAINERS[kind](source, finder), ""
    else:
        article, body = _read_text(source, kind, finder)
    _refuse_no_text(article, body, source.label)
    if size(article.blocks) > LIMITS.text_parts:
        what = f"has more than {LIMITS.text_parts} paragraphs and other parts"
        raise SourceError(what, where=source.label, hint=_SPLIT)
    if len(escape(words_of(article.blocks), quote=False).encode()) > LIMITS.text_bytes:  # as documents hold them
        raise SourceError(f"has more than {LIMITS.text_bytes >> 20} MB of words", where=source.label, hint=_SPLIT)
    levels = sorted({block.level for block in walk(article.blocks) if isinstance(block, Heading)})
    remarks = (
        *article.remarks,
        *account.closed(article.account, (article.title, article.blocks), replace(article, blocks=())),
        *_mentions(kind, body, article, source.label),
    )
    # Levels 2 to 4 in the same order of rank.
    ranked = with_headings(article.blocks, lambda one: replace(one, level=min(4, 2 + levels.index(one.level))))
    return replace(article, blocks=tuple(ranked), remarks=remarks, account=Account())


def _read_text(source: Source, kind: str, finder: PictureFinder) -> tuple[ReadArticle, str]:
    """The article and the text; empty lines in the place of its front matter keep the numbers of the lines right."""
    data, label = read_source(source), source.label
    if len(data) > MAX_BYTES:
        raise SourceError(f"is larger than {MAX_BYTES >> 20} MB", where=label, hint="Is it a text at all?")
    if data.count(b"\n") > LIMITS.text_lines:
        raise SourceError(f"has more than {LIMITS.text_lines} lines", where=label, hint=_SPLIT)
    declared = html.declared_encoding(data) if READERS[kind] is html.read else ""
    text = decoded(data, declared=declared, label=label)
    front, body = front_matter.split(text.text, label)
    body = "\n" * front.lines + body
    article = front_matter.apply(front, READERS[kind](body, label, finder, front.title), label)
    if held := _HELD.get(READERS[kind]):
        article = replace(article, account=Account(((label, account.words(held(body))),), article.account.named))
    return replace(article, remarks=(*article.remarks, *_on_encoding(text, label))), body


def _on_encoding(text: DecodedText, label: str) -> Iterator[Remark]:
    """What the organizer should know of how the bytes became letters."""
    if text.dropped:
        yield warning(label, f"characters that only a terminal obeys were dropped: {text.dropped}")
    lines = text.text.split("\n")
    if text.is_guess:
        number, line = next(
            ((number, line) for number, line in enumerate(lines, 1) if not line.isascii()), (1, lines[0])
        )
        name = re.sub(r"^cp(?=125\d$)", "windows-", text.codec)
        shown = shortened(" ".join(line.split()))
        if text.is_poor:
            message = (
                f"its encoding is hard to tell: read as {name} it says “{shown}”; if that is wrong, save it as UTF-8"
            )
            yield warning(label, message, number)
        else:
            yield Remark(label, Outcome.DECIDED, f"its encoding was told from its letters: {name}, “{shown}”", number)
    if damaged := [(number, line.count("\ufffd")) for number, line in enumerate(lines, 1) if "\ufffd" in line]:
        count = sum(times for _, times in damaged)
        yield warning(label, f"letters that cannot be read, and show as \ufffd: {count}", damaged[0][0])


def _refuse_no_text(article: ReadArticle, body: str, label: str) -> None:
    if words_of(article.blocks).strip() or any(figures(article.blocks)):
        return
    lines = [line for line in body.splitlines() if line.strip()]
    of_title = "holds one line only" if len(lines) == 1 else "holds a title but no text"
    what = of_title if article.title else "holds no text"
    if article.account.total >= _MANY_WORDS:
        what += f" that could be told from what stands around it: {article.account.total} words"
    raise NoText(what, where=label, hint="Write the text under the title, or take the file out of the bundle.")


def _mentions(kind: str, body: str, article: ReadArticle, label: str) -> Remarks:
    """The addresses, names and private notes that readers will see, by line where the lines are the author's own."""
    read = "\n".join([article.title, words_of(article.blocks, "\n")])
    beside = "\n".join([article.summary, article.credit])
    shown = [*mentions(read), *private_notes(f"{read}\n{beside}")]
    reader = READERS.get(kind)
    of_lines: list[Mention] = []
    texts = {mention.text for mention in shown}
    if texts and reader in (markdown.read, plain.read):
        source = _LINK_TARGET.sub("", body) if reader is markdown.read else body
        of_lines = [one for one in (*mentions(source), *private_notes(source)) if one.text in texts]
    told = {mention.text for mention in of_lines}
    others = (replace(mention, line=None) for mention in shown if mention.text not in told)
    return remarks_on((*of_lines, *others), label)
