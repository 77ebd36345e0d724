"""Workflows replay every history that was ever saved, and are free of what could break that."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.replay.record import HISTORIES, record
from tests.replay.scenarios import SCENARIOS
from worker.registrations import WORKFLOWS
from workflows.signals import FirstArgumentOnly

SAVED = sorted(HISTORIES.glob("*/*.json"))
_STRANGERS = {
    "activities",
    "asyncpg",
    "ferryman.clients",
    "ferryman.processes",
    "ferryman.settings",
    "ferryman.storage",
    "git",
    "httpx",
    "sqlalchemy",
    "structlog",
}


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_a_saved_history_replays(path: Path) -> None:
    """Today's workflow does what it did when the history was saved."""
    saved = await asyncio.to_thread(path.read_text)
    replayer = Replayer(
        workflows=WORKFLOWS,
        data_converter=pydantic_data_converter,
        interceptors=[FirstArgumentOnly()],
    )
    history = WorkflowHistory.from_json(f"recorded/{path.stem}", saved)
    await replayer.replay_workflow(history)


def test_every_scenario_is_saved() -> None:
    """No scenario is forgotten: `make record-histories` saves what is new."""
    saved = {f"{path.parent.name}/{path.stem}" for path in SAVED}
    assert saved >= set(SCENARIOS)


async def test_a_saved_history_is_never_rewritten() -> None:
    """Recording what has a history is refused before anything starts."""
    with pytest.raises(FileExistsError, match="Promotion/happy"):
        await record(["Promotion/happy"])


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_history_names_no_machine(path: Path) -> None:
    """Who recorded it, and where, is in no history."""
    text = path.read_text()
    assert '"identity": "recorder"' in text
    assert "@" not in text
    assert "stackTrace" not in text


def test_workflows_pull_in_nothing_of_the_world() -> None:
    """A worker's sandbox loads workflows without activities, clients, storage or settings."""
    modules = ", ".join(f"workflows.{path.stem}" for path in Path("workflows").glob("[a-z]*.py"))
    program = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    loaded = set(done.stdout.split())
    assert not {
        name for name in loaded for stranger in _STRANGERS if f"{name}.".startswith(f"{stranger}.")
    }
