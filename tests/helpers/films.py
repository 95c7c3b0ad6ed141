"""Films whose pictures can be counted and whose sound clicks once a second, and what is seen and heard of a film.

A film's upper quarter is its frame counter: sixteen blocks from the left, white for the bits that are set, least first.
"""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import numpy as np

_BITS = 16
_COUNTER = "geq=lum='16+219*gt(bitand(N,pow(2,X)),0)':cb=128:cr=128"
# A click of ten milliseconds at each whole second, in the left channel as in the right.
_CLICKS = "if(lt(mod(t,1),0.01),0.8*sin(2*PI*1500*t),0)"
_LOUD = 0.3
_HZ = 16_000


def made(
    path: Path,
    *options: str,
    seconds: float = 2,
    rate: str = "25",
    size: str = "320x240",
    filters: str = "",
    has_sound: bool = True,
) -> Path:
    """Write a film with a counter and clicks to `path`; its ending says in what, `options` of ffmpeg how."""
    width, height = map(int, size.split("x"))
    counter = f"color=size={_BITS}x4:rate={rate},{_COUNTER},scale={width}:{height // 4}:flags=neighbor[counter]"
    drawn = f"testsrc2=size={size}:rate={rate}:duration={seconds}[drawn]"
    whole = f"{drawn};{counter};[drawn][counter]overlay=shortest=1,format=yuv420p"
    sound = ("-f", "lavfi", "-i", f"aevalsrc='{_CLICKS}|{_CLICKS}':s=44100:d={seconds}") if has_sound else ()
    shown = ",".join(filter(None, (whole, filters)))
    run("-f", "lavfi", "-i", shown, *sound, *options, "-shortest", str(path))
    return path


def run(*options: str) -> bytes:
    """Return what ffmpeg writes with these options; it must say nothing."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *options], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()[-2000:]
    return done.stdout


def pictures(path: Path, *, width: int = 64, height: int = 48) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return every picture of a film that a player shows, in greys: (pictures, height, width)."""
    raw = run("-i", str(path), "-map", "0:v", "-vsync", "0", "-vf", f"scale={width}:{height}:flags=area", *GREYS)
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width)


GREYS = ("-pix_fmt", "gray", "-f", "rawvideo", "pipe:1")


def counted(path: Path) -> list[int]:
    """Return the counter of every picture that a player shows, in their order."""
    blocks = pictures(path, width=_BITS * 4, height=48)[:, 4:8, 1::4].mean(axis=1) > 128
    return [int(sum(1 << bit for bit in range(_BITS) if picture[bit])) for picture in blocks]


def clicks(path: Path, stream: int = 0) -> list[float]:
    """Return the seconds at which a click begins, as a player plays it."""
    raw = run("-i", str(path), "-map", f"0:a:{stream}", "-ac", "1", "-ar", str(_HZ), "-f", "f32le", "pipe:1")
    loud = np.flatnonzero(np.abs(np.frombuffer(raw, np.float32)) > _LOUD)
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-_HZ) > _HZ // 10)]
    return [float(place) / _HZ for place in starts]


def turned(path: Path) -> Path:
    """Have an MP4 say of its pictures that they are to be turned by a quarter, clockwise, and return its path."""
    data = bytearray(path.read_bytes())
    place = data.index(b"tkhd") + 4 + 40  # ISO 14496-12, 8.3.2: what stands before the matrix in version 0
    data[place : place + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path
