"""`python -m tests.replay.record [NAME …]`: save the histories of scenarios that have none yet.

A history that was saved is never rewritten: it stands for the workflows that run at people's
when they upgrade. Where it does not replay any more, the workflow's change needs a patch; a
scenario that changes gets a new name.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from tests.replay.scenarios import SCENARIOS
from workflows import attributes

HISTORIES = Path(__file__).with_name("histories")


async def record(names: list[str]) -> None:
    """Run these scenarios and save their histories; raises FileExistsError for one that has one."""
    for name in names:
        if _path(name).exists():
            raise FileExistsError(f"{name} has a history, which stays as it is: take a new name")
    beside = Path(sys.executable).with_name("temporal")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(beside) if beside.exists() else shutil.which("temporal"),
        dev_server_log_level="error",
    ) as env:
        address = env.client.service_client.config.target_host
        # Histories are published: they name no machine and no user.
        client = await Client.connect(
            address, data_converter=pydantic_data_converter, identity="recorder"
        )
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=client.namespace,
                search_attributes={key.name: keyword for key in attributes.ALL},
            )
        )
        for name in names:
            handle = await SCENARIOS[name](client, f"recorded/{name}")
            _save(name, await handle.fetch_history())
            sys.stdout.write(f"saved {name}\n")


def _save(name: str, history: WorkflowHistory) -> None:
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x") as file:
        json.dump(_published(json.loads(history.to_json())), file, indent=1)
        file.write("\n")


def _published(data: Any) -> Any:
    """The same without stack traces, which name folders of this machine."""
    if isinstance(data, dict):
        return {key: _published(value) for key, value in data.items() if key != "stackTrace"}
    return [_published(item) for item in data] if isinstance(data, list) else data


def _path(name: str) -> Path:
    return HISTORIES / f"{name}.json"


def main() -> int:
    """Record what is named, or else whatever has no history."""
    names = sys.argv[1:] or [name for name in SCENARIOS if not _path(name).exists()]
    try:
        asyncio.run(record(names))
    except (FileExistsError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # temporalio's runtime may crash at interpreter exit, after all work is done (sdk-python #300).
    os._exit(code)
