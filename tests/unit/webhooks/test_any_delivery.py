"""Whatever is sent, it is read or refused: never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.domain.warehouse import Subscription
from ferryman.domain.webhooks.delivery import Reading, RefusedDeliveryError
from ferryman.domain.webhooks.matching import concerns
from ferryman.domain.webhooks.receivers import GenericReceiver
from ferryman.domain.webhooks.selecting import Candidate, select
from tests.unit.webhooks import senders

pytestmark = pytest.mark.slow

_NAMES = """
ref repository commits project clone_url ssh_url html_url push changes new type name links html
href self clone resource refUpdates remoteUrl eventType action target request host package path
registry_package package_version package_url package_type container_metadata tag push_data repo_key
repo_name docker_url updated_tags event_data resources resource_url data image_type domain url
event_type jpd_origin pull_request object_attributes
"""
_KEYS = st.sampled_from(_NAMES.split())
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.sampled_from(["refs/heads/main", "https://[", "docker", "oci", "pushed", "published", "//"]),
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=20,
)
_SUBSCRIPTIONS = [
    Subscription.load({"git": {"repoURL": "https://a/b", "includePaths": ["c"]}}),
    Subscription.load({"image": {"repoURL": "a/b"}}),
    Subscription.load({"chart": {"repoURL": "oci://a/b"}}),
]
_SENDERS: list[Callable[[Any], Reading]] = [
    *(partial(senders.github, event) for event in ("push", "package", "pull_request", "ping")),
    *(partial(senders.gitlab, event) for event in ("Push Hook", "Merge Request Hook")),
    *(partial(senders.gitea, event) for event in ("push", "pull_request")),
    *(partial(senders.bitbucket, e) for e in ("repo:push", "repo:refs_changed", "pr:merged")),
    *(partial(senders.azure, agent) for agent in ("AzureContainerRegistry", "VSServices")),
    senders.artifactory,
    lambda body: senders.read("dockerhub", senders.delivery(body)),
    lambda body: senders.read("quay", senders.delivery(body)),
    lambda body: senders.read("harbor", senders.delivery(body, Authorization=senders.SECRET)),
]


@settings(max_examples=150, deadline=None)
@given(_JSON)
def test_any_json(body: Any) -> None:
    """Every provider reads it or refuses it, and what is read can be matched."""
    for send in _SENDERS:
        with suppress(RefusedDeliveryError):
            for hit in send(body).hits:
                for subscription in _SUBSCRIPTIONS:
                    concerns(hit, subscription)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    """Also what is no JSON."""
    for kind in ("dockerhub", "quay"):
        with suppress(RefusedDeliveryError):
            senders.read(kind, senders.delivery(body))


_GENERIC = GenericReceiver.load(
    {
        "secretRef": {"name": "s"},
        "actions": [
            {
                "action": "Refresh",
                "whenExpression": "request.body.action != request.body.ref.name[0]",
                "targetSelectionCriteria": [
                    {"kind": "Warehouse", "name": "${{ request.body.name }}"},
                    {
                        "kind": "Warehouse",
                        "labelSelector": {"matchLabels": {"a": "${{ request.body.path }}"}},
                    },
                ],
            }
        ],
    }
)


@settings(max_examples=150, deadline=None)
@given(_JSON)
def test_any_json_for_a_generic_receiver(body: Any) -> None:
    """Expressions select, or fail with a sentence."""
    selection = select(_GENERIC, senders.delivery(json.dumps(body).encode()))
    selection.selects(Candidate("shop", "web"))
    assert all(failure.startswith("actions[0].") for failure in selection.failures)
