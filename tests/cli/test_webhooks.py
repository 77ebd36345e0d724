"""`ferryman get webhooks`: where receivers listen, and what they got."""

from __future__ import annotations

import json

import httpx

from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.samples import PROJECT, together

RECEIVERS = """
apiVersion: v1
kind: Secret
metadata: {name: hook, namespace: shop, labels: {kargo.akuity.io/cred-type: generic}}
stringData: {secret: between-us}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: ProjectConfig
metadata: {name: shop, namespace: shop}
spec:
  webhookReceivers:
  - {name: hub, dockerhub: {secretRef: {name: hook}}}
  - {name: lost, quay: {secretRef: {name: nowhere}}}
"""


def _url(ferryman: Ferryman) -> str:
    shown = json.loads(ferryman("get", "webhooks", "hub", "-o", "json").out)
    return str(shown["url"])


def test_each_receiver_shows_its_address_and_its_last_delivery(
    ferryman: Ferryman, api: LiveApi
) -> None:
    """One line each; one that listens nowhere says why in the place of its URL."""
    assert ferryman("apply", "-f", "-", stdin=together(PROJECT, RECEIVERS)).code == 0
    path = httpx.URL(_url(ferryman)).path
    httpx.post(f"{api.url}{path}", json={"repository": {"repo_name": "a/b"}}).raise_for_status()
    header, hub, lost = ferryman("get", "webhooks").out.splitlines()
    assert header.split() == ["NAME", "TYPE", "SCOPE", "LAST", "STATUS", "WOKEN", "URL"]
    name, kind, scope, _, status, woken, url = hub.split()
    assert (name, kind, scope, status, woken) == ("hub", "dockerhub", "project", "200", "0")
    assert url.endswith(path)
    assert "there is no Secret nowhere in project shop: apply it" in lost


def test_deliveries_are_listed(ferryman: Ferryman, api: LiveApi) -> None:
    """Oldest first, of all receivers or of one: what came, how it was answered, what it did."""
    assert ferryman("apply", "-f", "-", stdin=together(PROJECT, RECEIVERS)).code == 0
    path = httpx.URL(_url(ferryman)).path
    httpx.post(f"{api.url}{path}", content=b"{")
    httpx.post(f"{api.url}{path}", json={"repository": {"repo_name": "a/b"}})
    for given in ((), ("hub",)):
        header, bad, good = ferryman("get", "webhook-deliveries", *given).out.splitlines()
        assert header.startswith("SEEN")
        assert "400" in bad
        assert "the body is not what this event has" in bad
        assert "refreshed 0 warehouse(s)" in good
    assert ferryman("get", "webhook-deliveries", "lost").out.splitlines() == []
