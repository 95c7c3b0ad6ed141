"""What an import writes as Markdown keeps what it was given, of any size."""

from __future__ import annotations

from packager.importing.markdown import markdown
from packager.model import Figure, Paragraph, Text

SPACES = "\xa0" * 150_000


def _no_picture(figure: Figure) -> str:
    raise AssertionError(figure)


def test_a_long_run_of_spaces_inside_a_line_is_written_at_once() -> None:
    """Only spaces at the ends of a line need numbers."""
    assert markdown((Paragraph((Text(f"a{SPACES}b\xa0"),)),), _no_picture) == f"a{SPACES}b&#160;\n"
