"""Subtitles -> pictures of words over a film, set and drawn in worker processes as texts are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packager.film.kept import MadeFiles, key_of
from packager.film.overlay import Overlay, write_overlay
from packager.film.standing import KeptFilms
from packager.layout.cues import MOST_LETTERS, CuesView, bottom, changes, cues_view
from packager.model import Subtitles
from packager.output import templating
from packager.pictures import typesetting
from packager.pictures.typesetting import SetCues, SettingJob
from packager.plan.typesetting import done, unset_warning
from packager.sandbox.pool import Workers

_TEMPLATE = "cues.typ"
_TEXTS_IN_A_JOB = 64  # so many pictures a worker holds
_READABLE_LETTERS = 160  # at once: more are set small


@dataclass(frozen=True, slots=True)
class _Words:
    """Words as they change, parted for jobs, and the views in which those of each part are set."""

    parts: list[list[tuple[int, str]]]
    views: list[CuesView]

    @classmethod
    def of(cls, subtitles: Subtitles, width: int, height: int) -> _Words:
        changed = list(changes(subtitles.cues))
        parts = [changed[first : first + _TEXTS_IN_A_JOB] for first in range(0, len(changed), _TEXTS_IN_A_JOB)]
        texts = (dict.fromkeys(text for _, text in part) for part in parts)
        return cls(parts, [cues_view(each, subtitles.language, width, height) for each in texts])


def overlay(
    subtitles: Subtitles, size: tuple[int, int], workers: Workers, folder: Path, kept: KeptFilms | None = None
) -> tuple[Overlay, tuple[str, ...]]:
    """Write the words for a film whose pictures have that size into a file in the new `folder`, with what to warn of.

    What the `kept` folder of an earlier run has is not set again. No more than a few pictures are in memory, however
    many words there are.
    """
    typesetting.require()
    folder.mkdir()
    width, height = size
    words = _Words.of(subtitles, width, height)
    top = height - bottom(height) - words.views[0].height
    key = key_of("words", typesetting.engine(), templating.typeset(_TEMPLATE), size, words)
    if kept and (found := kept.get(key, folder, "")):
        return Overlay(next(iter(found.files)), top), found.remarks
    path = folder / "words"
    unset = _write(path, words, workers)
    warnings = (*unset_warning(unset), *_long(words))
    if kept:
        kept.put(key, MadeFiles({path: 0}, warnings))
    return Overlay(path, top), warnings


def _write(path: Path, words: _Words, workers: Workers) -> set[str]:
    """Draw all words into the new file `path`, and return the signs of them that no font has."""
    template = templating.typeset(_TEMPLATE)
    jobs = (SettingJob(template, templating.data(view), path.parent) for view in words.views)
    unset: set[str] = set()

    def pictures() -> Iterator[tuple[int, bytes]]:
        for part, result in zip(words.parts, workers.map(typesetting.set_cues, jobs), strict=True):
            drawn: SetCues = done(result)
            unset.update(drawn.unset)
            texts = dict.fromkeys(text for _, text in part)
            picture_of = dict(zip(texts, drawn.pictures, strict=True))
            yield from ((time, picture_of[text]) for time, text in part)

    width, height = words.views[0].width, words.views[0].height
    write_overlay(path, width, height, pictures())
    return unset


def _long(words: _Words) -> Iterator[str]:
    lengths = [len(text) for part in words.parts for _, text in part]
    if times := sum(length > _READABLE_LETTERS for length in lengths):
        cut = f" and cut behind {MOST_LETTERS:,}" * (max(lengths) > MOST_LETTERS)
        long = f"subtitles of more than {_READABLE_LETTERS} letters at once"
        yield f"{long} are set small over the pictures{cut}: {times:,}"
