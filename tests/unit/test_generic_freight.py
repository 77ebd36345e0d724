"""Freight of types of one's own: found, picked, and written by hand, it is the same."""

from __future__ import annotations

from hashlib import sha1

import pytest

from ferryman.domain.assembly import assembled
from ferryman.domain.candidate import candidate, missing
from ferryman.domain.errors import InvalidError
from ferryman.domain.findings import together
from ferryman.domain.freight import Artifact, Freight, Origin
from ferryman.domain.generic import AnsweredArtifact, discovered
from ferryman.domain.picking import Picks, picked
from ferryman.domain.resource import Metadata
from ferryman.domain.warehouse import Warehouse
from tests.pipelines import NOW

VERSIONS = [AnsweredArtifact(version=v, metadata={"of": v}) for v in ("1.3.0", "1.2.0")]
FOUND = together([discovered("npm", "pad", VERSIONS)], at=NOW)


def warehouse() -> Warehouse:
    """One that has found two versions."""
    spec = {"subscriptions": [{"name": "pad", "npm": {"config": {}}}]}
    bare = Warehouse(metadata=Metadata(name="pads", namespace="shop"), spec=spec)
    return bare.model_copy(
        update={"status": bare.status.model_copy(update={"discovered_artifacts": FOUND})}
    )


def by_hand(**artifact: str) -> Freight:
    """What somebody writes."""
    origin, metadata = Origin(name="pads"), Metadata(name="", namespace="shop")
    return Freight(metadata=metadata, origin=origin, artifacts=[Artifact(**artifact)])


def test_its_name() -> None:
    """It is Kargo's hash (§1.5), in which metadata do not count."""
    name = sha1(b"Warehouse/pads:npm:pad:1.3.0", usedforsecurity=False).hexdigest()
    found = candidate(warehouse(), FOUND)
    assert found.name == name
    assert picked(warehouse(), Picks()) == found
    written = assembled(by_hand(subscription_name="pad", version="1.3.0"), warehouse())
    assert (written.name, written.artifacts) == (name, found.artifacts)


def test_picked() -> None:
    """A version that was found is named by the subscription, and keeps what is known of it."""
    freight = picked(warehouse(), Picks(artifacts=["pad@1.2.0"]))
    assert [(a.version, a.metadata) for a in freight.artifacts] == [("1.2.0", {"of": "1.2.0"})]


@pytest.mark.parametrize(
    ("pick", "said"),
    [
        ("pad@9", "artifacts[0]: pad@9 was not discovered; there are: 1.3.0, 1.2.0"),
        (
            "npm@1.2.0",
            "npm@1.2.0 is of no generic subscription of the warehouse; there are: npm pad",
        ),
        ("pad", "write NAME@VERSION"),
    ],
)
def test_picked_in_vain(pick: str, said: str) -> None:
    """The refusal names the pick, and what there is instead."""
    with pytest.raises(InvalidError) as refused:
        picked(warehouse(), Picks(artifacts=[pick]))
    assert said in str(refused.value)


def test_what_was_not_found() -> None:
    """It may be written by hand all the same, and is of the subscription's type."""
    written = assembled(by_hand(subscription_name="pad", version="0.9"), warehouse())
    (artifact,) = written.artifacts
    assert (artifact.artifact_type, artifact.metadata) == ("npm", {})


def test_misfits() -> None:
    """What no subscription watches is refused."""
    with pytest.raises(InvalidError, match="x is none of its repositories"):
        assembled(by_hand(subscription_name="x", version="1"), warehouse())


def test_nothing() -> None:
    """A subscription that finds nothing keeps Freight from being made."""
    found = together([discovered("npm", "pad", [])], at=NOW)
    assert missing(warehouse(), found) == ["no version of pad fits what warehouse pads asks for"]
