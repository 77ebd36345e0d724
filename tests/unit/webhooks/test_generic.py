"""Generic receivers: the user's own expressions say what a delivery means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferryman.domain.manifests import load
from ferryman.domain.webhooks.delivery import Delivery, RefusedDeliveryError
from ferryman.domain.webhooks.receivers import GenericReceiver
from ferryman.domain.webhooks.selecting import Candidate, Selection, select
from tests.unit.webhooks.senders import delivery

URL = "ghcr.io/acme/shop"
WEB = Candidate("shop", "web", {"team": "a", "tier": "1"}, frozenset({URL}))
API = Candidate("shop", "api", {"team": "b"}, frozenset({"ghcr.io/acme/api"}))
BODY = {"kind": "image", "repo": "acme/shop", "count": 5, "team": "a"}


def _select(when: str, *criteria: dict[str, Any], sent: Delivery | None = None) -> Selection:
    selections = [{"kind": "Warehouse", **criterion} for criterion in criteria or ({},)]
    action = {
        "action": "Refresh",
        "whenExpression": when,
        "parameters": {"registry": "ghcr.io"},
        "targetSelectionCriteria": selections,
    }
    receiver = GenericReceiver.load({"secretRef": {"name": "s"}, "actions": [action]})
    return select(receiver, sent or delivery(BODY, X_Event="published"))


def _names(selection: Selection) -> list[str]:
    assert not selection.failures
    return [c.name for c in (WEB, API) if selection.selects(c)]


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("", True),
        ("true", True),
        ("request.body.kind == 'image'", True),
        ("request.body.count == 5 && request.method == 'POST'", True),
        ("request.header('x-event') == 'published'", True),
        ("request.headers('X-Event') == ['published']", True),
        ("request.header('X-Other') == ''", True),
        ("params.registry == 'ghcr.io' && request.params.registry == 'ghcr.io'", True),
        ("request.body?.nothing?.there ?? false", False),
        ("request.body.kind == 'chart'", False),
    ],
)
def test_when(when: str, *, holds: bool) -> None:
    """The expression sees body, headers and parameters; without one, the action is always done."""
    assert _names(_select(when)) == (["web", "api"] if holds else [])


@pytest.mark.parametrize(
    ("criterion", "names"),
    [
        ({}, ["web", "api"]),
        ({"name": "api"}, ["api"]),
        ({"name": "${{ 'w' + 'eb' }}"}, ["web"]),
        ({"labelSelector": {"matchLabels": {"team": "${{ request.body.team }}"}}}, ["web"]),
        ({"labelSelector": {"matchExpressions": [{"key": "tier", "operator": "Exists"}]}}, ["web"]),
        (
            {
                "labelSelector": {
                    "matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["a"]}]
                }
            },
            ["api"],
        ),
    ],
)
def test_names_and_labels(criterion: dict[str, Any], names: list[str]) -> None:
    """What is given must hold; values may be templates."""
    assert _names(_select("", criterion)) == names


IS_URL = "${{ normalizeImage(params.registry + '/' + request.body.repo) }}"


@pytest.mark.parametrize(
    ("key", "operator", "value", "names"),
    [
        ("subscribedURLs", "Equals", IS_URL, ["web"]),
        ("subscribedURLs", "NotEquals", IS_URL, ["api"]),
        ("subscribedURLs", "Equals", f"docker://{URL}", []),
        ("receiverPaths", "Equals", URL, []),
        ("receiverPaths", "NotEquals", URL, ["web", "api"]),
    ],
)
def test_what_they_are_subscribed_to(key: str, operator: str, value: str, names: list[str]) -> None:
    """URLs are compared in their normal forms, which functions make; paths no Warehouse has."""
    matches = [{"key": key, "operator": operator, "value": value}]
    assert _names(_select("", {"indexSelector": {"matchIndices": matches}})) == names


def test_fields_are_joined_by_and_and_entries_by_or() -> None:
    """Both of a name and a label; one of two entries."""
    labelled = {"labelSelector": {"matchLabels": {"team": "a"}}}
    assert _names(_select("", {"name": "api", **labelled})) == []
    assert _names(_select("", {"name": "api"}, labelled)) == ["web", "api"]


@pytest.mark.parametrize(
    ("when", "criterion", "field"),
    [
        ("request.body.kind + 1", {}, "actions[0].whenExpression"),
        ("request.body.kind", {}, "actions[0].whenExpression"),
        (
            "",
            {"name": "${{ request.body.count }}"},
            "actions[0].targetSelectionCriteria[0].name",
        ),
    ],
)
def test_an_expression_that_fails_names_its_field(
    when: str, criterion: dict[str, Any], field: str
) -> None:
    """Nobody is selected by that action, and the failure is told."""
    selection = _select(when, criterion)
    assert not selection.tests
    assert selection.failures[0].startswith(f"{field}: ")


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b"9" * 5000, b"[" * 150])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    """Also one that is nested too deep to be looked at."""
    with pytest.raises(RefusedDeliveryError, match="body"):
        _select("", sent=delivery(body))


CONFIG = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: ProjectConfig
metadata: {name: shop, namespace: shop}
spec:
  webhookReceivers:
  - name: any
    generic:
      secretRef: {name: s}
      actions:
      - action: Refresh
        whenExpression: WHEN
        targetSelectionCriteria: [{kind: Warehouse, name: "NAME"}]
"""


@pytest.fixture
def errors() -> Callable[[str, str], tuple[str, ...]]:
    """What is said of a config with that expression and that name."""
    return lambda when, name: (
        load(CONFIG.replace("WHEN", when).replace("NAME", name)).items[0].errors
    )


def test_expressions_are_checked_when_they_are_applied(
    errors: Callable[[str, str], tuple[str, ...]],
) -> None:
    """Syntax, functions and variables that do not exist are found, with line and field."""
    assert errors("request.body.a == params.b", "${{ request.header('X') }}") == ()
    (error,) = errors("request.bdy == 1", "web")
    assert "generic.actions[0].whenExpression (line " in error
    assert "did you mean 'body'" in error
    (error,) = errors("'true'", "${{ normaliseGit('a') }}")
    assert "targetSelectionCriteria[0]" in error
    assert "normalizeGit" in error
