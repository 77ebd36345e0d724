"""PUT /v1beta1/resources?upsert=true: per-object outcomes, all or nothing."""

from __future__ import annotations

import httpx

from ferryman.domain.errors import TemporaryError
from ferryman.storage.store import Store
from tests.fakes.nudges import RecordingNudges
from tests.samples import PIPELINE, POLICY, PROJECT, SECRET, WAREHOUSE, stage, together

UPSERT = "/v1beta1/resources?upsert=true"


async def _outcomes(client: httpx.AsyncClient, text: str, url: str = UPSERT) -> dict[str, str]:
    answer = await client.put(url, content=text)
    assert answer.status_code == 200, answer.text
    return {r["about"]: r["outcome"] for r in answer.json()["results"]}


async def test_each_object_is_created_then_unchanged_then_configured(
    client: httpx.AsyncClient,
) -> None:
    """Applying again changes nothing, and a changed spec configures that object only."""
    everything = ["Project/shop", "Warehouse/images", "Stage/dev", "Stage/prod"]
    assert await _outcomes(client, PIPELINE) == dict.fromkeys(everything, "created")
    assert await _outcomes(client, PIPELINE) == dict.fromkeys(everything, "unchanged")
    changed = PIPELINE.replace("interval: 1m", "interval: 2m")
    assert await _outcomes(client, changed) == dict.fromkeys(everything, "unchanged") | {
        "Warehouse/images": "configured"
    }


async def test_results_carry_the_stored_manifest(client: httpx.AsyncClient) -> None:
    """Kargo's `createdResourceManifest` and `updatedResourceManifest` hold what is stored now."""
    created = (await client.put(UPSERT, content=PIPELINE)).json()["results"][1]
    manifest = created["createdResourceManifest"]
    assert manifest["metadata"]["generation"] == 1
    assert "updatedResourceManifest" not in created
    again = (await client.put(UPSERT, content=PIPELINE)).json()["results"][1]
    assert again["updatedResourceManifest"] == manifest


async def test_one_bad_object_keeps_everything_from_being_written(
    client: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """Every error is told with its object and line, and the store and Temporal see nothing."""
    bad = stage("qa").replace("requestedFreight", "requestFreight")
    answer = await client.put(UPSERT, content=together(PIPELINE, bad, POLICY + "  bogus: 1\n"))
    assert answer.status_code == 400
    body = answer.json()
    assert body["error"] == "nothing was written: 2 of 6 objects have errors"
    errors = [r.get("error", "") for r in body["results"]]
    assert errors[:4] == [""] * 4
    assert "did you mean requestedFreight?" in errors[4]
    assert "spec.bogus" in errors[5]
    assert (await client.get("/v1beta1/projects")).json() == {"items": [], "total": 0}
    assert nudges.sent == []


async def test_errors_name_the_file_of_several(client: httpx.AsyncClient) -> None:
    """Files sent together with their names are told apart in `where`."""
    files = [{"source": "a.yaml", "text": PROJECT}, {"source": "b.yaml", "text": WAREHOUSE}]
    answer = await client.put(
        UPSERT,
        json={"manifests": files},
        headers={"Content-Type": "application/vnd.ferryman.manifests+json"},
    )
    assert [r["where"] for r in answer.json()["results"]] == ["a.yaml:2", "b.yaml:2"]


async def test_a_missing_project_is_said_for_each_object(client: httpx.AsyncClient) -> None:
    """What lives in a Project that is neither there nor coming is refused."""
    answer = await client.put(UPSERT, content=WAREHOUSE)
    assert answer.status_code == 400
    assert "project shop does not exist" in answer.json()["results"][0]["error"]


async def test_the_project_parameter_places_what_names_no_namespace(
    client: httpx.AsyncClient,
) -> None:
    """`project=` is the namespace of objects without one; without it they are refused."""
    homeless = WAREHOUSE.replace(", namespace: shop", "")
    text = together(PROJECT, homeless)
    refused = await client.put(UPSERT, content=text)
    assert "metadata.namespace: is missing" in refused.json()["results"][1]["error"]
    assert (await _outcomes(client, text, f"{UPSERT}&project=shop"))[
        "Warehouse/images"
    ] == "created"


async def test_a_dry_run_tells_and_writes_nothing(
    client: httpx.AsyncClient, nudges: RecordingNudges
) -> None:
    """`dryRun=true` gives the outcomes that applying would have, and leaves all as it was."""
    told = await _outcomes(client, PIPELINE, f"{UPSERT}&dryRun=true")
    assert set(told.values()) == {"created"}
    assert (await client.get("/v1beta1/projects")).json()["total"] == 0
    assert nudges.sent == []


async def test_an_old_resource_version_conflicts(pipeline: httpx.AsyncClient) -> None:
    """An apply that carries the version of an earlier read does not overwrite what came since."""
    stale = WAREHOUSE.replace("namespace: shop", 'namespace: shop, resourceVersion: "7"')
    answer = await pipeline.put(UPSERT, content=stale.replace("1m", "3m"))
    assert answer.status_code == 409
    assert "was changed since it was read" in answer.json()["error"]


async def test_old_field_names_come_with_a_warning(client: httpx.AsyncClient) -> None:
    """What people wrote for older versions is taken, and the result says what to write."""
    old = together(PROJECT, WAREHOUSE.replace("constraint", "semverConstraint"))
    result = (await client.put(UPSERT, content=old)).json()["results"][1]
    assert result["outcome"] == "created"
    assert any("write constraint" in warning for warning in result["warnings"])


async def test_fields_that_nothing_acts_on_are_named(client: httpx.AsyncClient) -> None:
    """What is kept but not acted on yet is a warning and a condition on the object."""
    text = together(PROJECT, WAREHOUSE, stage("dev") + "  verification: {}\n")
    result = (await client.put(UPSERT, content=text)).json()["results"][2]
    assert any("not acted on yet: spec.verification" in w for w in result["warnings"])
    condition = result["createdResourceManifest"]["status"]["conditions"][0]
    assert condition["type"] == "NotSupportedYet"


async def test_foreign_kinds_are_left_alone(client: httpx.AsyncClient) -> None:
    """Kinds of other tools in the same folder are ignored, and said to be."""
    foreign = "\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
    results = (await client.put(UPSERT, content=together(PROJECT, foreign))).json()["results"]
    assert results[1]["outcome"] == "ignored"
    assert "left alone" in results[1]["warnings"][0]


async def test_a_secret_is_answered_masked(client: httpx.AsyncClient) -> None:
    """No answer to an apply holds the values that were applied."""
    answer = await client.put(UPSERT, content=together(PROJECT, SECRET))
    shown = answer.json()["results"][1]["createdResourceManifest"]
    assert shown["stringData"]["username"] == "ferry"
    assert "hunter2" not in answer.text


async def test_broken_yaml_is_a_sentence_with_its_line(client: httpx.AsyncClient) -> None:
    """Text that is not YAML is refused where it stops being YAML."""
    answer = await client.put(UPSERT, content="kind: [Project\n")
    assert answer.status_code == 400
    assert "line" in answer.json()["error"]


async def test_temporal_being_away_does_not_fail_an_apply(
    client: httpx.AsyncClient, nudges: RecordingNudges, store: Store
) -> None:
    """SQL is the truth: the sweep finds the work whose nudge was lost."""
    nudges.failure = TemporaryError("Temporal does not answer")
    assert (await client.put(UPSERT, content=PIPELINE)).status_code == 200
    assert (await store.resources.find("Stage", "shop", "dev")).name == "dev"


async def test_post_creates_only_and_put_without_upsert_updates_only(
    client: httpx.AsyncClient,
) -> None:
    """POST refuses what exists with 409; PUT refuses what does not with 404 (Kargo's shapes)."""
    assert (await client.put("/v1beta1/resources", content=PROJECT)).status_code == 404
    assert (await client.post("/v1beta1/resources", content=PROJECT)).status_code == 201
    again = await client.post("/v1beta1/resources", content=PROJECT)
    assert again.status_code == 409
    assert "exists already" in again.json()["error"]
    assert (await client.put("/v1beta1/resources", content=PROJECT)).status_code == 200
