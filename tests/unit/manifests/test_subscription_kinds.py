"""SubscriptionKinds in manifests, and Warehouses that need them."""

from __future__ import annotations

import re

import pytest

from ferryman.domain.manifests import load, load_all
from ferryman.domain.subscription_kind import SubscriptionKind

WAREHOUSE = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: app, namespace: shop}
spec: {subscriptions: [{name: pad, npm: {config: {package: left-pad}}}]}
"""


def kind(spec: str, name: str = "npm") -> str:
    """A manifest."""
    return f"""\
apiVersion: ferryman.dev/v1alpha1
kind: SubscriptionKind
metadata: {{name: {name}}}
spec: {spec}
"""


EXEC = "{exec: {command: [npm-versions, --all], secrets: [npm]}, timeout: 10s}"
HTTP = """{http: {url: 'https://versions.shop.dev/npm', headers: [
  {name: Accept, value: application/json},
  {name: Authorization, secret: {name: npm, key: token}}]}}"""


@pytest.mark.parametrize("spec", [EXEC, HTTP])
def test_read(spec: str) -> None:
    """A program or an endpoint, and the Secrets that it needs."""
    (item,) = load(kind(spec)).items
    assert not item.remarks
    assert isinstance(item.resource, SubscriptionKind)
    assert item.resource.spec.secrets == ("npm",)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("{}", "exactly one of exec and http"),
        ("{exec: {command: [a]}, http: {url: 'https://a'}}", "exactly one of exec and http"),
        ("{exec: {command: []}}", "spec.exec.command"),
        ("{exec: {command: [/bin/sh, -c, id]}}", "without a path"),
        ("{exec: {command: [../sh]}}", "without a path"),
        ("{exec: {command: ['..']}}", "without a path"),
        ("{exec: {command: ['']}}", "without a path"),
        ("{exec: {command: [a], env: {LD_PRELOAD: /tmp/x.so}}}", "spec.exec.env"),
        ("{exec: {command: [a]}, timeout: soon}", "spec.timeout"),
        ("{http: {url: 'file:///etc/passwd'}}", "spec.http.url"),
        ("{http: {url: 'https://ann:hunter2@a'}}", "spec.http.url"),
        ("{http: {url: 'https://a', headers: [{name: 'A: b', value: c}]}}", r"headers\[0\]"),
        ("{http: {url: 'https://a', headers: [{name: A}]}}", "exactly one of value and secret"),
    ],
)
def test_refused(spec: str, words: str) -> None:
    """What could not work, or could run anything."""
    with_errors = load(kind(spec)).items[0]
    assert with_errors.resource is None
    assert re.search(words, "\n".join(with_errors.errors)), with_errors.errors


def test_built_in_types_stay() -> None:
    """Nobody redefines what images are."""
    (item,) = load(kind(EXEC, "image")).items
    assert "which is built in; choose another" in item.errors[0]


def test_types_that_are_known() -> None:
    """A type is supported if its kind is there already, or is applied with it."""
    assert load(WAREHOUSE).items[0].unsupported == ("spec.subscriptions[0].npm",)
    known = load_all([("", WAREHOUSE)], known_types=frozenset({"npm"}))
    together = load_all([("a", WAREHOUSE), ("b", kind(EXEC))])
    for loaded in (known, together):
        assert loaded.items[0].unsupported == ()
        assert loaded.warnings == ()


@pytest.mark.parametrize("given", ["[]", "{package: left-pad}"])
def test_what_is_no_config(given: str) -> None:
    """What a type could not be asked is warned of; it may be somebody else's."""
    (item,) = load(WAREHOUSE.replace("{config: {package: left-pad}}", given)).items
    assert item.resource
    assert "until then it finds nothing" in item.warnings[0]
