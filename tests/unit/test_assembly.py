"""Freight that was written down whole: what its Warehouse would have made, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.assembly import assembled
from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Freight
from ferryman.domain.picking import Picks, picked
from ferryman.domain.warehouse import Warehouse
from tests.unit.test_picking import CLASSIC, GIT, IDS, OCI, SSH, WEB, warehouse

WHOLE: dict[str, Any] = {
    "images": [{"repoURL": WEB, "tag": "1.2.0"}],
    "commits": [
        {"repoURL": "https://git.example/shop", "id": IDS[0]},
        {"repoURL": SSH, "id": "c" * 40},
    ],
    "charts": [
        {"repoURL": OCI, "version": "0.2.0"},
        {"repoURL": CLASSIC, "name": "db", "version": "15.0.1"},
    ],
}


def freight(**contents: Any) -> Freight:
    """What somebody wrote down."""
    written = {"metadata": {"name": "mine", "namespace": "shop"}, "origin": {"name": "app"}}
    return Freight.load(written | WHOLE | contents)


def test_what_discovery_knows_is_added() -> None:
    """Digest, branch, tag, names: so it is the same Freight that picking makes."""
    made, same = assembled(freight(), warehouse()), picked(warehouse(), Picks())
    assert made.name == same.name
    assert (made.images, set(made.commits), made.charts) == (
        same.images,
        set(same.commits),
        same.charts,
    )


def test_what_was_never_seen_stays_as_it_was_written() -> None:
    """Kargo takes it, too; it gets its subscription's name, and with it its own hash."""
    commit = {"repoURL": GIT, "id": "e" * 40, "message": "by hand"}
    made = assembled(freight(commits=[commit, WHOLE["commits"][1]]), warehouse())
    written = next(c for c in made.commits if c.id == "e" * 40)
    assert (written.message, written.subscription_name) == ("by hand", "source")
    assert assembled(freight(), warehouse()).name != made.name
    unseen = assembled(freight(), Warehouse.load(warehouse().dump() | {"status": {}}))
    assert unseen.images[0].digest == ""


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ({"images": []}, f"image {WEB} is there 0 times, give exactly one"),
        ({"images": WHOLE["images"] * 2}, f"image {WEB} is there 2 times"),
        ({"charts": WHOLE["charts"][:1]}, f"chart {CLASSIC} db is there 0 times"),
        ({"images": [*WHOLE["images"], {"repoURL": "x"}]}, "x is none of its repositories"),
        ({"images": [{"repoURL": WEB}]}, "has neither tag nor digest"),
        ({"commits": [{"repoURL": GIT, "id": ""}, WHOLE["commits"][1]]}, f"{GIT} has no id"),
        ({"charts": [{"repoURL": OCI}, WHOLE["charts"][1]]}, f"{OCI} has no version"),
        ({"artifacts": [{"subscriptionName": "a", "version": "1"}]}, "a is none of its repos"),
        (
            {"images": [{"repoURL": WEB, "tag": "1", "subscriptionName": "other"}]},
            "is none of its repositories",
        ),
    ],
)
def test_misfits_are_refused(contents: dict[str, Any], said: str) -> None:
    """Exactly one artifact for each subscription, and nothing besides (reference §1.5)."""
    with pytest.raises(InvalidError) as refused:
        assembled(freight(**contents), warehouse())
    assert said in str(refused.value)


def test_a_type_of_the_users_own() -> None:
    """Its artifact is told by the subscription's name."""
    spec = {"subscriptions": [{"rpm": {"config": {}}, "name": "base"}]}
    own = Warehouse.load({"metadata": {"name": "app"}, "spec": spec})
    artifact = {"artifactType": "rpm", "subscriptionName": "base", "version": "7"}
    made = assembled(freight(images=[], commits=[], charts=[], artifacts=[artifact]), own)
    assert made.artifacts[0].version == "7"
