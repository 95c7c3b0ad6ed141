"""What there is to say of works that lie in a bundle and that its definition does not list."""

from __future__ import annotations

from collections.abc import Sequence

from packager.config.definition import FILE_NAME
from packager.model import Outcome, Remark
from packager.readers.discovery import Work, WorkKind, within
from packager.readers.files import File

_MOST_NAMES = 5


def warning_of(dropped: Sequence[Work]) -> tuple[Remark, ...]:
    """One warning that counts and names them; none where nothing is dropped."""
    if not dropped:
        return ()
    kinds = [work.kind for work in dropped]
    counts = ((kinds.count(WorkKind.COMIC), "comic"), (kinds.count(WorkKind.ARTICLE), "article"))
    what = " and ".join(f"{count} {kind}{'s' if count > 1 else ''}" for count, kind in counts if count)
    names = ", ".join(work.label for work in dropped[:_MOST_NAMES])
    more = f" and {len(dropped) - _MOST_NAMES} more" if len(dropped) > _MOST_NAMES else ""
    are = "are" if len(dropped) > 1 else "is"
    message = (
        f"{what} {are} not listed and so left out: {names}{more}; "
        "add a [[publication]] for each, or remove every [[publication]] to take all"
    )
    return (Remark(FILE_NAME, Outcome.WARNING, message),)


def fates_of(dropped: Sequence[Work], files: Sequence[File], untold: Sequence[File]) -> dict[str, Remark]:
    """The fate of each `untold` file in them, by its label: one for all files of a folder that is a comic."""
    found: dict[str, Remark] = {}
    for work in dropped:
        own = {file.source for file in ((work.archive,) if work.archive else work.files)}
        labels = [file.source.label for file in untold if file.source in own]
        if _is_whole_folder(work, files):
            message = f"a comic that {FILE_NAME} does not list, with {len(labels)} file{'s' * (len(labels) > 1)}"
            found |= dict.fromkeys(labels, Remark(f"{work.label}/", Outcome.PASSED_OVER, message))
        else:
            message = f"{'a comic' if work.kind is WorkKind.COMIC else 'an article'} that {FILE_NAME} does not list"
            found |= {label: Remark(label, Outcome.PASSED_OVER, message) for label in labels}
    return found


def _is_whole_folder(work: Work, files: Sequence[File]) -> bool:
    below = within(files, work.place)
    return work.kind is WorkKind.COMIC and bool(below) and set(below) <= set(work.files)
