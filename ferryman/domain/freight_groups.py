"""Freight in groups, as Kargo's query gives it: by repository, by discovery or by version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Freight
from ferryman.domain.versions import parse_version

GroupBy = Literal["", "image_repo", "git_repo", "chart_repo"]
OrderBy = Literal["", "first_seen", "tag"]


def check_grouping(by: GroupBy, order: OrderBy, group: str) -> None:
    """Raise `InvalidError` for an order or a group that only grouping by something gives sense."""
    if order == "tag" and not by:
        raise InvalidError(
            "tag needs groupBy: a tag is a version of one repository", field="orderBy"
        )
    if group and not by:
        raise InvalidError("needs groupBy, which says what kind of group it is", field="group")


def grouped(
    freight: Iterable[Freight],
    *,
    by: GroupBy = "",
    group: str = "",
    order: OrderBy = "",
    reverse: bool = False,
) -> dict[str, list[Freight]]:
    """Freight by repository, in all groups that it belongs to; without `by` all is in "".

    In each, the first discovered comes first or, by tag, the lowest version; `group` leaves only
    that one.
    """
    groups: dict[str, list[tuple[Any, Freight]]] = {} if by else {"": []}
    for one in freight:
        for name, version in _places(one, by):
            if group in {"", name}:
                key = _by_version(version) if order == "tag" else ()
                groups.setdefault(name, []).append(((key, _seen(one)), one))
    return {
        name: [one for _, one in sorted(groups[name], key=lambda found: found[0], reverse=reverse)]
        for name in sorted(groups)
    }


def _places(freight: Freight, by: GroupBy) -> Iterator[tuple[str, str]]:
    """The groups that it is in, and its version there."""
    match by:
        case "":
            yield "", ""
        case "image_repo":
            yield from ((image.repo_url, image.tag) for image in freight.images)
        case "git_repo":
            yield from ((commit.repo_url, commit.tag) for commit in freight.commits)
        case "chart_repo":
            for chart in freight.charts:
                yield "/".join(filter(None, (chart.repo_url, chart.name))), chart.version


def _seen(freight: Freight) -> tuple[Any, ...]:
    return (freight.discovered_at, freight.name)


def _by_version(tag: str) -> tuple[Any, ...]:
    """What is no version comes before all versions, by its letters."""
    version = parse_version(tag, strict=False)
    return (1, version, tag) if version else (0, tag)
