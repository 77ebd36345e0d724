"""Whatever shape a manifest has, it is read or refused; nothing is raised."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.domain.manifests import dump, load, validate_together
from ferryman.domain.manifests.kinds import MODELS
from ferryman.domain.secret import Secret

pytestmark = pytest.mark.slow

NAMES = (
    *("spec", "metadata", "name", "namespace", "labels", "status", "origin", "kind", "items"),
    *("subscriptions", "image", "git", "chart", "repoURL", "constraint", "semverConstraint"),
    *("requestedFreight", "sources", "stages", "direct", "warehouse", "upstreamStages"),
    *("promotionTemplate", "steps", "uses", "task", "as", "config", "vars", "verification"),
    *("promotionMechanisms", "gitRepoUpdates", "argoCDAppUpdates", "helm", "images", "render"),
    *("promotionPolicies", "stageSelector", "data", "stringData", "charts", "images"),
)
LEAVES = st.sampled_from(
    [None, True, 0, 1.5, "", "a", "${{ x }}", "${X}", "git-clone", "^1.0", "5m"]
)
SHAPES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=30,
)


@settings(max_examples=150)
@given(st.sampled_from(sorted(MODELS)), st.dictionaries(st.sampled_from(NAMES), SHAPES, max_size=5))
def test_every_object_is_read_or_says_why_not(
    of: tuple[str, str], fields: dict[str, object]
) -> None:
    """And what was read comes back from what is written."""
    head = {"apiVersion": of[0], "kind": of[1], "metadata": {"name": "it"}}
    loaded = load(json.dumps(fields | head), known_steps=frozenset({"git-clone"}))
    validate_together(loaded.items)
    (item,) = loaded.items
    assert bool(item.resource) != bool(item.errors)
    kept = [r for r in loaded.resources if not isinstance(r, Secret)]
    assert list(load(dump(kept)).resources) == kept
