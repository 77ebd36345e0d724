"""The command line, logged in to an API of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli import config
from cli.app import app
from tests.live_api import TOKEN, LiveApi, live_api
from tests.samples import PIPELINE
from tests.stores import keep, restored


class Said(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Ferryman = Callable[..., Said]
_built = cache(get_command)
"""The commands, put together once: Typer's runner does it each time, and that takes longer."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the test's own, and no settings from outside."""
    for name in ("FERRYMAN_API_ADDRESS", "FERRYMAN_API_TOKEN", "FERRYMAN_PROJECT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command waits for here comes soon."""
    monkeypatch.setattr("cli.following.EVERY", 0.02)
    monkeypatch.setattr("cli.following.AWAY", 0.05)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[LiveApi]:
    """An API with an empty store."""
    folder = tmp_path / "data"
    folder.mkdir()
    with live_api(folder) as api:
        yield api


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> Ferryman:
    """Runs commands without a login."""
    monkeypatch.setattr("typer.testing._get_command", _built)

    def run(*arguments: str, stdin: str = "") -> Said:
        result = CliRunner().invoke(app, list(arguments), input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def ferryman(api: LiveApi, stranger: Ferryman) -> Ferryman:
    """Runs commands as the admin, with shop as the Project."""
    config.save(config.Login(api.url, TOKEN, "shop"))
    return stranger


@pytest.fixture
def shop(ferryman: Ferryman, api: LiveApi) -> Ferryman:
    """The same once the example pipeline was applied and its nudges are forgotten."""
    if not restored(api.store, "pipeline"):
        assert ferryman("apply", "-f", "-", stdin=PIPELINE).code == 0
        api.forget()
        keep(api.store, "pipeline")
    return ferryman
