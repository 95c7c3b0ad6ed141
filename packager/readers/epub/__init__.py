"""EPUB: the package of a book, what its documents hold, and whether it is read as pictures or as text."""

from packager.readers.epub.contents import Document, documents, is_of_pictures
from packager.readers.epub.package import Heading, Package, read_package, resolve

__all__ = ["Document", "Heading", "Package", "documents", "is_of_pictures", "read_package", "resolve"]
