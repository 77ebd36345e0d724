"""Picks: Freight by hand from what a Warehouse discovered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.domain.candidate import candidate
from ferryman.domain.errors import ConflictError, InvalidError
from ferryman.domain.freight import Freight
from ferryman.domain.picking import Picks, picked
from ferryman.domain.warehouse import DiscoveredArtifacts, Warehouse
from tests.pipelines import NOW

WEB, GIT, SSH = (
    "registry.example:5000/shop/web",
    "https://git.example/Shop.git",
    "git@h.example:a/b",
)
OCI, CLASSIC = "oci://registry.example/charts/app", "https://charts.example/stable"
IDS = ["aaaaaaa1" + "0" * 32, "aaaaaaa2" + "0" * 32, "b" * 40]
SPEC: dict[str, Any] = {
    "subscriptions": [
        {"image": {"repoURL": WEB}},
        {"git": {"repoURL": GIT}, "name": "source"},
        {"git": {"repoURL": SSH, "commitSelectionStrategy": "Lexical"}},
        {"chart": {"repoURL": OCI}},
        {"chart": {"repoURL": CLASSIC, "name": "db"}},
    ]
}
FOUND: dict[str, Any] = {
    "discoveredAt": NOW,
    "images": [
        {
            "repoURL": WEB,
            "references": [
                {"tag": tag, "digest": f"sha256:{tag}", "annotations": {"a": tag}}
                for tag in ("1.2.0", "1.1.0", "1.0.0")
            ],
        }
    ],
    "git": [
        {
            "repoURL": GIT,
            "subscriptionName": "source",
            "commits": [{"id": i, "branch": "main", "subject": i[:3]} for i in IDS],
        },
        {
            "repoURL": SSH,
            "commits": [{"id": "c" * 40, "tag": "web@2.0.0"}, {"id": "d" * 40, "tag": "v1"}],
        },
    ],
    "charts": [
        {"repoURL": OCI, "versions": ["0.2.0", "0.1.0"]},
        {"repoURL": CLASSIC, "name": "db", "versions": ["15.0.1", "15.0.0"]},
    ],
}


def warehouse(found: dict[str, Any] | None = None, **status: Any) -> Warehouse:
    """What watches five things, after it has looked at them."""
    seen = {"observedGeneration": 3, "discoveredArtifacts": FOUND if found is None else found}
    return Warehouse.load(
        {
            "metadata": {"name": "app", "namespace": "shop", "generation": 3},
            "spec": SPEC,
            "status": seen | status,
        }
    )


def versions(freight: Freight) -> list[str]:
    """What is in it."""
    return [
        *(image.tag for image in freight.images),
        *(commit.tag or commit.id for commit in freight.commits),
        *(chart.version for chart in freight.charts),
    ]


def test_what_is_not_named_is_the_newest() -> None:
    """No picks at all are the Freight that discovery itself would make."""
    looked_at = warehouse()
    found = looked_at.status.discovered_artifacts
    assert isinstance(found, DiscoveredArtifacts)
    assert picked(looked_at, Picks()) == candidate(looked_at, found)


def test_one_of_each() -> None:
    """Every form of a pick; the rest of what discovery knows comes with it."""
    freight = picked(
        warehouse(),
        Picks(
            images=[f"{WEB}:1.1.0"],
            commits=[f"{GIT}@bbbbbbb", f"{SSH}@v1"],
            charts=["registry.example/charts/app@0.1.0", f"{CLASSIC}/db@15.0.0"],
        ),
    )
    assert versions(freight) == ["1.1.0", IDS[2], "v1", "0.1.0", "15.0.0"]
    assert freight.images[0].digest == "sha256:1.1.0"
    assert freight.images[0].annotations == {"a": "1.1.0"}
    commit = freight.commits[0]
    assert (commit.branch, commit.message, commit.subscription_name) == ("main", "bbb", "source")


@pytest.mark.parametrize(
    ("picks", "version"),
    [
        (Picks(images=[f"{WEB}@sha256:1.0.0"]), "1.0.0"),
        (Picks(images=[f"{WEB}:1.0.0@sha256:1.0.0"]), "1.0.0"),
        (Picks(images=[f"{WEB.upper()}:1.0.0"]), "1.0.0"),
        (Picks(commits=["https://me@git.example/shop@AAAAAAA2"]), IDS[1]),
        (Picks(commits=[f"ssh://{SSH.replace(':', '/')}.git@web@2.0.0"]), "web@2.0.0"),
    ],
)
def test_other_spellings(picks: Picks, version: str) -> None:
    """A repository is compared as everywhere; tags may have an @, registries a port."""
    assert version in versions(picked(warehouse(), picks))


@pytest.mark.parametrize(
    ("picks", "said"),
    [
        (
            Picks(images=[f"{WEB}:9.0.0"]),
            f"images[0]: {WEB}:9.0.0 was not discovered; there are: 1.2.0, 1.1.0, 1.0.0",
        ),
        (
            Picks(images=[f"{WEB}:1.0.0@sha256:other"]),
            "sha256:other was not discovered; there are: 1.2.0",
        ),
        (Picks(commits=[f"{GIT}@{'e' * 40}"]), "there are: aaaaaaa10000, aaaaaaa20000, bbbb"),
        (Picks(commits=[f"{GIT}@bbb"]), "was not discovered"),
        (Picks(commits=[f"{GIT}@aaaaaaa"]), "fits several commits, write more of its id"),
        (Picks(charts=[f"{CLASSIC}@15.0.0"]), f"there are: chart {OCI}, chart {CLASSIC} db; write"),
        (Picks(images=["other:1.0.0"]), "images[0]: other:1.0.0 is of no image subscription"),
        (Picks(images=[WEB]), "write REPO:TAG or REPO@DIGEST"),
        (Picks(images=[f"{WEB}:1.0.0", f"{WEB}:1.1.0"]), f"images[1]: image {WEB} is picked twice"),
    ],
)
def test_what_was_not_discovered_is_refused(picks: Picks, said: str) -> None:
    """With the pick, and what there is instead."""
    with pytest.raises(InvalidError) as refused:
        picked(warehouse(), picks)
    assert said in str(refused.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    """One refusal for every pick, and for what found nothing."""
    empty = FOUND | {"charts": [FOUND["charts"][0], FOUND["charts"][1] | {"versions": []}]}
    with pytest.raises(InvalidError) as refused:
        picked(warehouse(empty), Picks(images=[f"{WEB}:9", "x:1"]))
    assert str(refused.value).count("; ") >= 3
    assert f"chart {CLASSIC} db has found nothing yet" in str(refused.value)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"discoveredArtifacts": None}, "has discovered nothing yet"),
        ({"observedGeneration": 2}, "was changed since it last looked"),
    ],
)
def test_it_must_have_looked_at_what_it_watches_now(status: dict[str, Any], why: str) -> None:
    """What was found for other subscriptions is nothing to pick from."""
    with pytest.raises(ConflictError, match=f"{why}: run `ferryman refresh warehouse app --wait`"):
        picked(warehouse(**status), Picks())


@settings(max_examples=100)
@given(st.text(alphabet="ab.:/@1", max_size=12))
def test_any_text_is_refused_by_a_sentence(text: str) -> None:
    """Whatever people write that is of no subscription."""
    for name in ("images", "commits", "charts", "artifacts"):
        picks = Picks(**{name: [text]})
        with pytest.raises(InvalidError, match="is of no"):
            picked(warehouse(), picks)
