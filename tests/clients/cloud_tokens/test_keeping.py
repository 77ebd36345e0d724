"""How often clouds are asked, and what happens when they do not answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from ferryman.clients.cloud_tokens import CloudOptions, CloudTokens
from ferryman.domain.cloud_keys import AwsKey
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from tests.clients.cloud_tokens.conftest import Cloud
from tests.clients.cloud_tokens.test_ecr import KEY, URL, given
from tests.eventually import eventually

REFUSED = (400, {"__type": "AccessDeniedException"})


async def test_all_wait_for_one_answer(cloud: Cloud, tokens: CloudTokens) -> None:
    """However many ask for repositories of a registry at once, the cloud is asked once."""
    cloud.answers["/"] = given("one", cloud.now + timedelta(hours=12))
    cloud.pause = 0.05
    asking = [tokens.credential(KEY, f"{URL}/{number}") for number in range(20)]
    assert {found.password for found in await asyncio.gather(*asking)} == {"one"}
    assert len(cloud.asked) == 1


async def test_all_share_one_refusal(cloud: Cloud, tokens: CloudTokens) -> None:
    """A wrong key is shown once to whoever waits, and asked again by who comes later."""
    cloud.answers["/"] = REFUSED
    cloud.pause = 0.05
    asking = [tokens.credential(KEY, URL) for _ in range(20)]
    refused = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(error) for error in refused} == {CredentialError}
    assert len(cloud.asked) == 1
    cloud.answers["/"] = given("now", cloud.now + timedelta(hours=12))
    assert (await tokens.credential(KEY, URL)).password == "now"


async def test_it_is_asked_for_again_before_it_expires(cloud: Cloud, tokens: CloudTokens) -> None:
    """With less than five minutes left it is not given out any more."""
    cloud.answers["/"] = given("one", cloud.now + timedelta(hours=12))
    await tokens.credential(KEY, URL)
    cloud.answers["/"] = given("two", cloud.now + timedelta(hours=24))
    cloud.now += timedelta(hours=11, minutes=54)
    assert (await tokens.credential(KEY, URL)).password == "one"
    cloud.now += timedelta(minutes=2)
    assert (await tokens.credential(KEY, URL)).password == "two"


async def test_each_key_has_its_own(cloud: Cloud, tokens: CloudTokens) -> None:
    """A key that was corrected is not let in by the token of the one before."""
    cloud.answers["/"] = given("one", cloud.now + timedelta(hours=12))
    await tokens.credential(KEY, URL)
    cloud.answers["/"] = REFUSED
    with pytest.raises(CredentialError):
        await tokens.credential(AwsKey(KEY.access_key_id, "another"), URL)


async def test_who_gives_up_takes_nobody_along(cloud: Cloud, tokens: CloudTokens) -> None:
    """Another that waits for the same token gets it."""
    cloud.answers["/"] = given("one", cloud.now + timedelta(hours=12))
    cloud.pause = 0.1
    first = asyncio.create_task(tokens.credential(KEY, URL))
    second = asyncio.create_task(tokens.credential(KEY, URL))
    await eventually(lambda: bool(cloud.asked))
    first.cancel()
    assert (await second).password == "one"


@pytest.mark.parametrize(("retry_after", "seconds"), [("7", 7), ("99999", 3600), ("soon", 10)])
@pytest.mark.parametrize("status", [429, 503])
async def test_trouble(
    cloud: Cloud, tokens: CloudTokens, status: int, retry_after: str, seconds: int
) -> None:
    """It is tried again when the cloud says, and no credential is blamed."""
    cloud.answers["/"] = (status, b"oops")
    cloud.headers["Retry-After"] = retry_after
    with pytest.raises(TemporaryError, match=f"it answered {status}") as caught:
        await tokens.credential(KEY, URL)
    assert type(caught.value) is TemporaryError
    assert caught.value.delay == timedelta(seconds=seconds)


@pytest.mark.parametrize("pause", [0, 5])
async def test_no_answer(cloud: Cloud, pause: int) -> None:
    """Nobody there, or nobody who answers in time: the network is blamed."""
    cloud.pause = pause
    url = f"{cloud.url}/" if pause else "http://127.0.0.1:1/"
    tokens = CloudTokens(CloudOptions(aws=url, timeout=0.1), clock=lambda: cloud.now)
    with pytest.raises(TemporaryError, match="check the worker's network"):
        await tokens.credential(KEY, URL)
    await tokens.aclose()


async def test_no_key_over_plain_http(cloud: Cloud) -> None:
    """Nothing is sent to another machine that is not spoken to by TLS."""
    tokens = CloudTokens(CloudOptions(aws="http://aws.shop.dev/"), clock=lambda: cloud.now)
    with pytest.raises(InvalidError, match=r"no key is sent to aws\.shop\.dev over plain http"):
        await tokens.credential(KEY, URL)
    await tokens.aclose()
