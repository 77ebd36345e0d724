"""Tasks through the API: applied, read, and what a Stage is told of those that are not there."""

from __future__ import annotations

from typing import Any

import httpx

from tests.fakes.nudges import RecordingNudges
from tests.samples import together

SHOP = "/v1beta1/projects/shop"
UPSERT = "/v1beta1/resources?upsert=true"
TASK = """
apiVersion: kargo.akuity.io/v1alpha1
kind: PromotionTask
metadata: {name: deploy, namespace: shop}
spec:
  vars: [{name: repo}]
  steps: [{uses: git-clone}]
"""
CLUSTER_TASK = """
apiVersion: kargo.akuity.io/v1alpha1
kind: ClusterPromotionTask
metadata: {name: notify}
spec:
  steps: [{uses: http}]
"""
STAGE = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: qa, namespace: shop}
spec:
  requestedFreight: [{origin: {kind: Warehouse, name: images}, sources: {direct: true}}]
  promotionTemplate:
    spec:
      steps:
      - task: {name: deploy}
        vars: [{name: repo, value: r}]
      - task: {name: notify, kind: ClusterPromotionTask}
"""


async def warnings(client: httpx.AsyncClient, *manifests: str) -> list[str]:
    """What applying them warns of."""
    answer = await client.put(UPSERT, content=together(*manifests))
    assert answer.is_success, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return [warning for result in results for warning in result.get("warnings", ())]


async def test_tasks_are_listed_and_read(pipeline: httpx.AsyncClient) -> None:
    """Those of a Project below it, those of all Projects below what is shared."""
    assert await warnings(pipeline, TASK, CLUSTER_TASK) == []
    for path, name in (
        (f"{SHOP}/promotion-tasks", "deploy"),
        ("/v1beta1/shared/cluster-promotion-tasks", "notify"),
    ):
        (listed,) = (await pipeline.get(path)).json()["items"]
        assert listed["metadata"]["name"] == name
        assert (await pipeline.get(f"{path}/{name}")).json() == listed
        assert (await pipeline.get(f"{path}/nothing")).status_code == 404


async def test_a_task_may_come_after_the_stage(pipeline: httpx.AsyncClient) -> None:
    """The order in a folder does not matter; what is missing after all of it is warned of."""
    assert await warnings(pipeline, STAGE, TASK, CLUSTER_TASK) == []
    await pipeline.request("DELETE", "/v1beta1/resources", content=TASK)
    (warning,) = await warnings(pipeline, STAGE)
    assert warning == (
        "Stage/qa: stage qa uses the PromotionTask deploy, which does not exist: apply it, or name "
        "another in the template's steps; until then nothing can be promoted"
    )


async def test_a_var_that_nobody_gives_is_warned_of(pipeline: httpx.AsyncClient) -> None:
    """Named with Stage, task and var."""
    bare = STAGE.replace("        vars: [{name: repo, value: r}]\n", "")
    (warning,) = await warnings(pipeline, TASK, CLUSTER_TASK, bare)
    assert "stage qa gives the task deploy no var repo" in warning


async def test_a_task_that_changes_wakes_the_stages(
    pipeline: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """All of the Project for its own; of a shared one those that use it."""
    await warnings(pipeline, TASK, CLUSTER_TASK, STAGE)
    nudges.sent.clear()
    await warnings(pipeline, CLUSTER_TASK.replace("http", "fail"))
    assert set(nudges.sent) == {("stage", "shop", "qa")}
    nudges.sent.clear()
    await warnings(pipeline, TASK.replace("git-clone", "fail"))
    assert {name for _, _, name in nudges.sent} == {"dev", "prod", "qa"}
