"""Step kinds over the API, and what is wrong with templates before anything runs."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from activities.steps import STEPS
from ferryman.storage.store import Store
from tests.samples import PROJECT, WAREHOUSE, stage, together

UPSERT = "/v1beta1/resources?upsert=true"


async def test_each_config_has_a_json_schema(client: httpx.AsyncClient, store: Store) -> None:
    """As the worker published it, with the meaning of each field."""
    published = [STEPS["git-push"].catalogue_entry()]
    await store.workers.publish("w1", "ferryman.worker.w1", published, now=datetime.now(UTC))
    answer = await client.get("/v1beta1/steps/git-push/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    assert schema["$id"] == "/v1beta1/steps/git-push/schema"
    assert schema["additionalProperties"] is False
    assert all(field["description"] for field in schema["properties"].values())


async def test_an_unknown_step_has_none(client: httpx.AsyncClient, stranger: object) -> None:
    """404, and which there are."""
    answer = await client.get("/v1beta1/steps/teleport/schema")
    assert answer.status_code == 404
    assert "no worker knows the step 'teleport'" in answer.text
    assert isinstance(stranger, httpx.AsyncClient)
    assert (await stranger.get("/v1beta1/steps/teleport/schema")).status_code == 401


async def test_a_template_that_cannot_work_is_refused(client: httpx.AsyncClient) -> None:
    """With field, line, expression and caret; what is doubtful is a warning."""
    bad = stage("dev").replace("path: ./src", "path: '${{ var.src }}'")
    answer = await client.put(UPSERT, content=together(PROJECT, WAREHOUSE, bad))
    assert answer.status_code == 400
    (error,) = [r["error"] for r in answer.json()["results"] if r.get("error")]
    assert error == (
        "Stage/dev: spec.promotionTemplate.spec.steps[1].config.path (line 30): "
        "there is no variable 'var'; did you mean 'vars'?\n  |  var.src\n  |  ^"
    )
    doubtful = stage("dev").replace("path: ./src", "path: '${{ outputs.x.src }}'")
    results = (await client.put(UPSERT, content=together(PROJECT, WAREHOUSE, doubtful))).json()
    warnings = results["results"][2]["warnings"]
    assert "no step before this one is called so" in warnings[0]
