"""Tasks on the command line, and a Stage that waits for one."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi

TASKS = """
apiVersion: kargo.akuity.io/v1alpha1
kind: PromotionTask
metadata: {name: deploy, namespace: shop}
spec: {steps: [{uses: git-clone}]}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: ClusterPromotionTask
metadata: {name: notify}
spec: {steps: [{uses: git-clone}]}
"""
STAGE = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: qa, namespace: shop}
spec:
  requestedFreight: [{origin: {kind: Warehouse, name: images}, sources: {direct: true}}]
  promotionTemplate: {spec: {steps: [{task: {name: nothing}}]}}
"""


def test_tasks_are_shown_and_deleted(shop: Ferryman) -> None:
    """By Kargo's words; those of all Projects need none."""
    assert shop("apply", "-f", "-", stdin=TASKS).code == 0
    shown = shop("get", "promotiontasks", "-o", "name")
    assert shown.out == "promotiontask.kargo.akuity.io/deploy\n"
    for called in ("clusterpromotiontasks", "cluster-promotion-tasks", "clusterpromotiontask"):
        shown = shop("get", called, "notify", "-o", "name")
        assert shown.out == "clusterpromotiontask.kargo.akuity.io/notify\n"
    gone = shop("delete", "clusterpromotiontask", "notify")
    assert gone.out == "clusterpromotiontask.kargo.akuity.io/notify deleted\n"
    assert shop("get", "clusterpromotiontasks").out == ""


def test_a_stage_says_which_task_it_lacks(shop: Ferryman, api: LiveApi) -> None:
    """Apply warns, promoting is refused, and explain goes on saying so."""
    said = "stage qa uses the PromotionTask nothing, which does not exist"
    assert said in shop("apply", "-f", "-", stdin=STAGE).err
    api.run(api.store.lanes.decide("shop", "qa", now=datetime.now(UTC)))
    told = shop("explain", "stage", "qa").out.splitlines()
    assert told[0] == "qa: nothing was promoted yet"
    assert told[1].startswith(f"  Promotable: {said}")
