"""A Temporal whose clock skips, one for each module, and a script for each test."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from google.protobuf.duration_pb2 import Duration
from google.protobuf.empty_pb2 import Empty
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from tests.workflows.script import Script
from workflows import attributes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def temporal() -> AsyncIterator[Client]:
    """A server, whose clock is one for all tests of a module; they run one after the other."""
    program = Path(sys.executable).with_name("temporal-test-server")
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(program), data_converter=pydantic_data_converter
    )
    async with env:
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        request = AddSearchAttributesRequest(
            search_attributes={key.name: keyword for key in attributes.ALL}
        )
        await env.client.operator_service.add_search_attributes(request)
        yield env.client


@pytest.fixture
def script() -> Script:
    """What happens in this test."""
    return Script()


async def temporal_now(client: Client) -> datetime:
    """The time of the server, which skips."""
    answer = await client.service_client.test_service.get_current_time(Empty())
    return answer.time.ToDatetime(tzinfo=UTC)


async def pass_by(client: Client, time: timedelta) -> None:
    """Let time skip where it would not by itself: while an activity waits for a worker in vain."""
    duration = Duration()
    duration.FromTimedelta(time)
    skip = client.service_client.test_service.unlock_time_skipping_with_sleep
    await skip(SleepRequest(duration=duration))


def unique(name: str) -> str:
    """A workflow id of this test's own."""
    return f"{name}/{uuid4()}"
