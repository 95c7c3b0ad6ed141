"""What measures the pictures and films of a bundle, with what stands, a cache and a cluster."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from packager.build.films import FilmMeasurer
from packager.build.measure import Measurer
from packager.build.request import Request
from packager.build.reuse import Reuse
from packager.files.store import MOST_BYTES, Store
from packager.film.kept import FilmCache
from packager.film.standing import StandingFilms
from packager.model.progress import Progress
from packager.pictures.batches import BatchSender, Cluster
from packager.pictures.cache import Cache
from packager.pictures.renderer import PictureRenderer
from packager.pictures.standing import StandingPictures
from packager.sandbox.pool import Workers


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What need not be made here: what was made `before`, and what a cluster helps to make."""

    before: Reuse
    cluster: Cluster | None = None


def measurer_of(
    request: Request, scratch: Path, workers: Workers, progress: Progress, elsewhere: Elsewhere | None = None
) -> tuple[Measurer, Store | None]:
    """Return what measures pictures and films into `scratch`, and where it keeps them; what a cluster made, always."""
    store = Store(request.cache, request.cache_bytes or MOST_BYTES) if request.cache else None
    cluster = elsewhere.cluster if elsewhere else None
    if cluster and not store:
        store = Store(scratch / "from-cluster", sys.maxsize)
    if store:
        store.tried(store.trim)
    cache = Cache(store) if store else None
    before = elsewhere.before if elsewhere else None
    made = StandingPictures(before.remembered, before.stands.find, before.pieces, cache) if before else cache
    kept = FilmCache(store) if store and request.cache else None
    recorded = StandingFilms(before.remembered, before.stands.find, kept) if before else kept
    hashed = before.digests if before else None
    renderer = PictureRenderer(workers, made, hashed, skip_damaged=request.skip_damaged)
    films = FilmMeasurer(scratch, workers, progress, recorded, hashed, only_foretells=request.is_preview)
    sender = BatchSender(cluster, cache, renderer) if cluster and cache else None
    return Measurer(scratch, renderer, progress, films, sender), store
