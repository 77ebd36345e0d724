"""Promote from Python: `python -m starter.promote echo-server production lucky-jaguar --by ann`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from temporalio.client import WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from ferryman.domain import names
from ferryman.domain.errors import FerrymanError
from ferryman.domain.plan import PromoteRequest, Settled
from ferryman.domain.promotion import Phase
from ferryman.settings import Settings
from starter.connection import connect
from starter.ending import end
from starter.failures import sentence
from workflows.promote import PromoteWorkflow


async def promote(request: PromoteRequest) -> Settled:
    """Run the friendly door's workflow, and wait for how it went; asked twice, it runs once."""
    client = await connect(Settings.read().temporal)
    result: Settled = await client.execute_workflow(
        PromoteWorkflow.run,
        request,
        id=f"promote/{request.project}/{request.stage}/{request.freight}",
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        task_queue=names.SHARED_QUEUE,
    )
    return result


def main() -> int:
    """Exit with 0 when the Promotion succeeded."""
    parser = argparse.ArgumentParser(prog="starter.promote", description=__doc__)
    for name in ("project", "stage", "freight"):
        parser.add_argument(name)
    parser.add_argument("--by", default="", help="who asks, as claimed")
    given = parser.parse_args()
    try:
        settled = asyncio.run(promote(PromoteRequest(**vars(given))))
    except (FerrymanError, RPCError, WorkflowFailureError) as error:
        sys.stderr.write(f"{sentence(error)}\n")
        return 1
    sys.stdout.write(f"{settled.phase} {settled.message}\n")
    return 0 if settled.phase is Phase.SUCCEEDED else 1


if __name__ == "__main__":
    end(main)
