"""What was learned by opening files, archives and books: plain values, small enough to cross from a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from packager.archive import Member
from packager.files.signatures import FileType


class Node(Enum):
    """What a name in a folder stands for."""

    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    SPECIAL = auto()  # a device, a pipe or a socket
    UNREADABLE = auto()  # a folder that cannot be listed, or what nothing is known of


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One name in the tree; `path` is relative to it, with slashes, undecodable bytes as surrogates.

    `position` counts names in the order in which an archive keeps them, None where nothing is known of it.
    """

    path: str
    node: Node
    size_bytes: int = 0
    modified_ns: int = 0
    position: int | None = None


FormProblem = tuple[str, str]  # the code of a rule, and what is wrong
ArchiveProblem = tuple[str, str, str]  # the code of a rule, the member that breaks it, and what is wrong


@dataclass(frozen=True, slots=True)
class JpegFacts:
    """How a JPEG is coded; `sampling` as a frame header has it, by component."""

    frame: str
    sampling: tuple[int, ...]

    @property
    def is_baseline(self) -> bool:
        """Whether every browser and player reads its frame."""
        return self.frame == "SOF0"


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """One picture, decoded; pixels. `place` says where inside its file it lies, "" when it is the file.

    `error` says why it could not be decoded whole; `problems`, what is not as the one form of its kind has it.
    `is_plain` says that it shows one colour alone; `decoded` are the pixels of all frames that were looked at.
    """

    place: str
    kind: FileType
    size_bytes: int
    width: int = 0
    height: int = 0
    jpeg: JpegFacts | None = None
    error: str = ""
    problems: tuple[FormProblem, ...] = ()
    is_plain: bool = False
    decoded: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """An address in a document, and the element and attribute that hold it."""

    element: str
    attribute: str
    address: str


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """One `img`; `picture` is the index of the file's picture that it holds as a data URI."""

    address: str
    has_alt: bool
    width: int | None
    height: int | None
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One stream of a film or a piece of sound; names of codecs, profiles and levels are those that profiles have.

    `samples` are its pictures or frames of sound. `rate` is a second's pictures, or samples of sound. `bit_rate` is the
    mean; at `peak_bit_rate` a buffer of two seconds never runs empty. `features` are what old devices may not know.
    """

    codec: str
    seconds: float
    samples: int
    bit_rate: int
    rate: float
    peak_bit_rate: int = 0
    profile: str = ""
    level: str = ""
    width: int = 0
    height: int = 0
    channels: int = 0
    features: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether it is heard and not seen."""
        return self.channels > 0


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """A film or a piece of sound, walked to its last byte; or subtitles, which have no streams.

    `error` says why it could not be walked; `problems`, what is not as the one form of its kind has it; `notes` are
    bytes of that, which may say something. Subtitles change for the last time at `last_s`.
    """

    streams: tuple[StreamFacts, ...] = ()
    problems: tuple[FormProblem, ...] = ()
    error: str = ""
    notes: bytes = b""
    last_s: float = 0


class DocumentForm(Enum):
    """What a document is written in."""

    HTML = auto()
    XHTML = auto()  # of an EPUB
    SVG = auto()
    STYLE = auto()  # a stylesheet of its own
    PACKAGE = auto()  # XML that describes an EPUB


Problem = tuple[str, str, int | None]  # the code of a rule, what is wrong, and its line, counted from 1


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document, parsed as a browser parses it: its `problems`, and what rules across files ask of it.

    `addresses` lead into the tree, all others are problems. `mentioned_paths` holds what in the text looks like the
    name of a file, or of a folder further down.
    """

    form: DocumentForm
    problems: tuple[Problem, ...] = ()
    title: str = ""
    mentioned_paths: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    addresses: tuple[Address, ...] = ()
    images: tuple[ImageFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word that must not be there, and how it is written there, in the words of `Coding`."""

    word: str
    coding: str
    is_trace: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file, opened once. `tag_bytes` is the length of a Red Star tag at its end; `trouble`, why it was not read.

    `inside` is what an archive holds: the same rules apply to it, and their findings are those of the archive.
    `text_problems` are what a text shows of people, and what it hides from its readers.
    `xml_error` says why XML is not well-formed, in `xml_line`. `words` are those that were looked for and found.
    `active` says what would run when it is opened; `paper`, what in a PDF is
    not of the form of ours. A member that must not be unpacked has neither hash nor trouble.
    """

    entry: TreeEntry
    kind: FileType = FileType.UNKNOWN
    sha256: str = ""
    tag_bytes: int = 0
    text_error: str = ""
    pictures: tuple[PictureFacts, ...] = ()
    document: DocumentFacts | None = None
    recording: RecordingFacts | None = None
    inside: Inventory | None = None
    trouble: str = ""
    xml_error: str = ""
    xml_line: int | None = None
    text_problems: tuple[Problem, ...] = ()
    words: tuple[WordMatch, ...] = ()
    active: str = ""
    paper: tuple[FormProblem, ...] = ()

    @property
    def path(self) -> str:
        return self.entry.path

    @property
    def size_bytes(self) -> int:
        return self.entry.size_bytes


class Shape(Enum):
    """What an inventory is of, which decides the rules that fit it."""

    TREE = auto()  # a whole tree: in a folder, on a drive, or packed as one archive
    PARCEL = auto()  # a plain archive that lies in a tree
    COMIC = auto()  # a CBZ
    BOOK = auto()  # an EPUB
    DOCUMENT = auto()  # one HTML file or film, copied alone


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything in a tree, sorted by path: files with their facts, folders, and what is neither.

    Paths are relative to `top`, which is "" or the one folder, with its slash, that the tree is in a drive or archive.
    `starts` are the documents where reading begins, several where a drive or an archive holds several trees.
    `leftovers` are what systems left on a drive, apart from all else. `archive` is what holds it all, where that is
    one. `words` are those that were looked for and found in names, with their paths, and in what stands beside the
    files.
    """

    files: tuple[FileFacts, ...]
    folders: tuple[str, ...] = ()
    special_entries: tuple[TreeEntry, ...] = ()
    leftovers: tuple[TreeEntry, ...] = ()
    shape: Shape = Shape.TREE
    top: str = ""
    starts: tuple[str, ...] = ("index.html",)
    archive: ArchiveFacts | None = None
    words: tuple[tuple[str, WordMatch], ...] = ()

    @property
    def written(self) -> tuple[str, ...]:
        """The paths of files in the order in which the medium or the archive has them; empty where it is not known."""
        placed = [(one.entry.position, one.path) for one in self.files if one.entry.position is not None]
        return tuple(path for _, path in sorted(placed))


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """A ZIP or 7z archive; `members` in the order in which they are stored, `notes` all comments and extra fields.

    `problems`: what is wrong with what it says of itself, be it in its headers or in files that describe a book or a
    comic, and why nothing of it was read.
    """

    members: tuple[Member, ...] = ()
    problems: tuple[ArchiveProblem, ...] = ()
    notes: bytes = b""
