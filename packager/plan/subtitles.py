"""Subtitles -> pictures of words over a film, set and drawn in worker processes as texts are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from packager.film.overlay import Overlay, write_overlay
from packager.layout.cues import MOST_LETTERS, bottom, changes, cues_view
from packager.model import Outcome, Remark, Remarks, Subtitles
from packager.output import templating
from packager.pictures import typesetting
from packager.pictures.typesetting import SetCues, SettingJob
from packager.plan.typesetting import done, unset_remark
from packager.sandbox.pool import Workers

_TEXTS_IN_A_JOB = 64  # so many pictures a worker holds
_READABLE_LETTERS = 160  # at once: more are set small


def overlay(
    subtitles: Subtitles, size: tuple[int, int], workers: Workers, path: Path, where: str
) -> tuple[Overlay, Remarks]:
    """Write the words for a film whose pictures have that size into the new file `path`; `where` names it in remarks.

    No more than a few pictures are in memory, however many words there are.
    """
    width, height = size
    changed = list(changes(subtitles.cues))
    batches = [changed[first : first + _TEXTS_IN_A_JOB] for first in range(0, len(changed), _TEXTS_IN_A_JOB)]
    texts = [tuple(dict.fromkeys(text for _, text in batch)) for batch in batches]
    views = [cues_view(each, subtitles.language, width, height) for each in texts]
    template = templating.typeset("cues.typ")
    jobs = (SettingJob(template, templating.data(view), path.parent) for view in views)
    unset: set[str] = set()

    def pictures() -> Iterator[tuple[int, bytes]]:
        for number, result in enumerate(workers.map(typesetting.set_cues, jobs)):
            drawn: SetCues = done(result)
            unset.update(drawn.unset)
            picture_of = dict(zip(texts[number], drawn.pictures, strict=True))
            yield from ((time, picture_of[text]) for time, text in batches[number])

    tall = views[0].height
    write_overlay(path, width, tall, pictures())
    remarks = (*unset_remark(where, unset), *_long(where, changed))
    return Overlay(path, height - bottom(height) - tall), remarks


def _long(where: str, changed: list[tuple[int, str]]) -> Remarks:
    times = sum(len(text) > _READABLE_LETTERS for _, text in changed)
    if not times:
        return ()
    cut = f" and cut behind {MOST_LETTERS:,}" * any(len(text) > MOST_LETTERS for _, text in changed)
    what = f"subtitles of more than {_READABLE_LETTERS} letters at once are set small over the pictures{cut}: {times:,}"
    return (Remark(where, Outcome.WARNING, what),)
