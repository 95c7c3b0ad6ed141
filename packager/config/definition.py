"""`bundle.toml` -> Definition: parsed once, at the edge; unknown keys are refused with the nearest known one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from packager.config import media, strict_toml
from packager.config.filesystems import DEVICES
from packager.config.media import USUAL, Format
from packager.config.strict_toml import Reader, TomlPlace, choice, items, matching
from packager.errors import DefinitionError
from packager.model import Direction, Edition, Flow, LinkStyle, NameStyle, PaperSize, Spreads, Wording
from packager.text.spelling import language_of_country, language_tag, plain_name
from packager.text.terminal import clean


@dataclass(frozen=True, slots=True)
class PublicationDefinition:
    """What the organizer says of one publication; None and "" mean: not said.

    `sound` is the language of a film's sound where there are several.
    """

    source: Path
    id: str = ""
    title: Wording = Wording()
    section: Wording = Wording()
    series: Wording = Wording()
    authors: tuple[str, ...] = ()
    language: str = ""
    flow: Flow | None = None
    direction: Direction | None = None
    spreads: Spreads = Spreads.KEEP
    crop: bool = False
    summary: Wording = Wording()
    credit: Wording = Wording()
    cover: Path | None = None
    priority: int = 1
    parallel: tuple[str, ...] = ()
    sound: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A bundle as its organizer describes it. `folder` is where sources lie, `name` the name of the tree.

    `fit_bytes` is the space on the medium when `fit` gives it, `format` what is said of how it is formatted. `words`
    holds, by language, the interface words that the bundle overrides. `publications` is None when the bundle lists
    none: then everything found is taken. With `news` the library begins with what is new, since the
    edition of that number where it is one. `search` is whether words are found in texts; None leaves it to how many
    there are.
    """

    folder: Path
    name: str
    title: Wording
    languages: tuple[str, ...] = ()
    profile: str = "any"
    medium: str = ""
    fit_bytes: int | None = None
    format: Format = USUAL
    editions: tuple[Edition, ...] | None = None
    names: NameStyle = NameStyle.NUMBERS
    prefix: str = ""
    links: LinkStyle = LinkStyle.DROP
    pdf: PaperSize = PaperSize.A5
    words: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    publications: tuple[PublicationDefinition, ...] | None = None
    news: bool | int = False
    search: bool | None = None


FILE_NAME = "bundle.toml"
COMICS, ARTICLES, FILMS, SOUND = FOLDERS = ("comics", "articles", "films", "sound")
"""The folders of a bundle for works, in the order in which a library has what lies in them."""
KEEP = "keep"  # the folder beside the trees, for the organizer alone

_MISNAMED = frozenset((FILE_NAME, f"{FILE_NAME}.txt", f"{FILE_NAME}.toml"))  # without their case
_MOST_NAMES = 1000  # that a hint chooses from
_COVER_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".tif", ".tiff", ".bmp")

# Names the tree has a use of its own for, and those that Windows keeps for devices.
RESERVED_NAMES = DEVICES | {KEEP, "phone", "cbz", "epub", "pdf", "list", "find"}


def load(bundle: Path) -> Definition:
    """The definition in the folder `bundle`, in the file `bundle`, or the one that a bare folder stands for.

    Sources exist and lie inside the bundle's folder. Raises DefinitionError with file, line and key, or where
    there is no bundle.
    """
    try:
        return _load(bundle)
    except OSError as error:
        raise DefinitionError(f"cannot be read: {error.strerror}", where=error.filename or bundle) from error


def named_after(folder: Path) -> tuple[str, Wording]:
    """Return the name of the tree and the title of the library that a bundle has of its folder, if it says no other."""
    name = plain_name(folder.name, longest=40) or "bundle"
    if name in RESERVED_NAMES:
        name = f"bundle-{name}"
    return name, Wording.plain(clean(folder.name).strip() or name)


def _load(bundle: Path) -> Definition:
    file = bundle / FILE_NAME if bundle.is_dir() else bundle
    if not bundle.exists():
        hint = strict_toml.meant(bundle, _names_beside(bundle))
        raise DefinitionError("there is no such bundle", where=bundle, hint=hint)
    if not bundle.is_dir() and bundle.suffix != ".toml":
        raise DefinitionError("is no bundle", where=bundle, hint=f"Name a folder, or the {FILE_NAME} in it.")
    folder = file.parent.resolve()
    name, title = named_after(folder)
    if not file.exists() and not file.is_symlink():
        _refuse_misnamed(folder)
        return Definition(folder=folder, name=name, title=title)
    values, place = strict_toml.load(file)
    given = strict_toml.fields(values, place, _BUNDLE)
    if "fit" in given and "medium" in given:
        raise place.at("medium").error("and `fit` say two sizes", "Keep one of them.")
    for key in ("id", "source"):
        _refuse_equals(given.get("publication", ()), key, place)
    given["format"] = Format(given.pop("filesystem", None), given.pop("cluster", None))
    renamed = {_FIELD_OF_KEY.get(key, key): value for key, value in given.items()}
    return Definition(**{"folder": folder, "name": name, "title": title, **renamed})


def _refuse_misnamed(folder: Path) -> None:
    """DefinitionError for a definition under a name that nobody reads: Windows hides endings, and Linux knows case."""
    with suppress(OSError):  # a folder that cannot be listed is named when it is read
        for name in sorted(entry.name for entry in folder.iterdir() if entry.is_file()):
            if name.casefold() in _MISNAMED:
                raise DefinitionError("would not be read", where=folder / name, hint=f"Name it {FILE_NAME}.")


def _refuse_equals(publications: tuple[PublicationDefinition, ...], key: str, place: TomlPlace) -> None:
    firsts: dict[object, int] = {}
    for position, publication in enumerate(publications):
        value = getattr(publication, key)
        if value and firsts.setdefault(value, position) != position:
            where = place.at("publication").at(position).at(key)
            raise where.error(f"is the {key} of publication {firsts[value] + 1} too")


def _text(value: object, place: TomlPlace) -> str:
    return clean(strict_toml.text(value, place)).strip()


def _wording(value: object, place: TomlPlace) -> Wording:
    """One text, or a table of texts by language. An empty text is kept: it says that none is wanted."""
    if isinstance(value, str):
        return Wording((("", clean(value).strip()),))
    forms = strict_toml.table(value, place) if isinstance(value, dict) else None
    if not forms:
        raise place.error('must be a text, or texts by language: { en = "...", ko = "..." }')
    return Wording(tuple((_language(key, place.at(key)), _text(form, place.at(key))) for key, form in forms.items()))


def _title(value: object, place: TomlPlace) -> Wording:
    title = _wording(value, place)
    if not all(form for _, form in title.forms):
        raise place.error("must not be empty")
    return title


def _language(value: object, place: TomlPlace) -> str:
    word = strict_toml.text(value, place)
    tag = language_tag(word)
    if not tag:
        raise place.error(f'"{word}" is not a language tag', "Write it as in `ko`, `en`, `zh-Hant` or `pt-BR`.")
    if meant := language_of_country(tag):
        raise place.error(f'"{word}" is the code of a country, not of its language', f"Did you mean `{meant}`?")
    return tag


def _fit(value: object, place: TomlPlace) -> int:
    size = strict_toml.size(value, place)
    if size < media.SMALLEST_SPACE:
        example = f"{size}MB" if str(size) == str(value) else "500MB"
        raise place.error(f"{size} bytes hold nothing", f'Write fit = "{example}".')
    return size


def _words(value: object, place: TomlPlace) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Interface words by language, and in it by key."""
    words = []
    for key, entry in strict_toml.table(value, place).items():
        inner = place.at(key)
        language = _language(key, inner)
        texts = strict_toml.table(entry, inner).items()
        words.append((language, tuple((word, _text(text, inner.at(word))) for word, text in texts)))
    return tuple(words)


def _editions(value: object, place: TomlPlace) -> tuple[Edition, ...]:
    editions = items(choice(Edition))(value, place)
    if not editions:
        raise place.error("names no edition", "Leave it out for those of the profile.")
    return tuple(dict.fromkeys(editions))


def _name(most: int) -> Reader[str]:
    """A reader of names of up to `most` letters that name nothing else in a tree."""
    form = matching(rf"[a-z0-9_-]{{1,{most}}}", f"1 to {most} of a-z, 0-9, _ and -")

    def read(value: object, place: TomlPlace) -> str:
        name = form(value, place)
        if name in RESERVED_NAMES:
            raise place.error(f'"{name}" is a name with a meaning of its own', "Choose another.")
        return name

    return read


def _parallel(value: object, place: TomlPlace) -> tuple[str, ...]:
    languages = items(_language)(value, place)
    if len(set(languages)) != 2:
        raise place.error("names two languages", 'Write them as in parallel = ["ko", "en"].')
    return languages


def _news(value: object, place: TomlPlace) -> bool | int:
    if not isinstance(value, int) or (value < 1 and value is not False):
        raise place.error("must be true, false, or the number of an edition", "Write news = true.")
    return value


def _source(value: object, place: TomlPlace) -> Path:
    return _inside(strict_toml.text(value, place), _folder(place), place, _names_beside)


def _folder(place: TomlPlace) -> Path:
    return place.file.parent.resolve()


def _inside(name: str, folder: Path, place: TomlPlace, known: Callable[[Path], list[str]]) -> Path:
    """The existing file or folder `name` inside `folder`, with no way out through `..`, a root or a link.

    `known` gives, for a path that does not exist, the names that may have been meant.
    """
    relative = PurePosixPath(name)
    if relative.is_absolute() or Path(name).anchor or ".." in relative.parts or not name or "\0" in name:
        raise place.error(f'"{name}" must be a path inside the bundle, relative to {place.file.name}')
    path = folder / relative
    if not path.exists():
        raise place.error(f'"{name}" does not exist', strict_toml.nearest(path.name, known(path)))
    if not path.resolve().is_relative_to(folder):
        raise place.error(f'"{name}" leads out of the bundle', "Copy it into the bundle's folder.")
    return path


def _names_beside(path: Path) -> list[str]:
    return [entry.name for entry in islice(path.parent.iterdir(), _MOST_NAMES)] if path.parent.is_dir() else []


def _publications(value: object, place: TomlPlace) -> tuple[PublicationDefinition, ...]:
    if isinstance(value, dict):
        raise place.error("is a list", "Write [[publication]], with two brackets on each side, above each.")
    return items(_publication)(value, place)


def _publication(value: object, place: TomlPlace) -> PublicationDefinition:
    given = strict_toml.fields(value, place, _PUBLICATION, required=("source",), above=_BUNDLE)
    if "cover" in given:
        given["cover"] = _cover(given["cover"], given["source"], place.at("cover"))
    return PublicationDefinition(**given)


def _cover(name: str, source: Path, place: TomlPlace) -> Path:
    """A cover lies in the publication's folder, or is named from the bundle's folder as sources are."""
    folder = _folder(place)
    beside = (source.relative_to(folder) / name).as_posix()
    return _inside(beside if (folder / beside).is_file() else name, folder, place, lambda _: _pictures_in(source))


def _pictures_in(source: Path) -> list[str]:
    """The pictures that a work may have as its cover, by their paths in its folder."""
    folder = source if source.is_dir() else source.parent
    pictures = (file for file in folder.rglob("*") if file.suffix.lower() in _COVER_ENDINGS)
    return [picture.relative_to(folder).as_posix() for picture in islice(pictures, _MOST_NAMES)]


_FIELD_OF_KEY = {"folder": "name", "fit": "fit_bytes", "publication": "publications"}

_PUBLICATION: Mapping[str, Reader[Any]] = {
    "source": _source,
    "id": _name(32),
    "title": _title,
    "section": _wording,
    "series": _wording,
    "authors": items(_text),
    "language": _language,
    "flow": choice(Flow),
    "direction": choice(Direction),
    "spreads": choice(Spreads),
    "crop": strict_toml.flag,
    "summary": _wording,
    "credit": _wording,
    "cover": strict_toml.text,
    "priority": strict_toml.whole,
    "parallel": _parallel,
    "sound": _language,
}

_BUNDLE: Mapping[str, Reader[Any]] = {
    "folder": _name(40),
    "title": _title,
    "languages": items(_language),
    "profile": strict_toml.text,
    "medium": strict_toml.text,
    "fit": _fit,
    "filesystem": media.filesystem,
    "cluster": media.cluster,
    "editions": _editions,
    "names": choice(NameStyle),
    "prefix": matching(r"[a-z0-9_-]{1,16}", "1 to 16 of a-z, 0-9, _ and -"),
    "links": choice(LinkStyle),
    "pdf": choice(PaperSize),
    "words": _words,
    "news": _news,
    "search": strict_toml.flag,
    "publication": _publications,
}
