"""Rows of an endless picture, made narrower as they arrive: as if all of them had been resized at once.

With widths in the ratio p : q in lowest terms, source row p*n lies exactly under target row q*n. So rows are resized in
blocks that begin at multiples of p, each with so many rows around it as the kernel reaches: every target row then
sees the same source rows at the same distances as it would in the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd

from packager.pictures.vips.engine import from_rows

_KERNEL_RADIUS = 3  # Lanczos, in target pixels
_BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Resampler:
    """Makes rows of `source` pixels into rows of `target` pixels, three bytes each; `target` is not the larger.

    `rows` are the source rows still needed, the first of them row `top`; source rows before `start` are made. The
    `kernel` is one of libvips that reaches no farther than Lanczos.
    """

    source: int
    target: int
    kernel: str = "lanczos3"
    rows: bytes = b""
    top: int = 0
    start: int = 0

    def feed(self, rows: bytes) -> tuple[Resampler, bytes]:
        """Take further rows; the resampler that waits for the next ones, and the target rows that are ready."""
        if self.source == self.target:
            return self, rows
        state, made = replace(self, rows=self.rows + rows), []
        while state._known >= state.start + state._block + state._reach:
            state, block = state._next_block()
            made.append(block)
        return state, b"".join(made)

    def finish(self) -> bytes:
        """Return the remaining target rows; a last row that is covered by half or more counts."""
        if not self.rows:
            return b""
        p, q = self._ratio
        height = max(1, (2 * self._known * q + p) // (2 * p))
        last = self.rows[-3 * self.source :]
        padded = self.rows + last * (-self._known % p)
        return self._shrunk(padded, height - self.start // p * q)

    def _next_block(self) -> tuple[Resampler, bytes]:
        p, q = self._ratio
        end = self.start + self._block
        made = self._shrunk(self.rows[: (end + self._reach - self.top) * 3 * self.source], self._block // p * q)
        top = max(0, end - self._reach)
        rows = self.rows[(top - self.top) * 3 * self.source :]
        return replace(self, rows=rows, top=top, start=end), made

    def _shrunk(self, rows: bytes, height: int) -> bytes:
        """`height` target rows from row `start` on."""
        p, q = self._ratio
        image = from_rows(rows, self.source).reducev(p / q, kernel=self.kernel).reduceh(p / q, kernel=self.kernel)
        return bytes(image.crop(0, (self.start - self.top) // p * q, self.target, height).write_to_memory())

    @property
    def _ratio(self) -> tuple[int, int]:
        divisor = gcd(self.source, self.target)
        return self.source // divisor, self.target // divisor

    @property
    def _known(self) -> int:
        return self.top + len(self.rows) // (3 * self.source)

    @property
    def _block(self) -> int:
        p, _ = self._ratio
        return p * max(1, _BLOCK_ROWS // p)

    @property
    def _reach(self) -> int:
        p, q = self._ratio
        return p * (1 + (_KERNEL_RADIUS * p + 2 * q) // (p * q))
