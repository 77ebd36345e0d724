"""Classic repositories over HTTP: passwords, conditions, and bad days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from ferryman.clients.charts import ChartOptions, HelmCharts
from ferryman.clients.registry import HttpRegistry
from ferryman.domain.errors import (
    CredentialError,
    InvalidError,
    NotFoundError,
    PermanentError,
    TemporaryError,
)
from ferryman.domain.ports import ChartRepository
from tests.servers.chart_repository import CREDENTIAL, Answer, ChartServer, running_charts

OPTIONS = ChartOptions(first_pause=0.01, read_timeout=0.3, timeout=2.0, max_index_bytes=100_000)


@pytest.fixture
async def charts() -> AsyncIterator[HelmCharts]:
    """The client."""
    async with (
        aclosing(HttpRegistry()) as registry,
        aclosing(HelmCharts(registry, OPTIONS)) as made,
    ):
        yield made


@pytest.fixture
async def served() -> AsyncIterator[tuple[ChartRepository, ChartServer]]:
    """A repository with two charts."""
    async with running_charts(app=["1.0.0", "1.1.0"], web=["2.0.0"]) as (url, server):
        yield ChartRepository(url, "app"), server


Served = tuple[ChartRepository, ChartServer]


async def test_unchanged(charts: HelmCharts, served: Served) -> None:
    """An index that is known is sent again once it has changed, and not before."""
    app, server = served
    first = await charts.index(app)
    assert first.versions == {"app": ("1.0.0", "1.1.0"), "web": ("2.0.0",)}
    assert await charts.index(app, first) is first
    assert dict(server.answered) == {200: 1, 304: 1}
    server.publish(app=["1.2.0"])
    assert (await charts.index(app, first)).versions == {"app": ("1.2.0",)}


async def test_without_validators(charts: HelmCharts, served: Served) -> None:
    """A server that has no means to say so sends the index each time."""
    app, server = served
    server.validators = False
    await charts.index(app, await charts.index(app))
    assert dict(server.answered) == {200: 2}


async def test_no_repository(charts: HelmCharts, served: Served) -> None:
    """A URL where nothing is says so."""
    with pytest.raises(NotFoundError, match=r"answered with 404.*correct repoURL"):
        await charts.index(replace(served[0], url=f"{served[0].url}/x"))


async def test_passwords(charts: HelmCharts, served: Served) -> None:
    """With the password the index comes; without, or with a wrong one, we hear what to apply."""
    app, server = served
    server.password = True
    with pytest.raises(CredentialError, match="cred-type: helm") as caught:
        await charts.index(app)
    wrong = replace(app, credential=replace(CREDENTIAL, password="swordfish"))
    with pytest.raises(CredentialError, match="credential was refused") as refused:
        await charts.index(wrong)
    assert "swordfish" not in f"{caught.value}{refused.value}"
    assert (await charts.index(replace(app, credential=CREDENTIAL))).versions


async def test_no_credential_over_plain_http(charts: HelmCharts) -> None:
    """Passwords do not cross the network in the clear."""
    with pytest.raises(InvalidError, match=r"not sent to http://charts\.example over plain http"):
        await charts.index(ChartRepository("http://charts.example", "app", CREDENTIAL))


async def _silent(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"entries:\n  app:\n", "more_body": True})
    raise ConnectionAbortedError


@pytest.mark.parametrize("fault", [Response(status_code=500), Response(status_code=503), _silent])
async def test_a_failure_that_passes(charts: HelmCharts, served: Served, fault: Answer) -> None:
    """One bad answer, be it an error or half an index, is asked again; three are enough."""
    app, server = served
    server.spoilt = [fault]
    assert (await charts.index(app)).versions["app"] == ("1.0.0", "1.1.0")
    server.spoilt = [fault] * 3
    with pytest.raises(TemporaryError):
        await charts.index(app)
    assert (await charts.index(app)).versions["app"] == ("1.0.0", "1.1.0")


async def test_a_server_that_wants_its_peace(charts: HelmCharts, served: Served) -> None:
    """`Retry-After` is the delay of the error, and nothing is asked again before."""
    app, server = served
    server.spoilt = [Response(status_code=429, headers={"Retry-After": "120"})]
    with pytest.raises(TemporaryError) as caught:
        await charts.index(app)
    assert caught.value.delay.total_seconds() == 120
    assert not server.answered


async def test_too_large(charts: HelmCharts, served: Served) -> None:
    """An index beyond the limit is refused, not swallowed."""
    app, server = served
    server.index = b"#" * 200_000
    with pytest.raises(PermanentError, match="larger than 100000 bytes"):
        await charts.index(app)


async def test_redirects(charts: HelmCharts, served: Served) -> None:
    """A redirect is followed, but not in circles."""
    app, server = served
    back = RedirectResponse(f"{app.url}/index.yaml")
    server.spoilt = [back]
    assert (await charts.index(app)).versions["app"] == ("1.0.0", "1.1.0")
    server.spoilt = [back] * 9
    with pytest.raises(PermanentError, match="more than 5 redirects"):
        await charts.index(app)
