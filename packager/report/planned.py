"""What a build would take, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packager.build.result import BuildResult, PlannedTree
from packager.model import Outcome, VersionKey
from packager.plan.plan import ClusterWaste, Share, cluster_waste
from packager.report.built import by_kind, losses, planned_values, private_lines
from packager.report.catalogue import cluster_words
from packager.report.words import Line, as_json, count, duration, labelled
from packager.text.spelling import UNDETERMINED, size
from packager.text.terminal import escaped

WIDEST_TITLE = 40  # columns of a terminal


@dataclass(frozen=True, slots=True)
class Row:
    """One version of a publication: what it is, what it takes now, and what it will.

    Its `pictures` are those of the source, however many pieces a strip is cut into.
    """

    title: str
    language: str
    pictures: int
    share: Share
    bytes_now: int


def rows(tree: PlannedTree, bytes_now: Mapping[VersionKey, int]) -> tuple[Row, ...]:
    """A row for each version in the tree, in the order of the library."""
    shares = {share.key: share for share in tree.plan.shares}
    return tuple(
        Row(version.title, version.language, len(version.pictures), shares[key], bytes_now[key])
        for key, version in tree.build.library.versions
        if key in shares
    )


def plan_text(preview: BuildResult, page: Path | None = None) -> str:
    """For each tree a table of the works, and below it the total, what is left, and what is lost.

    `page` is where the same was written as a page.
    """
    lines: list[str] = []
    for tree in preview.trees:
        heading = [f"{tree.name}/"] if len(preview.trees) > 1 else []
        lines += [*heading, *_table(rows(tree, preview.bytes_of_sources), rest_bytes(tree)), ""]
        lines += [labelled(summary(tree)), ""]
    notes = private_lines(preview.remarks, "packager plan --html FILE shows all")
    warnings = [remark for remark in preview.remarks if remark.outcome is Outcome.WARNING]
    told = (*notes, *by_kind("Look at", warnings, "a build reports all"))
    lines[-1:] = [labelled([line]) for line in told]
    lines += [labelled([("Look", f"at {page}")])] if page else []
    lines.append(f"Next      {escaped(preview.settings.request.command('build'))}")
    return "\n".join(lines)


def _table(shown: tuple[Row, ...], rest_bytes: int) -> Iterator[str]:
    from rich.cells import cell_len, set_cell_size

    titles = [escaped(row.title if row.language == UNDETERMINED else f"{row.title} ({row.language})") for row in shown]
    width = min(WIDEST_TITLE, max(map(cell_len, ["Publication", "Library", *titles])))
    yield f"{'Publication':<{width}}  {'Pictures':>8}  {'Now':>9}  {'In bundle':>9}  {'Quality':>7}"
    for title, row in zip(titles, shown, strict=True):
        now, then = size(row.bytes_now) if row.bytes_now else "", size(row.share.size_bytes)
        quality = row.share.quality or ""
        yield f"{set_cell_size(title, width)}  {row.pictures or '':>8}  {now:>9}  {then:>9}  {quality:>7}"
    if rest_bytes:
        yield f"{'Library':<{width}}  {'':>8}  {'':>9}  {size(rest_bytes):>9}"


def rest_bytes(tree: PlannedTree) -> int:
    """The bytes of what belongs to no work: the home documents."""
    return tree.plan.size_bytes - sum(share.size_bytes for share in tree.plan.shares)


def waste_of(tree: PlannedTree) -> ClusterWaste:
    """What the tree loses to clusters."""
    return cluster_waste(tree.plan, tree.name)


def summary(tree: PlannedTree) -> Iterator[Line]:
    """The total, what is left and what is lost, each with its label."""
    plan, medium = tree.plan, tree.plan.medium
    form = f"{medium.filesystem} with clusters of {cluster_words(medium.cluster_bytes)}"
    if medium.payload_bytes:
        name = medium.name or "the space given"
        left = size(medium.payload_bytes - plan.occupied_bytes)
        yield "Total", f"{size(plan.occupied_bytes)} of {size(medium.payload_bytes)} on {name} ({form}); {left} left"
    else:
        yield "Total", f"{size(plan.occupied_bytes)} on {form}"
    yield "Copying", f"about {duration(plan.size_bytes)} onto a cheap stick"
    waste = waste_of(tree)
    lost = f"{size(waste.lost_bytes)} of it is lost where {count(waste.files, 'file')} do not fill their last cluster"
    if waste.with_small_bytes != waste.lost_bytes:
        lost += f"; formatted with clusters of 4 KiB it would be {size(waste.with_small_bytes)} (--cluster 4KiB)"
    yield "Clusters", lost
    if len(plan.editions) > 1:
        yield "Editions", ", ".join(f"{edition} {size(taken)}" for edition, taken in plan.editions)
    if plan.search_bytes:
        yield (
            "Search",
            f"{size(plan.search_bytes)} of it find words in texts; search = false leaves that out",
        )
    elif tree.build.has_search:
        yield "Search", "finds no words in texts, to leave room for pictures; search = true keeps that"
    yield from losses(tree)


def plan_json(preview: BuildResult) -> str:
    """Everything that the tables say, for machines; a single tree stands at the top."""
    trees = [_tree_json(tree, preview.bytes_of_sources) for tree in preview.trees]
    return as_json(trees[0] if len(trees) == 1 else {"trees": trees})


def _tree_json(tree: PlannedTree, bytes_now: Mapping[VersionKey, int]) -> dict[str, Any]:
    plan, medium, lost = tree.plan, tree.plan.medium, waste_of(tree)
    return planned_values(tree) | {
        "profile": tree.build.profile.name,
        "medium": asdict(medium),
        "left_bytes": medium.payload_bytes - plan.occupied_bytes if medium.payload_bytes else None,
        "lost_bytes": lost.lost_bytes,
        "lost_with_small_clusters_bytes": lost.with_small_bytes,
        "search_bytes": plan.search_bytes,
        "publications": [
            {
                "id": row.share.key[0],
                "language": row.language,
                "title": row.title,
                "pictures": row.pictures,
                "bytes_now": row.bytes_now,
                "size_bytes": row.share.size_bytes,
                "quality": row.share.quality,
                "profile_quality": tree.build.profile.picture.quality,
            }
            for row in rows(tree, bytes_now)
        ],
    }
