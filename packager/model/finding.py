"""What the check says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One broken rule in one place. `path` is relative to what was checked, "" for the whole of it."""

    path: str
    code: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
    line: int | None = None
