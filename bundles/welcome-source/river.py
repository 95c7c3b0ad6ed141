"""Draws and composes the film of the welcome bundle: a paper boat goes down the river, and windows light up behind it.

    python bundles/welcome-source/river.py

Needs skia-python and numpy from PyPI, and ffmpeg. What it makes is committed, so nobody else needs them.
"""

from __future__ import annotations

import math
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import palette as p
import skia
from brush import Brush
from shapes import box
from town import Street, boat, candle_light, cloud, hills, moon, ripple, stars, street

FILM = Path(__file__).parent.parent / "welcome/films/river.mp4"
WIDTH, HEIGHT, RATE, SECONDS = 640, 360, 24, 26
# All is drawn twice as large as it is shown.
WIDE, HIGH = 2 * WIDTH, 2 * HEIGHT
SHORE = 430
TRAVEL = 2600  # of the boat along the town, in pixels drawn
TOWN = TRAVEL + WIDE
HERTZ = 44_100
# A slow tune on five notes: (beat, semitones above A3).
BEAT = 0.5
TUNE = (
    *((0, 0), (2, 7), (4, 10), (6, 12), (8, 10), (10, 7), (12, 5), (16, 3), (18, 5), (20, 7), (24, 0)),
    *((26, 7), (28, 12), (30, 15), (32, 17), (34, 15), (36, 12), (38, 10), (40, 12), (44, 7), (46, 5), (48, 0)),
)


def main() -> None:
    """Draw every picture, compose the sound, and write both as most devices play them."""
    layers = Layers()
    FILM.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        sound = Path(scratch, "sound.wav")
        write_sound(sound)
        pictures = ("-f", "rawvideo", "-pix_fmt", "rgba", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "pipe:0")
        coded = ("-c:v", "libx264", "-profile:v", "baseline", "-level", "3.0", "-preset", "veryslow", "-crf", "27")
        plain = ("-pix_fmt", "yuv420p", "-threads", "1", "-c:a", "aac", "-b:a", "64k", "-ac", "1")
        made, program = str(Path(scratch, "river.mp4")), ("ffmpeg", "-v", "error", "-y")
        command = (*program, *pictures, "-i", str(sound), *coded, *plain, made)
        with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
            assert ffmpeg.stdin is not None
            for number in range(RATE * SECONDS):
                ffmpeg.stdin.write(layers.picture(number / (RATE * SECONDS)))
        assert ffmpeg.returncode == 0
        # What the encoder writes of itself is left behind: in the stream, and beside it.
        clean = ("-bsf:v", "filter_units=remove_types=6", "-metadata:s:v:0", "encoder=", "-fflags", "+bitexact")
        copied = ("-i", made, "-c", "copy", "-map_metadata", "-1", *clean, "-movflags", "+faststart", str(FILM))
        subprocess.run((*program, *copied), check=True)


class Layers:
    """What stands behind the boat, drawn once: the sky, the hills, and the town dark and lit."""

    def __init__(self) -> None:
        self.surface = skia.Surface(WIDTH, HEIGHT)
        self.sky = layer(WIDE, self._sky)
        self.hills = layer(TOWN, lambda brush: hills(brush, _range(TOWN), SHORE, (p.DUSK, p.BLUE)))
        self.dark, self.lit = (layer(TOWN, lambda brush, lit=lit: _town(brush, lit)) for lit in (0, 0.7))

    @staticmethod
    def _sky(brush: Brush) -> None:
        brush.sky(WIDE, 0, SHORE, [(0, p.NIGHT), (0.7, p.DEEP), (1, p.DUSK)])
        stars(brush, (0, 0, WIDE, 260), 90, 5)
        moon(brush, 1010, 110, 46)
        cloud(brush, 330, 150, 190, p.DUSK, 0.7)
        cloud(brush, 1150, 200, 150, p.DUSK, 0.6)

    def picture(self, time: float) -> bytes:
        """The picture at a time from 0, the beginning, to 1, the end; as RGBA."""
        canvas = self.surface.getCanvas()
        canvas.save()
        canvas.scale(0.5, 0.5)
        self._draw(canvas, time)
        canvas.restore()
        return bytes(self.surface.toarray(colorType=skia.kRGBA_8888_ColorType))

    def _draw(self, canvas: skia.Canvas, time: float) -> None:
        brush, way = Brush(canvas), TRAVEL * time
        smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
        canvas.drawImage(self.sky, 0, 0, smooth)
        canvas.drawImage(self.hills, -way * 0.3, 0, smooth)
        canvas.drawImage(self.dark, -way, 0, smooth)
        boat_x = 330 + 420 * time
        canvas.saveLayer()
        canvas.drawImage(self.lit, -way, 0, smooth)
        fading = skia.Paint(BlendMode=skia.BlendMode.kDstIn)
        ends = [skia.Point(boat_x - 60, 0), skia.Point(boat_x + 220, 0)]
        fading.setShader(skia.GradientShader.MakeLinear(ends, [0xFF000000, 0x00000000]))
        canvas.drawRect(skia.Rect.MakeWH(WIDE, HIGH), fading)
        canvas.restore()
        self._water(brush, way, time)
        for number in range(9):  # other boats, towards the end
            near = (time - 0.62 - number * 0.022) / 0.2
            if near > 0:
                x = (190 + number * 521) % 1180 + 40 - (way - TRAVEL * 0.62) * 0.12
                y, size = 470 + (number * 83) % 150, 20 + ((number * 83) % 150) * 0.22
                self._boat(brush, x, y, size, min(1, near), time * 40 + number)
        self._boat(brush, boat_x, 600, 74, 1, time * 40)
        brush.fill(box(0, 0, WIDE, HIGH), p.NIGHT, max(0, 1 - time * 14, (time - 0.93) * 14))

    @staticmethod
    def _boat(brush: Brush, x: float, y: float, size: float, light: float, beat: float) -> None:
        sway = math.sin(beat * 0.9)
        ripple(brush, x, y + size * 0.04, size * 1.9, 0.35 * light)
        if light >= 1 or size > 60:
            candle_light(brush, x, y, size * (1 + 0.03 * math.sin(beat * 3.1)))
            with brush.at(x, y + sway * size * 0.03, turn=2.2 * math.sin(beat * 0.7)):
                boat(brush, 0, 0, size)
        else:
            brush.glow((x, y - size * 0.4), size * 2.6 * light, p.AMBER, 0.8 * light)

    @staticmethod
    def _water(brush: Brush, way: float, time: float) -> None:
        brush.sky(WIDE, SHORE, HIGH, [(0, "#24487a"), (0.25, "#1b3766"), (1, p.DEEP)])
        for row in range(12):
            y = SHORE + 14 + row * row * 2.1
            near = (y - SHORE) / (HIGH - SHORE)
            for step in range(5):
                x = (step * 341 + row * 197 - way * (0.4 + near)) % (WIDE + 400) - 200
                length = (40 + 130 * near) * (0.8 + 0.2 * math.sin(time * 60 + row + step))
                brush.fill(box(x, y, length, 2 + 2 * near, 2), p.HAZE, 0.35)


def layer(width: int, paint: object) -> skia.Image:
    """What `paint` puts on a clear ground."""
    surface = skia.Surface(width, HIGH)
    paint(Brush(surface.getCanvas()))  # type: ignore[operator]
    return surface.makeImageSnapshot()


def _range(width: int) -> list[tuple[float, float]]:
    return [(x, 320 - 50 * math.sin(x / 190) - 26 * math.sin(x / 71)) for x in range(-80, width + 160, 80)]


def _town(brush: Brush, lit: float) -> None:
    with brush.clip(box(0, 0, TOWN, SHORE)):
        street(brush, Street("#2c4478", "#22376a", "#3f5b93", foot=SHORE - 26, size=104, seed=12, lit=lit * 0.6), TOWN)
        street(brush, Street("#33508a", "#1d2d5c", "#4a6aa0", foot=SHORE, size=140, seed=31, lit=lit), TOWN)


def write_sound(path: Path) -> None:
    """The tune on a plucked string, over a quiet river."""
    count = HERTZ * SECONDS
    chance = np.random.default_rng(7)
    river = np.cumsum(chance.normal(size=count))
    river -= np.convolve(river, np.ones(801) / 801, mode="same")
    river *= 0.035 / np.abs(river).max() * (1 + 0.5 * np.sin(np.arange(count) * math.tau / HERTZ / 5))
    heard = river
    for beat, semitones in TUNE:
        start = int((1 + beat * BEAT) * HERTZ)
        note = plucked(220 * 2 ** (semitones / 12), 3.2, chance)[: count - start]
        heard[start : start + len(note)] += 0.4 * note
    fade = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / (HERTZ * 1.5))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HERTZ)
        file.writeframes((np.clip(heard * fade, -1, 1) * 32_000).astype("<i2").tobytes())


def plucked(hertz: float, seconds: float, chance: np.random.Generator) -> np.ndarray:
    """A string as Karplus and Strong pluck it (Computer Music Journal 7.2, 1983): noise in a loop that is smoothed."""
    loop = chance.uniform(-1, 1, round(HERTZ / hertz))
    loop = np.convolve(loop, np.ones(4) / 4, mode="same")
    rounds = []
    for _ in range(int(seconds * hertz)):
        rounds.append(loop)
        loop = 0.4985 * (loop + np.roll(loop, 1))
    return np.concatenate(rounds)


if __name__ == "__main__":
    main()
