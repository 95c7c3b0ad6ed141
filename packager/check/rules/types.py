"""T: types, by content and by name, what does not belong on a medium, and what operating systems have added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from packager.check.facts import FileFacts, Inventory, Node, Shape
from packager.check.findings import finding, show
from packager.config.definition import FILE_NAME
from packager.config.profile import Profile
from packager.files.signatures import BY_EXTENSION, FileType, extension
from packager.files.traces import leftover
from packager.model import Finding

# What must go, whatever else is wrong with it.
MUST_BE_REMOVED = frozenset(("T101", "T102", "T201", "T204", "T205", "T206", "T207", "T208"))

RUNNABLE = frozenset(
    """
    apk app bat bin cmd com command cpl deb desktop dll dmg elf exe gadget hta inf ipa jar js jse lnk mjs msc msi
    ocx pif pl ps1 py rb reg rpm scf scr sh so sys url vb vbe vbs wasm webloc wsf wsh
    """.split()
)
STARTED = frozenset(("autorun", "autoopen", "autoexec"))  # by Linux desktops and by DOS, whatever follows the dot
WITH_MACROS = frozenset("docm dotm potm ppam ppsm pptm sldm xlam xlsb xlsm xltm".split())
ARCHIVES = frozenset(
    (FileType.ZIP, FileType.SEVEN_ZIP, FileType.RAR, FileType.TAR, FileType.GZIP, FileType.BZIP2, FileType.XZ)
)
# What a book is made of; EPUB 3.3, 3.2 and 4.2.
BOOK_TYPES = (
    "xhtml", "html", "htm", "xml", "opf", "ncx", "css", "svg", "jpg", "jpeg", "png", "gif",
    "otf", "ttf", "woff", "woff2",
)  # fmt: skip
BOOK_MARK = "mimetype"
# What neither file nor folder is, by the rule that it breaks.
SPECIAL = {
    Node.LINK: ("T202", "it is a link, which FAT cannot hold and which may lead anywhere"),
    Node.SPECIAL: ("T203", "it is a device, a pipe or a socket"),
    Node.UNREADABLE: ("T302", "it cannot be read"),
}
RUNNABLE_KINDS = frozenset((FileType.PROGRAM, FileType.SCRIPT, FileType.SHORTCUT))


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every file that is not one of the profile's types, or not what it says it is."""
    if inventory.shape is Shape.COMIC:  # a rule on archives says what may lie in it
        return
    for entry in inventory.special_entries:
        code, message = SPECIAL[entry.node]
        yield finding(code, entry.path, message)
    for folder in inventory.folders:
        if not _lies_in_misplaced(folder):
            yield from _place(folder)
    for file in inventory.files:
        yield from _file(file, _types(inventory, profile), inventory.shape)


def allowed_files(inventory: Inventory, profile: Profile) -> tuple[FileFacts, ...]:
    """The files that may lie in the tree: what must go has one finding, and what else is wrong with it is no matter."""
    if inventory.shape is Shape.COMIC:
        return inventory.files
    types = _types(inventory, profile)

    def must_be_removed(file: FileFacts) -> bool:
        return any(one.code in MUST_BE_REMOVED for one in _file(file, types, inventory.shape))

    return tuple(file for file in inventory.files if not (_lies_in_misplaced(file.path) or must_be_removed(file)))


def _types(inventory: Inventory, profile: Profile) -> tuple[str, ...]:
    return BOOK_TYPES if inventory.shape is Shape.BOOK else profile.types


@lru_cache(maxsize=1 << 12)  # each rule asks again of the folder that a file lies in
def misplaced(path: str) -> bool:
    """Whether a file or folder, or one above it, is hidden or a system's."""
    return any(any(_place(step)) for step in path.split("/"))


def _lies_in_misplaced(path: str) -> bool:
    """Whether a folder above is hidden or a system's; then that folder has the finding."""
    folder = path.rpartition("/")[0]
    return bool(folder) and misplaced(folder)


def _place(path: str) -> Iterator[Finding]:
    name = path.rpartition("/")[2]
    if leftover(name, at_root=True):
        yield finding("T205", path, f"{show(name)} is left by an operating system")
    elif name.startswith("."):
        yield finding("T204", path, "a name that begins with a dot is hidden on most systems")


def _file(file: FileFacts, types: tuple[str, ...], shape: Shape) -> Iterator[Finding]:
    """At most one finding: the plainest of what is wrong."""
    if _lies_in_misplaced(file.path) or (shape is Shape.BOOK and file.path == BOOK_MARK):
        return
    wrong_place = next(_place(file.path), None)
    if wrong_place is not None:
        yield wrong_place
    elif why := _why_runnable(file):
        yield finding("T201", file.path, why)
    elif file.path.rpartition("/")[2].lower() == FILE_NAME:
        yield finding("T208", file.path, "a bundle lies in this folder: what an organizer builds from")
    elif active := _active_content(file):
        yield finding("T206", file.path, f"it holds {show(active)}")
    elif shape is not Shape.TREE and file.kind in ARCHIVES:
        yield finding("T207", file.path, f"its content is {file.kind}")
    elif extension(file.path) not in types:
        ending = f".{show(extension(file.path))}" if extension(file.path) else "names without an extension"
        yield finding("T101", file.path, f"the profile does not list {ending}; it lists {', '.join(types)}")
    else:
        yield from _content(file)


def _content(file: FileFacts) -> Iterator[Finding]:
    if file.trouble:
        yield finding("T302", file.path, f"it was not read: {show(file.trouble)}")
    elif file.kind is FileType.EMPTY:
        yield finding("T301", file.path, "it has 0 bytes")
    elif file.sha256 and file.kind not in BY_EXTENSION.get(extension(file.path), {file.kind}):
        yield finding("T102", file.path, f"its content is {file.kind}")
    elif file.text_error:
        yield finding("T103", file.path, file.text_error)


def _active_content(file: FileFacts) -> str:
    """What would run when the file is opened; "" when nothing is known to."""
    members = file.inside.files if file.inside is not None else ()
    if extension(file.path) in WITH_MACROS or any(one.path.lower().endswith("vbaproject.bin") for one in members):
        return "macros"
    return file.active


def _why_runnable(file: FileFacts) -> str:
    """Why some system would run the file; "" where none would."""
    name = file.path.rpartition("/")[2]
    if file.kind in RUNNABLE_KINDS:
        return f"its content is {file.kind}"
    if extension(file.path) in RUNNABLE:
        return f"files that end in .{show(extension(file.path))} can be run or act when opened"
    return f"some systems start {show(name)} by themselves" if name.lower().partition(".")[0] in STARTED else ""


def leftover_findings(inventory: Inventory, _: Profile) -> Iterator[Finding]:
    """Everything that systems have left on the drive, what it tells, and how to be rid of it."""
    for entry in inventory.leftovers:
        known = leftover(entry.path.rpartition("/")[2], at_root="/" not in entry.path)
        if known is not None:
            message = f"left by {known.system}; it tells {known.tells}"
            yield replace(finding("T401", entry.path, message), remedy=known.removal)
