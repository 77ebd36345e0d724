"""Deliveries of webhooks: who may send, what it costs, and whom it wakes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.errors import TemporaryError
from tests.post_office import (
    SHARED,
    PostOffice,
    cluster_config,
    post_office,
    project,
    project_config,
    receiver,
    secret,
    signed,
    warehouse,
)

PUSH: dict[str, Any] = {
    "push_data": {"tag": "1.0.0"},
    "repository": {"repo_name": "acme/shop"},
}
IMAGE = {"image": {"repoURL": "docker.io/acme/shop"}}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PostOffice]:
    """A post office with one Warehouse and a receiver for Docker Hub."""
    async with post_office(tmp_path) as office:
        await office.declare(project(), secret(), warehouse("images", IMAGE))
        await office.declare(project_config(receiver("dockerhub")))
        yield office


async def test_a_delivery_wakes_and_says_how_many(office: PostOffice) -> None:
    """No bearer token is needed: the address is one."""
    answer = await office.send(PUSH)
    assert (answer.status_code, answer.json()) == (200, {"msg": "refreshed 1 warehouse(s)"})
    assert office.woken() == ["images"]


async def test_an_unknown_address_is_not_found(office: PostOffice) -> None:
    """The type is part of the address, and so is every digit."""
    path = await office.path()
    for wrong in (path[:-1], path.replace("dockerhub", "quay"), "/webhooks/github/0"):
        answer = await office.send(PUSH, to=wrong)
        assert answer.status_code == 404
        assert "ferryman get webhooks" in answer.json()["error"]
    assert (await office.client.get(path)).status_code == 405


async def test_a_new_secret_is_a_new_address(office: PostOffice) -> None:
    """At once, and the old one is nobody's; so it is when the receiver or its Project goes."""
    old = await office.path()
    await office.declare(secret("another"))
    assert (await office.send(PUSH, to=old)).status_code == 404
    new = await office.path()
    assert (await office.send(PUSH, to=new)).status_code == 200
    await office.declare(project_config())
    assert (await office.send(PUSH, to=new)).status_code == 404


@pytest.mark.parametrize("trouble", ["no Secret", "no value"])
async def test_a_receiver_without_secret_listens_nowhere(office: PostOffice, trouble: str) -> None:
    """Its config says so, and what to do; once the Secret is there, it has an address."""
    other = secret("", name="other")
    await office.declare(*([other] if trouble == "no value" else []))
    config = receiver("dockerhub") | {"dockerhub": {"secretRef": {"name": "other"}}}
    await office.declare(project_config(config, receiver("quay", "r2")))
    status = (await office.get("/v1beta1/projects/shop/config"))["status"]
    assert [r["name"] for r in status["webhookReceivers"]] == ["r2"]
    (ready,) = status["conditions"]
    assert (ready["type"], ready["status"]) == ("Ready", "False")
    assert "webhook receiver r1: " in ready["message"]
    await office.declare(secret(name="other"))
    assert (await office.send(PUSH)).status_code == 200


async def test_a_config_says_where_its_receivers_listen(office: PostOffice) -> None:
    """Path and URL are derived when it is read, and never stored."""
    status = (await office.get("/v1beta1/projects/shop/config"))["status"]
    path = await office.path()
    url = f"http://127.0.0.1:8080{path}"
    assert status["webhookReceivers"] == [{"name": "r1", "path": path, "url": url}]
    async with office.store.database.read() as connection:
        rows = await connection.exec_driver_sql("select * from resource")
        assert path.rpartition("/")[2] not in str(rows.all())


async def test_cluster_receivers_are_for_every_project(office: PostOffice) -> None:
    """Those of a Project are for its own Warehouses only."""
    await office.declare(project("depot"), project(SHARED), secret("shared", project=SHARED))
    await office.declare(warehouse("images", IMAGE, project="depot"))
    await office.declare(cluster_config(receiver("dockerhub", "all")))
    await office.send(PUSH)
    assert office.woken() == ["images"]
    office.nudges.sent.clear()
    await office.send(PUSH, to=await office.path("all", project=""))
    assert office.woken() == ["depot/images", "images"]
    status = (await office.get("/v1beta1/system/cluster-config"))["status"]
    assert [r["name"] for r in status["webhookReceivers"]] == ["all"]


async def test_a_body_that_is_too_large_is_refused_while_it_arrives(office: PostOffice) -> None:
    """413 after 2 MiB; what would come after that is not read."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield b" " * 65536

    answer = await office.client.post(await office.path(), content=endless())
    assert answer.status_code == 413
    assert sent < 3 * 1024 * 1024
    (kept,) = await office.store.webhooks.list("shop", "r1")
    assert kept.status == 413


async def test_who_sends_too_much_is_slowed_down(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 says when to come again; other receivers are not held up."""
    monkeypatch.setattr("api.pace.BURST", 20)
    await office.declare(project_config(receiver("dockerhub"), receiver("quay", "r2")))
    path = await office.path()
    for _ in range(20):
        assert (await office.send(b"{", to=path)).status_code == 400
    answer = await office.send(PUSH, to=path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    other = {"docker_url": "docker.io/acme/shop"}
    assert (await office.send(other, to=await office.path("r2"))).status_code == 200
    office.now += timedelta(seconds=1)
    assert (await office.send(PUSH, to=path)).status_code == 200


async def test_a_replayed_delivery_is_harmless(office: PostOffice) -> None:
    """It makes us look once more, and is noted to have come before."""
    await office.declare(project_config(receiver("github")))
    body = b'{"repository": {"clone_url": "https://git.example/shop"}, "ref": "refs/heads/main"}'
    headers = {"X-GitHub-Event": "push", "X-Hub-Signature-256": signed(body)}
    for _ in range(2):
        answer = await office.send(body, headers | {"X-GitHub-Delivery": "7d"})
        assert answer.status_code == 200
    newest, oldest = await office.store.webhooks.list("shop", "r1")
    assert (newest.delivery, newest.event, newest.repeated) == ("7d", "push", True)
    assert not oldest.repeated


async def test_a_nudge_that_fails_is_no_matter_of_the_sender(office: PostOffice) -> None:
    """The Sweep will find the work; the sender has been heard."""
    office.nudges.failure = TemporaryError("temporal is away")
    assert (await office.send(PUSH)).status_code == 200


async def test_an_action_that_fails_is_told_but_not_shown(office: PostOffice) -> None:
    """The sender learns that something is wrong; the expression is for those who wrote it."""
    action = {"action": "Refresh", "targetSelectionCriteria": [{"kind": "Warehouse"}]}
    broken = action | {"whenExpression": "request.body.a.b.c == 'hush'"}
    await office.declare(project_config(receiver("generic", actions=[broken, action])))
    answer = await office.send({})
    assert answer.status_code == 400
    assert "refreshed 1 warehouse(s); 1 of its actions" in answer.json()["error"]
    assert "hush" not in answer.text
    (kept,) = await office.store.webhooks.list("shop", "r1")
    assert "hush" in kept.message
    assert kept.woken == 1
    assert office.woken() == ["images"]


async def test_who_names_hundreds_of_repositories_is_refused(office: PostOffice) -> None:
    """No sender does; a lookup of all of them would hold others up."""
    await office.declare(project_config(receiver("harbor")))
    pushed = [{"resource_url": f"h.example/a/{n}:1"} for n in range(2000)]
    body = {"type": "PUSH_ARTIFACT", "event_data": {"resources": pushed}}
    answer = await office.send(body, {"Authorization": "s3cr3t-webhook-token"})
    assert answer.status_code == 400


async def test_addresses_are_for_those_who_may_read_the_config(office: PostOffice) -> None:
    """Neither list nor config is shown to strangers."""
    for path in ("config", "webhooks", "webhooks/r1", "webhook-deliveries"):
        answer = await office.client.get(f"/v1beta1/projects/shop/{path}")
        assert answer.status_code == 401
        assert (await office.path()) not in answer.text
