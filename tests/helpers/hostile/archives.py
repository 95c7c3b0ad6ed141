"""A thousand archives whose members lead elsewhere, or are no files, in every form that is read."""

from __future__ import annotations

import io
import itertools
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

import py7zr

from tests.helpers.books import CONTAINER, package, page
from tests.helpers.books import png as small_png
from tests.helpers.hostile.names import MARK, NAMES, TARGETS, TWINS
from tests.helpers.papers import docx, shown
from tests.helpers.rars import rar4, rar5
from tests.helpers.zips import Part, deflated, zip_of

PICTURE = small_png()


@dataclass(frozen=True, slots=True)
class Hostile:
    """One archive: what it is called for people, where it goes in a bundle, and its bytes."""

    what: str
    ending: str
    data: bytes

    @property
    def folder(self) -> str:
        return "articles" if self.ending in ("docx", "epub") else "comics"


def hostile() -> Iterator[Hostile]:
    """All of them, always the same, neighbours of every form."""
    yield from _interleaved(
        _with_names(), _with_links(), _with_twins(), _with_devices(), _with_two_faces(), _with_many(), _in_documents()
    )


def _interleaved(*kinds: Iterator[Hostile]) -> Iterator[Hostile]:
    for row in itertools.zip_longest(*kinds):
        yield from (one for one in row if one is not None)


# Names


def _zip_stored(name: str) -> bytes:
    return zip_of([Part(_bytes(name), PICTURE, flags=0x800)])


def _zip_deflated(name: str) -> bytes:
    return zip_of([Part(_bytes(name), PICTURE, stored=deflated(PICTURE), method=8)])


def _zip_behind_a_good_page(name: str) -> bytes:
    return zip_of([Part(b"1.png", PICTURE), Part(_bytes(name), PICTURE, flags=0x800)])


def _zip_with_another_name(name: str) -> bytes:
    """The code page's name is harmless; the field for Unicode beside it is not."""
    harmless = b"1.png"
    field = b"\1" + struct.pack("<L", zlib.crc32(harmless)) + _bytes(name)
    return zip_of([Part(harmless, PICTURE, extra=struct.pack("<HH", 0x7075, len(field)) + field)])


def _tar(name: str, form: int = tarfile.PAX_FORMAT, packing: str = "") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{packing}", format=form, errors="surrogateescape") as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("1.png")
        info.name, info.size = name, len(PICTURE)
        archive.addfile(info, io.BytesIO(PICTURE))
    return file.getvalue()


def _sevenzip(name: str, *, solid_with: str = "") -> bytes:
    """py7zr writes harmless names only: theirs is exchanged in the plain header for one of the same length."""
    stand_in = ("n" * len(name.encode("utf-16-le")))[: len(name.encode("utf-16-le")) // 2] or "n"
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=[{"id": py7zr.FILTER_COPY}]) as archive:
        archive.set_encoded_header_mode(False)
        if solid_with:
            archive.writestr(PICTURE, solid_with)
        archive.writestr(PICTURE, stand_in)
    return _renamed(file.getvalue(), stand_in.encode("utf-16-le"), name.encode("utf-16-le"))


def _renamed(archive: bytes, old: bytes, new: bytes) -> bytes:
    """A 7z with a plain header in which one name is another; the checksums are made anew (7zFormat.txt)."""
    offset, size = struct.unpack_from("<QQ", archive, 12)
    header = archive[32 + offset : 32 + offset + size]
    assert header.count(old) >= 1
    at = header.rindex(old)
    header = header[:at] + new[: len(old)].ljust(len(old), b"\0") + header[at + len(old) :]
    start = struct.pack("<QQL", offset, size, zlib.crc32(header))
    return archive[:8] + struct.pack("<L", zlib.crc32(start)) + start + archive[32 : 32 + offset] + header


_BY_NAME: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "stored": ("zip", _zip_stored),
    "deflated": ("cbz", _zip_deflated),
    "second": ("cbz", _zip_behind_a_good_page),
    "Unicode path": ("zip", _zip_with_another_name),
    "called a RAR": ("cbr", _zip_stored),
    "pax": ("tar", _tar),
    "GNU": ("cbt", lambda name: _tar(name, tarfile.GNU_FORMAT)),
    "gzip": ("tar.gz", lambda name: _tar(name, packing="gz")),
    "xz": ("cbt", lambda name: _tar(name, packing="xz")),
    "7z": ("cb7", _sevenzip),
    "7z, second": ("7z", lambda name: _sevenzip(name, solid_with="1.png")),
    "RAR 5": ("cbr", lambda name: rar5({name: PICTURE})),
    "RAR 5, second": ("rar", lambda name: rar5({"1.png": PICTURE, name: PICTURE})),
    "RAR 4": ("cbr", lambda name: rar4({name: PICTURE})),
}


def _with_names() -> Iterator[Hostile]:
    for what, name in NAMES.items():
        for form, (ending, make) in _BY_NAME.items():
            if data := _made(make, name):
                yield Hostile(f"{what} ({form})", ending, data)


def _made(make: Callable[[str], bytes], name: str) -> bytes:
    """b"" for what a form has no room for: a tar of nothing, a RAR 4 of 70,000 letters."""
    try:
        return make(name)
    except (ValueError, struct.error, AssertionError):
        return b""


# Links, and what is written through them


def _with_links() -> Iterator[Hostile]:
    for what, target in TARGETS.items():
        link = Part(b"link", target.encode(), system_and_mode=(stat.S_IFLNK | 0o777) << 16)
        through = Part(f"link/{MARK}.png".encode(), PICTURE)
        yield Hostile(f"a link to {what}, and through it", "cbz", zip_of([link, through]))
        yield Hostile(f"through a link to {what} that comes later", "zip", zip_of([through, link]))
        yield Hostile(f"a link to {what}, called a page", "cbz", zip_of([Part(b"1.png", PICTURE), _named(link)]))
        for form, kind in (("a symbolic", tarfile.SYMTYPE), ("a hard", tarfile.LNKTYPE)):
            yield Hostile(f"{form} link to {what}, and through it", "cbt", _tar_of(("link", kind, target)))
            yield Hostile(
                f"{form} link to {what} over a page", "tar.gz", _tar_of(("1.png", kind, target), packing="gz")
            )
        yield Hostile(f"a link of RAR 5 to {what}", "cbr", rar5({"1.png": PICTURE}, links={"link": target}))
        yield Hostile(
            f"through a link of RAR 5 to {what}", "rar", rar5({f"link/{MARK}.png": PICTURE}, links={"link": target})
        )


def _named(link: Part) -> Part:
    return Part(b"2.png", link.content, system_and_mode=link.system_and_mode)


def _tar_of(*special: tuple[str, bytes, str], packing: str = "") -> bytes:
    """A tar with these special members, a page through a link, and one of its own."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        for name, kind, target in special:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        for name in (f"link/{MARK}.png", "1.png"):
            info = tarfile.TarInfo(name)
            info.size = len(PICTURE)
            archive.addfile(info, io.BytesIO(PICTURE))
    return file.getvalue()


_SPECIAL = {
    "a character device": (tarfile.CHRTYPE, stat.S_IFCHR),
    "a block device": (tarfile.BLKTYPE, stat.S_IFBLK),
    "a pipe": (tarfile.FIFOTYPE, stat.S_IFIFO),
    "a socket": (b"s", stat.S_IFSOCK),
    "a whole disk to restore": (b"M", stat.S_IFREG),
}


def _with_devices() -> Iterator[Hostile]:
    for what, (kind, mode) in _SPECIAL.items():
        for name in ("page.png", f"../{MARK}.png", "dev/sda", "1.png"):
            yield Hostile(f"{what} called {name}", "cbt", _tar_of((name, kind, "")))
            part = Part(name.encode(), b"", system_and_mode=(mode | 0o666) << 16)
            yield Hostile(f"{what} called {name}", "cbz", zip_of([Part(b"0.png", PICTURE), part]))


def _with_twins() -> Iterator[Hostile]:
    for what, names in TWINS.items():
        parts = [Part(_bytes(name), PICTURE, flags=0x800) for name in names]
        yield Hostile(f"twins: {what}", "cbz", zip_of(parts))
        yield Hostile(f"twins: {what}", "zip", zip_of(parts[::-1]))
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w") as archive:
            for name in names:
                info = tarfile.TarInfo(name)
                info.size = len(PICTURE)
                archive.addfile(info, io.BytesIO(PICTURE))
        yield Hostile(f"twins: {what}", "tar", file.getvalue())
        if names[0] != names[1]:
            yield Hostile(f"twins: {what}", "cbr", rar5(dict.fromkeys(names, PICTURE)))


def _with_two_faces() -> Iterator[Hostile]:
    """The directory says one name, the bytes before the member another."""
    for what, name in itertools.islice(NAMES.items(), 0, None, 2):
        part = Part(b"1.png", PICTURE, local_name=_bytes(name))
        yield Hostile(f"locally {what}", "cbz", zip_of([part]))
        part = Part(_bytes(name), PICTURE, flags=0x800, local_name=b"1.png")
        yield Hostile(f"in the directory {what}", "zip", zip_of([part]))


def _with_many() -> Iterator[Hostile]:
    many = [Part(f"../{MARK}-{number}.png".encode(), b"") for number in range(65_000)]
    yield Hostile("65,000 names", "cbz", zip_of([*many, Part(b"1.png", PICTURE)]))
    more = io.BytesIO()
    with zipfile.ZipFile(more, "w") as archive:
        for number in range(70_000):
            archive.writestr(f"{number}", b"")
    yield Hostile("70,000 names", "cbz", more.getvalue())


# Documents


def _in_documents() -> Iterator[Hostile]:
    for what, name in NAMES.items():
        yield Hostile(f"{what} (a page of an EPUB)", "epub", _epub(name, f"OEBPS/{name}"))
        yield Hostile(f"{what} (named in an EPUB, and not there)", "epub", _epub(name, "OEBPS/1.png"))
        yield Hostile(f"{what} (the package of an EPUB)", "epub", _epub_with_package_at(name))
        yield Hostile(f"{what} (a picture of a DOCX)", "docx", _docx(name))


def _epub(href: str, member: str) -> bytes:
    body = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{page(escape(href))}</body></html>'
    return zip_of(
        [
            Part(b"mimetype", b"application/epub+zip"),
            Part(b"META-INF/container.xml", CONTAINER.encode()),
            Part(b"OEBPS/content.opf", _told(package(["t/1.xhtml"], [escape(href)]))),
            Part(b"OEBPS/t/1.xhtml", _told(body)),
            Part(_bytes(member), PICTURE, flags=0x800),
        ]
    )


def _epub_with_package_at(name: str) -> bytes:
    container = CONTAINER.replace("OEBPS/content.opf", escape(name, quote=True))
    return zip_of(
        [
            Part(b"mimetype", b"application/epub+zip"),
            Part(b"META-INF/container.xml", _told(container)),
            Part(_bytes(name), package(["1.xhtml"], []).encode(), flags=0x800),
        ]
    )


def _docx(name: str) -> bytes:
    """Word's own document with another target in its relations."""
    plain = docx(shown("boat") + shown("boat"), {"boat.png": PICTURE})
    parts = []
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        for info in archive.infolist():
            data = archive.read(info)
            if info.filename.endswith("document.xml.rels"):
                data = data.replace(b"media/boat.png", _told(escape(name, quote=True)))
            parts.append(Part(_bytes(info.filename.replace("media/boat.png", name)), data, flags=0x800))
    return zip_of(parts)


def _told(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")[:65_535]
