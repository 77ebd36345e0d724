"""Logging in, and what is said when that is missing or wrong."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from cli import config
from ferryman import __version__
from tests.cli.conftest import Ferryman
from tests.live_api import TOKEN, LiveApi

pytestmark = pytest.mark.slow


def test_a_login_is_kept_for_its_owner_only(stranger: Ferryman, api: LiveApi, home: Path) -> None:
    """The token comes from standard input, never from the command line."""
    said = stranger("login", api.url, "--token-stdin", stdin=f"{TOKEN}\n")
    assert said.code == 0, said.err
    assert TOKEN not in said.out + said.err
    kept = home / "ferryman" / "config"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert config.current() == config.Login(api.url, TOKEN)
    assert stranger("version").out.splitlines()[1].startswith("Server Version: ")


def test_the_token_can_be_typed(
    stranger: Ferryman, api: LiveApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --token-stdin it is asked for, and not shown."""
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: TOKEN)
    assert stranger("login", api.url.removeprefix("http://")).code == 0
    assert config.current().api_address == api.url


def test_a_wrong_token_is_not_kept(stranger: Ferryman, api: LiveApi) -> None:
    """The server is asked first."""
    said = stranger("login", api.url, "--token-stdin", stdin="wrong")
    assert said.code == 1
    assert "does not accept this login" in said.err
    assert config.saved() == config.Login()


def test_the_project_is_remembered(ferryman: Ferryman) -> None:
    """set-project names what commands without -p mean."""
    assert ferryman("config", "set-project", "other").code == 0
    said = ferryman("get", "stages")
    assert "project other does not exist" in said.err


def test_the_environment_wins(
    stranger: Ferryman, api: LiveApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pipelines need no file."""
    config.save(config.Login("http://127.0.0.1:1", "wrong", "nowhere"))
    monkeypatch.setenv("FERRYMAN_API_ADDRESS", api.url)
    monkeypatch.setenv("FERRYMAN_API_TOKEN", TOKEN)
    assert stranger("get", "projects").code == 0
    monkeypatch.setenv("FERRYMAN_PROJECT", "elsewhere")
    assert "project elsewhere does not exist" in stranger("get", "stages").err


def test_yaml_is_read_as_well(stranger: Ferryman, api: LiveApi, home: Path) -> None:
    """As people write it by hand."""
    (home / "ferryman").mkdir(parents=True)
    text = f"# mine\napiAddress: {api.url}\nbearerToken: {TOKEN}\n"
    (home / "ferryman" / "config").write_text(text)
    assert stranger("get", "projects").code == 0


@pytest.mark.parametrize(
    ("login", "code", "sentence"),
    [
        (config.Login(), 2, "start one here with `ferryman server`"),
        (config.Login("nonsense", "x"), 2, "is no address of a server"),
        (config.Login("http://127.0.0.1:1", "x"), 1, "does not answer"),
    ],
)
def test_a_server_that_is_not_there_is_a_sentence(
    stranger: Ferryman, login: config.Login, code: int, sentence: str
) -> None:
    """It says what to do: start one, or log in to another."""
    config.save(login)
    said = stranger("get", "projects")
    assert said.code == code
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_a_bad_token_says_how_to_get_a_good_one(stranger: Ferryman, api: LiveApi) -> None:
    """The server's refusal, and the command that mends it."""
    config.save(config.Login(api.url, "old"))
    said = stranger("get", "projects")
    assert said.code == 1
    assert f"`ferryman login {api.url}` takes a current token" in said.err


def test_a_missing_project_is_a_usage_error(stranger: Ferryman, api: LiveApi) -> None:
    """-p, or once for all."""
    config.save(config.Login(api.url, TOKEN))
    said = stranger("get", "stages")
    assert said.code == 2
    assert "ferryman config set-project NAME" in said.err


def test_an_older_server_is_named_as_the_reason(
    ferryman: Ferryman, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a server does not know may come of its age, so both versions are told."""
    monkeypatch.setattr("cli.client.VERSION", "9.9.9")
    said = ferryman("get", "stages")
    assert said.code == 1
    assert f"the server is {__version__} and this command 9.9.9, which may be why" in said.err


def test_something_else_at_the_address_is_recognised(stranger: Ferryman) -> None:
    """A web server that is none of ours."""
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        config.save(config.Login(f"http://127.0.0.1:{other.server_port}", "x"))
        said = stranger("get", "projects")
        thread.join()
    assert said.code == 1
    assert "is no Ferryman server (HTTP 404)" in said.err


def test_a_broken_login_is_a_sentence(stranger: Ferryman, home: Path) -> None:
    """It names the file."""
    (home / "ferryman").mkdir(parents=True)
    (home / "ferryman" / "config").write_text("apiAddress: [")
    said = stranger("get", "projects")
    assert said.code == 1
    assert str(home / "ferryman" / "config") in said.err


def test_the_client_version_needs_no_server(stranger: Ferryman) -> None:
    """`version --client` asks nobody."""
    assert stranger("version", "--client").out == f"Client Version: {__version__}\n"


def test_server_becomes_the_server() -> None:
    """`ferryman server` is `python -m server`, whose options are its own business."""
    said = subprocess.run(
        [sys.executable, "-m", "cli", "server", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "python -m server" in said.stdout


def test_demo_passes_its_arguments_on(stranger: Ferryman, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are, --help too."""
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, arguments: became.append(arguments))
    stranger("demo", "--once", "--yes", "--help")
    assert became == [[sys.executable, "-P", "-m", "server", "demo", "--once", "--yes", "--help"]]
