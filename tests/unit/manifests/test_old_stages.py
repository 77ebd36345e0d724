"""`subscriptions` of old Stages become requested Freight."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ferryman.domain.manifests import Item, load, load_all
from ferryman.domain.stage import Stage


def old_stage(name: str, subscriptions: str, project: str = "shop") -> str:
    """Return a Stage as Kargo 0.8 had it."""
    return f"""\
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {{name: {name}, namespace: {project}}}
spec:
  subscriptions: {subscriptions}
"""


def requested(text: str) -> dict[str, list[tuple[str, bool, tuple[str, ...]]]]:
    """Return what each Stage requests: origin, direct, stages."""
    loaded = load(text)
    assert not loaded.errors
    stages = [stage for stage in loaded.resources if isinstance(stage, Stage)]
    return {
        stage.name: [
            (request.origin.name, request.sources.direct, request.sources.stages)
            for request in stage.spec.requested_freight
        ]
        for stage in stages
    }


def test_a_warehouse_is_a_direct_source() -> None:
    """And the warning says what to write."""
    text = old_stage("dev", "{warehouse: w}")
    assert requested(text) == {"dev": [("w", True, ())]}
    assert "spec.subscriptions (line 6): is from before Kargo 0.9" in load(text).warnings[0]


def test_upstream_stages_pass_on_what_they_get() -> None:
    """The Warehouse is found through the Stages above, in whatever order they stand."""
    text = (
        old_stage("prod", "{upstreamStages: [{name: eu}, {name: us}]}")
        + old_stage("us", "{upstreamStages: [{name: dev}, {name: other}]}")
        + old_stage("eu", "{upstreamStages: [{name: dev}]}")
        + old_stage("dev", "{warehouse: w}")
        + old_stage("other", "{warehouse: v}")
        + old_stage("dev", "{warehouse: x}", project="another")
    )
    stages = requested(text)
    assert stages["prod"] == [("w", False, ("eu", "us")), ("v", False, ("us",))]
    assert stages["us"] == [("w", False, ("dev",)), ("v", False, ("other",))]


def test_stages_in_several_files_are_seen_together() -> None:
    """People keep a file for each."""
    texts = [
        ("a.yaml", old_stage("uat", "{upstreamStages: [{name: dev}]}")),
        ("b.yaml", old_stage("dev", "{warehouse: w}")),
    ]
    loaded = load_all(texts)
    assert not loaded.errors
    assert [item.where for item in loaded.items] == ["a.yaml:2", "b.yaml:2"]


def test_stages_in_a_ring_end() -> None:
    """Two Stages that name each other have no Warehouse, and nothing hangs."""
    text = old_stage("a", "{upstreamStages: [{name: b}]}") + old_stage(
        "b", "{upstreamStages: [{name: a}]}"
    )
    assert len([error for error in load(text).errors if "is not known here" in error]) == 2


@pytest.mark.parametrize(
    ("subscriptions", "said"),
    [
        ("{repos: {images: []}}", "write what is watched as subscriptions of a Warehouse"),
        ("{upstreamStages: [{name: gone}]}", "names gone, and which Warehouse's Freight"),
        ("[{warehouse: w}]", "write spec.requestedFreight with an origin and its sources"),
    ],
)
def test_what_cannot_be_meant_is_refused(subscriptions: str, said: str) -> None:
    """With the way out."""
    errors = load(old_stage("dev", subscriptions)).errors
    assert said in errors[0]


def test_requested_freight_wins(stage: Callable[[str], Item]) -> None:
    """Beside it, old subscriptions are ignored, and told."""
    item = stage("""\
        requestedFreight: [{origin: {kind: Warehouse, name: w}, sources: {direct: true}}]
        subscriptions: {warehouse: v}
        """)
    assert isinstance(item.resource, Stage)
    assert item.resource.spec.requested_freight[0].origin.name == "w"
    assert "is older than requestedFreight, and ignored beside it" in item.warnings[0]


def test_an_origin_without_kind_is_a_warehouse(stage: Callable[[str], Item]) -> None:
    """There is no other kind, but it should be written."""
    item = stage("requestedFreight: [{origin: {name: w}, sources: {direct: true}}]")
    assert item.resource
    assert "origin.kind (line 5): is missing; Warehouse is meant" in item.warnings[0]
