"""Short ways to write a manifest in a test."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from ferryman.domain.manifests import Item, load


@pytest.fixture
def one() -> Callable[[str], Item]:
    """Read a text that holds one document."""

    def read(text: str) -> Item:
        (item,) = load(dedent(text)).items
        return item

    return read


def _read(kind: str, spec: str) -> Item:
    head = f"apiVersion: kargo.akuity.io/v1alpha1\nkind: {kind}\nmetadata: {{name: it}}\nspec:\n"
    (item,) = load(head + indent(dedent(spec), "  "), known_steps=frozenset({"git-clone"})).items
    return item


@pytest.fixture
def stage() -> Callable[[str], Item]:
    """Read a Stage from its spec; it takes Freight of Warehouse w unless the spec says whose."""

    def read(spec: str) -> Item:
        if "requestedFreight" not in spec and "subscriptions" not in spec:
            wanted = (
                "requestedFreight: [{origin: {kind: Warehouse, name: w}, sources: {direct: true}}]"
            )
            spec = f"{wanted}\n{dedent(spec)}"
        return _read("Stage", spec)

    return read


@pytest.fixture
def warehouse() -> Callable[[str], Item]:
    """Read a Warehouse from its subscriptions."""

    def read(subscriptions: str) -> Item:
        return _read("Warehouse", f"subscriptions:\n{dedent(subscriptions)}")

    return read
