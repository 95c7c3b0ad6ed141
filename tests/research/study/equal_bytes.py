"""What our choice of qualities and encoders is worth: against one quality for all, in as many bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from packager.build.measure import USUAL_PER_PIXEL
from packager.model import Encoded, Rendition, Renditions, Role, RoleSet, Wish
from packager.pictures.vips.encode import encode
from packager.pictures.vips.engine import Image
from packager.pictures.vips.takes import encoded_as_wished
from packager.plan.budget import LEVELS, Choice, Forecast, Search, first_wishes
from packager.plan.fitting import coarser_for
from tests.research.study.judges import butteraugli

KEY = ("study", "und")
DEFAULT_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Comparison:
    """Bytes and butteraugli 3-norms at one uniform quality, and of our pictures in no more bytes."""

    quality: int
    uniform_bytes: int
    our_bytes: int
    uniform: tuple[float, ...]
    ours: tuple[float, ...]

    @property
    def mean(self) -> float:
        """How much lower our mean is, as a share."""
        return 1 - fmean(self.ours) / fmean(self.uniform)

    @property
    def worst(self) -> float:
        """How much lower our worst picture is, as a share."""
        return 1 - max(self.ours) / max(self.uniform)


def compare(originals: Sequence[Path], quality: int, folder: Path) -> Comparison:
    """Encode all pictures both ways, and have them judged."""
    images = [Image.new_from_file(str(original)).copy_memory() for original in originals]
    uniform = [folder / f"uniform-{original.stem}.jpg" for original in originals]
    for image, path in zip(images, uniform, strict=True):
        path.write_bytes(encode(image, quality))
    room = sum(path.stat().st_size for path in uniform)
    ours = fitted(images, room, folder)
    return Comparison(
        quality,
        room,
        sum(path.stat().st_size for path in ours),
        tuple(map(butteraugli, originals, uniform)),
        tuple(map(butteraugli, originals, ours)),
    )


def fitted(images: Sequence[Image], room_bytes: int, folder: Path) -> list[Path]:
    """The pictures in at most so many bytes, as a build encodes them."""
    coarser = coarser_for(int(sum(image.width * image.height for image in images) * USUAL_PER_PIXEL), room_bytes)
    first = _encoded(images, first_wishes(0, DEFAULT_QUALITY, coarser), folder / "first")
    forecast = Forecast.of(first, {Role.PAGE: DEFAULT_QUALITY})
    search = Search(most=LEVELS)
    while not search.is_over:
        search = search.told(fits=_bytes(forecast.at(search.step)) <= room_bytes)
    choice = Choice.of(_encoded(images, forecast.wishes(search.fitting)[KEY, Role.PAGE], folder / "second"))
    chosen = choice.affordable(choice.better, room_bytes - _bytes(choice.seen))
    return [shown.path for shown in _pictures(choice.with_better(chosen))]


def _encoded(images: Sequence[Image], wishes: Sequence[Wish], folder: Path) -> dict[tuple[str, str], Renditions]:
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for number, image in enumerate(images):
        wish = wishes[number % len(wishes)]
        encoded = encoded_as_wished(image, Role.PAGE, replace(wish, quality=wish.quality or DEFAULT_QUALITY))
        shown.append(_kept(encoded, folder / f"{number:03}.jpg"))
    return {KEY: Renditions((RoleSet(Role.PAGE, tuple(shown)),))}


def _kept(encoded: Encoded, path: Path) -> Rendition:
    path.write_bytes(encoded.data)
    spares = tuple(_kept(spare, path.with_name(f"{path.stem}-{n}.jpg")) for n, spare in enumerate(encoded.spares))
    return Rendition(
        Role.PAGE,
        path,
        encoded.width,
        encoded.height,
        len(encoded.data),
        quality=encoded.quality,
        distance=encoded.distance,
        spares=spares,
        trials=encoded.trials,
    )


def _pictures(seen: object) -> list[Rendition]:
    assert isinstance(seen, dict)
    return list(seen[KEY].of(Role.PAGE))


def _bytes(seen: object) -> int:
    return sum(shown.size_bytes for shown in _pictures(seen))
