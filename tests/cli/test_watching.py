"""`ferryman get --watch`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.samples import WAREHOUSE


@contextmanager
def _watching(*arguments: str) -> Iterator[IO[str]]:
    """What a command that does not end by itself prints."""
    with subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout
        try:
            yield process.stdout
        finally:
            process.terminate()


def test_changes_are_rows_under_one_header(shop: Ferryman) -> None:
    """First what is there, then each change; what goes is said to be deleted."""
    with _watching("get", "warehouses", "--watch") as out:
        assert out.readline() == "NAME     SHARD   AGE\n"
        assert out.readline().startswith("images")
        shop("apply", "-f", "-", stdin=WAREHOUSE.replace("name: images", "name: others"))
        assert out.readline().startswith("others")
        shop("delete", "warehouse", "others")
        assert out.readline() == "warehouse.kargo.akuity.io/others deleted\n"


def test_programs_get_a_change_a_line(shop: Ferryman, api: LiveApi) -> None:
    """JSON lines with type and object; a server that comes back is watched again."""
    with _watching("get", "stage", "dev", "--watch", "-o", "json") as out:
        told = json.loads(out.readline())
        assert (told["type"], told["object"]["metadata"]["name"]) == ("ADDED", "dev")
        api.run(api.stop())
        api.run(api.start())
        shop("delete", "stage", "dev")
        assert json.loads(out.readline())["type"] == "DELETED"
