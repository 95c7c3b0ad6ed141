"""EPUB: what the package of a book says and its documents hold; of a book of pictures, the files of a comic."""

from packager.readers.epub.comic import comic_files, cover_of, remarks_on
from packager.readers.epub.documents import BookDocument, ReadBook, read_book
from packager.readers.epub.package import ContentsLine, EpubPackage, picture_names, read_package, resolve

__all__ = [
    "BookDocument",
    "ContentsLine",
    "EpubPackage",
    "ReadBook",
    "comic_files",
    "cover_of",
    "picture_names",
    "read_book",
    "read_package",
    "remarks_on",
    "resolve",
]
