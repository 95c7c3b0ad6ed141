"""Documents rendered by the one Jinja environment, in the interface words of each language."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from packager.config.strict_toml import nearest
from packager.errors import DefinitionError
from packager.layout.cues import CuesView
from packager.layout.interface_words import Words
from packager.layout.page_text import PagesView
from packager.layout.pdf import PdfView
from packager.layout.views import Embedded
from packager.model import Direction, Document, Rendition
from packager.output import pdf
from packager.output.templates import folder, script, script_hash, style, whole_style

# A character that no text can hold: `_finished` takes it out of every string that reaches a document.
MARKER = "\x1a"
EMBEDDED = re.compile(f"{MARKER}([0-9]+){MARKER}")
# XML 1.0 allows no other control characters; HTML has no use for them. Lone surrogates stand for bytes of names of
# files that are no text, and have no form in UTF-8.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# In XML elements without content end in a slash, and old readers of books know `xml:lang` alone.
VOID = re.compile("<(br|hr|img)((?: [^<>]*)?)>")
LANGUAGE = re.compile(' lang="([^"]*)"')
PDF = "comic.pdf"  # which no template makes, and which holds its pictures as they are
NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9_./-]*)")

Overrides = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def render(document: Document) -> tuple[bytes | Rendition, ...]:
    """Return the document as pieces in order: its own bytes, and the pictures to set in between, mostly as base64."""
    if document.template == PDF:
        assert isinstance(document.view, PdfView)
        return tuple(pdf.pieces(document.view, document.pictures))
    text = _environment().get_template(document.template).render(view=document.view)
    if document.template.endswith(".xhtml"):
        text = LANGUAGE.sub(r' lang="\1" xml:lang="\1"', VOID.sub(r"<\1\2/>", text))
    pieces: list[bytes | Rendition] = []
    for number, piece in enumerate(EMBEDDED.split(text)):
        pieces.append(document.pictures[int(piece)] if number % 2 else piece.encode(document.codec))
    return tuple(pieces)


def typeset(name: str) -> str:
    """Return the text of a template that is set in letters: of pages, or of words over a film."""
    return "".join((folder() / part).read_text(encoding="utf-8") for part in ("lettering.typ", name))


def data(view: PagesView | CuesView) -> str:
    """Return the view as JSON, for such a template."""
    return CONTROL.sub("", json.dumps(asdict(view), ensure_ascii=False))


def size_of(document: Document) -> int:
    """Return the size in bytes of the document's own text, without its pictures."""
    return sum(len(piece) for piece in render(document) if isinstance(piece, bytes))


def dictionary(overrides: Overrides = ()) -> dict[str, Words]:
    """Return the interface words of every language we have, with what a bundle puts in their place.

    Raises DefinitionError for a language or a word that does not exist.
    """
    files = sorted((folder() / "words").glob("*.toml"))
    tables = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    for language, changes in overrides:
        if language not in tables:
            raise DefinitionError(f"no interface words in {language!r} to override", hint=nearest(language, tables))
        for key, text in changes:
            if key not in tables[language]:
                hint = nearest(key, tables[language])
                raise DefinitionError(f"[words.{language}] has no word {key!r}", where="bundle.toml", hint=hint)
            _check_blanks(key, tables[language][key], text)
            tables[language][key] = text
    names = {field.name for field in fields(Words)} - {"language", "direction"}
    return {
        language: Words(language, Direction(table["direction"]), **{name: table[name] for name in names})
        for language, table in tables.items()
    }


def require_words(languages: Iterable[str], dictionary: Mapping[str, Words]) -> None:
    """Raise DefinitionError when a language that documents should speak has no words."""
    for language in languages:
        if not {language, language.partition("-")[0]} & dictionary.keys():
            hint = f"There are words in {', '.join(sorted(dictionary))}."
            raise DefinitionError(f"`languages`: there are no interface words in {language!r}", hint=hint)


def _check_blanks(key: str, ours: str, theirs: str) -> None:
    wanted = set(re.findall(r"{[^}]*}", ours))
    if set(re.findall(r"{[^}]*}?|}", theirs)) != wanted:
        blanks = " and ".join(sorted(wanted)) or "no {...}"
        raise DefinitionError(f"the word {key!r} needs {blanks} in it", where="bundle.toml")


def _finished(value: object) -> object:
    if isinstance(value, Embedded):
        return f"data:image/jpeg;base64,{MARKER}{value.index}{MARKER}"
    if isinstance(value, str) and not isinstance(value, Markup):
        return CONTROL.sub("", value)
    return value


def _with_names(text: str, direction: Direction) -> str:
    """A line of ours; between letters that run from the right, each name of a file in an element of its own.

    Old engines (QtWebKit for one) put such names and their slashes in the wrong order otherwise.
    """
    if direction is Direction.LTR:
        return text
    return Markup("").join(
        Markup('<span dir="ltr">{}</span>').format(piece) if number % 2 else CONTROL.sub("", piece)
        for number, piece in enumerate(NAME.split(text))
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_finished,
        newline_sequence="\n",
        auto_reload=False,
    )
    environment.filters["kind"] = lambda value: type(value).__name__
    environment.filters["with_names"] = _with_names
    environment.globals |= {"script": script, "script_hash": script_hash, "style": style, "whole_style": whole_style}
    return environment
