"""T: types, by content and by name, and what does not belong on a recipient's medium."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import FileFacts, Found, Inventory, Node, Shape
from packager.check.findings import Rule, rules_in, show
from packager.check.kinds import BY_EXTENSION, extension
from packager.config.definition import FILE_NAME
from packager.config.profile import Profile
from packager.files.signatures import FileType
from packager.model import Finding

PROFILES = "docs/devices.md section 5"
READERS = "docs/devices.md section 6"

TYPE = Rule("T101", "every file is of a type that the profile lists", "remove the file, or convert it", PROFILES)
CONTENT = Rule(
    "T102", "every file is what its name says", "give it the extension that fits its content, or convert it", PROFILES
)
TEXT = Rule("T103", "every text is UTF-8", "save the text as UTF-8", "docs/devices.md section 2")
PROGRAM = Rule("T201", "nothing can be run", "remove the file", READERS)
LINK = Rule("T202", "there are no links", "put the file itself in the link's place", "docs/devices.md section 1")
SPECIAL = Rule("T203", "there are only files and folders", "remove it", "docs/devices.md section 1")
HIDDEN = Rule("T204", "nothing is hidden", "remove it, or give it a name without a dot in front", READERS)
SYSTEM = Rule("T205", "nothing is left by an operating system", "remove it", READERS)
ACTIVE = Rule("T206", "no document runs anything when it is opened", "save it as plain text, HTML or pictures", READERS)
NESTED = Rule("T207", "no archive lies inside another", "put what it holds beside the archive, or into it", PROFILES)
BUNDLE = Rule("T208", "no bundle lies in it", "take it away: it holds the organizer's sources", READERS)
EMPTY = Rule("T301", "no file is empty", "remove the file, or put the whole one in its place", PROFILES)
UNREAD = Rule("T302", "everything can be read", "read the medium again, or copy the file once more", PROFILES)
RULES = rules_in(globals())
FOREIGN = frozenset(rule.code for rule in (TYPE, CONTENT, PROGRAM, HIDDEN, SYSTEM, ACTIVE, NESTED, BUNDLE))

RUNNABLE = frozenset(
    """
    apk app bat bin cmd com command cpl deb desktop dll dmg elf exe gadget hta inf ipa jar js jse lnk mjs msc msi
    ocx pif pl ps1 py rb reg rpm scf scr sh so sys url vb vbe vbs wasm webloc wsf wsh
    """.split()
)
STARTED = frozenset(("autorun", "autoopen", "autoexec"))  # by Linux desktops and by DOS, whatever follows the dot
WITH_MACROS = frozenset("docm dotm potm ppam ppsm pptm sldm xlam xlsb xlsm xltm".split())
ARCHIVES = frozenset((FileType.ZIP, FileType.SEVEN_ZIP, FileType.RAR, FileType.GZIP))
# What a book is made of; EPUB 3.3, 3.2 and 4.2.
BOOK_TYPES = (
    "xhtml", "html", "htm", "xml", "opf", "ncx", "css", "svg", "jpg", "jpeg", "png", "gif",
    "otf", "ttf", "woff", "woff2",
)  # fmt: skip
BOOK_MARK = "mimetype"
RUNNABLE_KINDS = frozenset((FileType.PROGRAM, FileType.SCRIPT, FileType.SHORTCUT))
SYSTEM_NAMES = frozenset(
    (
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        "folder.jpg.db",
        "icon\r",
        "__macosx",
        "system volume information",
        "$recycle.bin",
        "recycler",
        "found.000",
        "lost.dir",
        "android_secure",
    )
)


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every file that is not one of the profile's types, or not what it says it is."""
    if inventory.shape is Shape.COMIC:  # a rule on archives says what may lie in it
        return
    for oddity in inventory.oddities:
        yield _oddity(oddity)
    for folder in inventory.folders:
        if not _lies_in_misplaced(folder):
            yield from _place(folder)
    for file in inventory.files:
        yield from _file(file, _types(inventory, profile), inventory.shape)


def belonging(inventory: Inventory, profile: Profile) -> tuple[FileFacts, ...]:
    """The files that may lie in the tree: what must go has one finding, and what else is wrong with it is no matter."""
    if inventory.shape is Shape.COMIC:
        return inventory.files
    types = _types(inventory, profile)
    return tuple(file for file in inventory.files if not _is_foreign(file, types, inventory.shape))


def _types(inventory: Inventory, profile: Profile) -> tuple[str, ...]:
    return BOOK_TYPES if inventory.shape is Shape.BOOK else profile.types


def _is_foreign(file: FileFacts, types: tuple[str, ...], shape: Shape) -> bool:
    if _lies_in_misplaced(file.path):
        return True
    return any(finding.code in FOREIGN for finding in _file(file, types, shape))


def misplaced(path: str) -> bool:
    """Whether a file or folder, or one above it, is hidden or a system's."""
    return any(any(_place(step)) for step in path.split("/"))


def _lies_in_misplaced(path: str) -> bool:
    """Whether a folder above is hidden or a system's; then that folder has the finding."""
    folder = path.rpartition("/")[0]
    return bool(folder) and misplaced(folder)


def _oddity(oddity: Found) -> Finding:
    if oddity.node is Node.LINK:
        return LINK.broken(oddity.path, "a link, which FAT cannot hold and which may lead anywhere")
    if oddity.node is Node.SPECIAL:
        return SPECIAL.broken(oddity.path, "a device, a pipe or a socket")
    return UNREAD.broken(oddity.path, "it cannot be read")


def _place(path: str) -> Iterator[Finding]:
    name = path.rpartition("/")[2]
    if name.lower() in SYSTEM_NAMES or name.startswith("._") or name == ".DS_Store":
        yield SYSTEM.broken(path, f"{show(name)} is left by an operating system")
    elif name.startswith("."):
        yield HIDDEN.broken(path, "a name that begins with a dot is hidden on most systems")


def _file(file: FileFacts, types: tuple[str, ...], shape: Shape) -> Iterator[Finding]:
    """At most one finding: the plainest of what is wrong."""
    if _lies_in_misplaced(file.path) or (shape is Shape.BOOK and file.path == BOOK_MARK):
        return
    wrong_place = next(_place(file.path), None)
    if wrong_place is not None:
        yield wrong_place
    elif _is_runnable(file):
        yield PROGRAM.broken(file.path, _why_runnable(file))
    elif file.path.rpartition("/")[2].lower() == FILE_NAME:
        yield BUNDLE.broken(file.path, "a bundle lies in this folder: what an organizer builds from")
    elif _runs(file):
        yield ACTIVE.broken(file.path, f"it holds {show(_runs(file))}")
    elif shape is not Shape.TREE and file.kind in ARCHIVES:
        yield NESTED.broken(file.path, f"its content is {file.kind}")
    elif extension(file.path) not in types:
        yield TYPE.broken(file.path, f"{_named(file.path)} is not listed; listed are {', '.join(types)}")
    else:
        yield from _content(file)


def _content(file: FileFacts) -> Iterator[Finding]:
    if file.trouble:
        yield UNREAD.broken(file.path, f"it was not read: {show(file.trouble)}")
    elif file.kind is FileType.EMPTY:
        yield EMPTY.broken(file.path, "0 bytes")
    elif file.sha256 and file.kind not in BY_EXTENSION.get(extension(file.path), {file.kind}):
        yield CONTENT.broken(file.path, f"its content is {file.kind}")
    elif file.text_error:
        yield TEXT.broken(file.path, file.text_error)


def _is_runnable(file: FileFacts) -> bool:
    name = file.path.rpartition("/")[2].lower()
    return file.kind in RUNNABLE_KINDS or extension(file.path) in RUNNABLE or name.partition(".")[0] in STARTED


def _runs(file: FileFacts) -> str:
    """What would run when the file is opened; "" when nothing is known to."""
    members = file.inside.files if file.inside is not None else ()
    if extension(file.path) in WITH_MACROS or any(one.path.lower().endswith("vbaproject.bin") for one in members):
        return "macros"
    return file.active


def _why_runnable(file: FileFacts) -> str:
    if file.kind in RUNNABLE_KINDS:
        return f"its content is {file.kind}"
    if extension(file.path) not in RUNNABLE:
        return f"some systems start {show(file.path.rpartition('/')[2])} by themselves"
    return f"files that end in .{show(extension(file.path))} can be run or act when opened"


def _named(path: str) -> str:
    ending = extension(path)
    return f".{show(ending)}" if ending else "a name without an extension"
