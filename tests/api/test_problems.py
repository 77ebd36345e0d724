"""What goes wrong is said as `{error, field?}`, with the code that fits and no stack trace."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from api.problems import status_of
from ferryman.domain.errors import (
    ConflictError,
    DeniedError,
    FencedError,
    FerrymanError,
    InvalidError,
    NotFoundError,
    PermanentError,
    TemporaryError,
)
from ferryman.storage.store import Store


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidError("x"), 400),
        (DeniedError("x"), 403),
        (NotFoundError("x"), 404),
        (ConflictError("x"), 409),
        (FencedError("x"), 409),
        (PermanentError("x"), 500),
        (TemporaryError("x"), 503),
    ],
)
def test_each_error_has_its_code(error: FerrymanError, status: int) -> None:
    """The tree of errors, told in HTTP."""
    assert status_of(error) == status


async def test_what_is_missing_is_named(pipeline: httpx.AsyncClient) -> None:
    """404 says which object of which Project; a Project is said first."""
    answer = await pipeline.get("/v1beta1/projects/shop/stages/qa")
    assert answer.status_code == 404
    assert answer.json() == {"error": "stage qa does not exist in project shop"}
    answer = await pipeline.get("/v1beta1/projects/nowhere/stages")
    assert answer.json() == {"error": "project nowhere does not exist"}


async def test_an_unknown_path_points_to_the_documentation(client: httpx.AsyncClient) -> None:
    """Also routes that other versions have are answered in the same shape."""
    answer = await client.get("/v1beta1/nothing")
    assert answer.status_code == 404
    assert answer.json() == {
        "error": "there is nothing at /v1beta1/nothing: see /docs for what there is"
    }
    assert (await client.patch("/v1beta1/projects")).status_code == 405


async def test_a_bad_parameter_is_named(pipeline: httpx.AsyncClient) -> None:
    """The field stands in `field`, and the value is not repeated."""
    answer = await pipeline.get("/v1beta1/projects/shop/events?limit=many")
    assert answer.status_code == 400
    assert answer.json()["field"] == "limit"
    assert "many" not in answer.text


async def test_a_store_that_is_away_is_temporary(
    client: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 says when to try again, and so does the health check."""

    async def away(*_: object) -> int:
        raise TemporaryError("the database does not answer", delay=timedelta(seconds=7))

    monkeypatch.setattr(store.events, "newest", away)
    answer = await client.get("/healthz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "7"
    assert answer.json() == {"error": "the database does not answer"}


async def test_a_defect_shows_nothing_of_itself(
    client: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw is a 500 without stack trace or message."""

    async def broken(*_: object) -> int:
        raise RuntimeError("hunter2")

    monkeypatch.setattr(store.events, "newest", broken)
    answer = await client.get("/healthz")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "please report it" in answer.json()["error"]


async def test_bodies_are_limited(client: httpx.AsyncClient) -> None:
    """More than two megabytes are refused while they arrive, announced or not."""

    async def endless() -> object:
        for _ in range(100):
            yield b"x" * 100_000

    answer = await client.put("/v1beta1/resources", content=endless())  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert "send it in parts" in answer.json()["error"]
    announced = await client.post(
        "/v1beta1/projects/shop/stages/dev/promotions",
        content=b" " * 3_000_000,
        headers={"Content-Type": "application/json"},
    )
    assert announced.status_code == 413
    assert "send it in parts" in announced.json()["error"]


async def test_every_answer_names_the_version(stranger: httpx.AsyncClient) -> None:
    """Clients can tell that they do not match, also from a refusal."""
    assert (await stranger.get("/v1beta1/projects")).headers["Ferryman-Version"]
