"""Take a picture of a page: `python -m tests.browsers PAGE PNG [WIDTH HEIGHT]`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browsers import screenshot

screenshot(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:5]))
