"""Decide from Python: `python -m starter.approve echo-server PROMOTION --by ann --comment ok`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from temporalio.service import RPCError

from ferryman.domain import names
from ferryman.domain.errors import FerrymanError
from ferryman.settings import Settings
from starter.connection import connect
from starter.ending import end


async def decide(project: str, promotion: str, verdict: str, body: dict[str, str]) -> None:
    """Signal the Promotion's workflow, as the Temporal UI and the `temporal` CLI do."""
    client = await connect(Settings.read().temporal)
    handle = client.get_workflow_handle(names.promotion_workflow_id(project, promotion))
    await handle.signal(verdict, body)


def main() -> int:
    """Exit with 0 when the decision was delivered; whether it counted, the events say."""
    parser = argparse.ArgumentParser(prog="starter.approve", description=__doc__)
    parser.add_argument("project")
    parser.add_argument("promotion")
    parser.add_argument("--reject", action="store_true", help="reject instead")
    parser.add_argument("--by", default="", help="who decides, as claimed")
    parser.add_argument("--comment", default="")
    given = parser.parse_args()
    verdict = "reject" if given.reject else "approve"
    body = {"by": given.by, "comment": given.comment}
    try:
        asyncio.run(decide(given.project, given.promotion, verdict, body))
    except (FerrymanError, RPCError) as error:
        sys.stderr.write(f"{given.promotion}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    end(main)
