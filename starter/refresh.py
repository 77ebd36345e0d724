"""Discover now, from Python: `python -m starter.refresh echo-server echo-server-image`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from temporalio.service import RPCError

from ferryman.domain.errors import FerrymanError
from ferryman.settings import Settings
from starter.connection import connect
from starter.ending import end
from starter.nudges import TemporalNudges


async def refresh(project: str, warehouse: str) -> None:
    """Nudge a Warehouse's discovery."""
    client = await connect(Settings.read().temporal)
    await TemporalNudges(client).warehouse(project, warehouse)


def main() -> int:
    """Exit with 0 when the nudge was delivered."""
    parser = argparse.ArgumentParser(prog="starter.refresh", description=__doc__)
    parser.add_argument("project")
    parser.add_argument("warehouse")
    given = parser.parse_args()
    try:
        asyncio.run(refresh(given.project, given.warehouse))
    except (FerrymanError, RPCError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    end(main)
