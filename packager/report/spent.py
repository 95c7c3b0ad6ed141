"""What a tree had to do without for lack of space: editions, works, quality of pictures."""

from __future__ import annotations

from collections.abc import Iterator

from packager.build.result import PlannedTree
from packager.plan.plan import Plan
from packager.report.words import size


def spent(tree: PlannedTree) -> Iterator[tuple[str, str]]:
    """Each loss with its label; nothing where everything fits in the quality of the profile."""
    plan, default = tree.plan, tree.build.profile.picture.quality
    for edition, taken in plan.given_up:
        yield "Given up", f"the edition {edition}, for which there is no space: it would have taken {size(taken)}"
    if tree.dropped:
        titles = "; ".join(each.versions[0].title for each in tree.dropped)
        yield "Dropped", f"{titles}: no space for {'it' if len(tree.dropped) == 1 else 'them'}"
    if plan.level is not None:
        yield "Pictures", f"quality {mean_quality(plan)} on average (the profile's: {default}), as the space allows"


def mean_quality(plan: Plan) -> int:
    """The mean quality of the pictures, as libjpeg counts it; 0 without any."""
    pictures = sum(share.pictures for share in plan.shares)
    return round(sum(share.quality * share.pictures for share in plan.shares) / pictures) if pictures else 0
