"""Freight in groups, by discovery or by version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Freight
from ferryman.domain.freight_groups import check_grouping, grouped
from tests.pipelines import NOW


def freight(number: int, tag: str, *, more: tuple[str, ...] = ()) -> Freight:
    """Discovered in the order of numbers."""
    repositories = ("web", *more)
    return Freight.load(
        {
            "metadata": {"name": str(number)},
            "origin": {"name": "app"},
            "discoveredAt": NOW + timedelta(minutes=number),
            "images": [{"repoURL": repo, "tag": tag} for repo in repositories],
            "commits": [{"repoURL": "git", "id": "c", "tag": tag}],
            "charts": [
                {"repoURL": "charts", "name": "db", "version": tag},
                {"repoURL": "oci://app", "version": tag},
            ],
        }
    )


ALL = [freight(1, "1.10.0"), freight(2, "1.9.0", more=("api",)), freight(3, "latest")]


def names(**how: Any) -> dict[str, list[str]]:
    """The names in each group."""
    return {name: [f.name for f in items] for name, items in grouped(ALL, **how).items()}


def test_all_together_in_the_order_of_discovery() -> None:
    """Without anything said, and the other way round."""
    assert names() == {"": ["1", "2", "3"]}
    assert names(reverse=True) == {"": ["3", "2", "1"]}
    assert grouped([]) == {"": []}


def test_by_repository() -> None:
    """Freight is in each group that it belongs to; one group can be asked for."""
    assert names(by="image_repo") == {"api": ["2"], "web": ["1", "2", "3"]}
    assert names(by="image_repo", group="api") == {"api": ["2"]}
    assert names(by="git_repo") == {"git": ["1", "2", "3"]}
    assert set(names(by="chart_repo")) == {"charts/db", "oci://app"}
    assert grouped([], by="git_repo") == {}


@pytest.mark.parametrize("by", ["image_repo", "git_repo", "chart_repo"])
def test_by_version(by: Any) -> None:
    """As versions, not as text; what is none comes first."""
    for items in names(by=by, order="tag").values():
        assert items in (["3", "2", "1"], ["2"])
    for items in names(by=by, order="tag", reverse=True).values():
        assert items in (["1", "2", "3"], ["2"])


def test_what_makes_no_sense_is_refused() -> None:
    """A tag and a group are of a kind of repository."""
    with pytest.raises(InvalidError, match="orderBy: tag needs groupBy"):
        check_grouping("", "tag", "")
    with pytest.raises(InvalidError, match="group: needs groupBy"):
        check_grouping("", "", "web")
    check_grouping("image_repo", "tag", "web")
