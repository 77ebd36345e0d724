"""A start that cannot be: one sentence that says what to do, exit code 1, and nothing left."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from server import ports
from server.commands import app
from server.folder import opened
from server.ports import LOOPBACK
from tests.ports import fresh_port


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(ports, "_PATIENCE", 0.2)
    for option in ("PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT"):
        monkeypatch.setenv(f"FERRYMAN_{option}", str(fresh_port()))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The server's data folder."""
    return tmp_path / "data"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


def _refused(data: Path, *arguments: str) -> str:
    """The sentence with which a server refuses to start."""
    result = CliRunner().invoke(app, ["--data", str(data), *arguments])
    assert result.exit_code == 1
    assert not result.stdout
    sentence = result.stderr.removeprefix("ferryman: ").removesuffix("\n")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("option", ["--port", "--temporal-port", "--temporal-ui-port"])
def test_a_port_in_use(data: Path, taken_port: int, option: str) -> None:
    """The port is named, and the option that chooses another."""
    assert _refused(data, option, str(taken_port)) == (
        f"port {taken_port} on 127.0.0.1 cannot be used (Address already in use): "
        f"stop what uses it, or choose another with {option}"
    )


def test_a_data_folder_that_is_a_file(data: Path) -> None:
    """The folder is named, and the option that chooses another."""
    data.touch()
    assert "choose another with --data" in _refused(data)


def test_a_data_folder_that_another_server_uses(data: Path) -> None:
    """The other server's process is named."""
    with opened(data):
        assert "another server (process " in _refused(data)


def test_a_store_of_a_newer_version(data: Path) -> None:
    """What is there is left as it is."""
    data.mkdir()
    engine = create_engine(f"sqlite:///{data / 'ferryman.db'}")
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version (version_num varchar(32))"))
        connection.execute(text("insert into alembic_version values ('9999')"))
    engine.dispose()
    assert "start that version or a later one" in _refused(data)


def test_a_store_that_is_no_database(data: Path) -> None:
    """A broken file is told from a missing one."""
    data.mkdir()
    (data / "ferryman.db").write_text("This is prose, and long enough to be no header. " * 99)
    assert "restore it from a backup" in _refused(data)


def test_a_store_that_does_not_answer(data: Path) -> None:
    """The address is told without the password."""
    url = f"postgresql://ann:s3cret@127.0.0.1:{fresh_port()}/ferryman"
    sentence = _refused(data, "--database-url", url)
    assert "postgresql://ann:***@127.0.0.1" in sentence
    assert "s3cret" not in sentence


def test_a_temporal_that_does_not_answer(data: Path) -> None:
    """With an address of one's own no Temporal is started, so that one must be there."""
    sentence = _refused(data, "--temporal-address", f"127.0.0.1:{fresh_port()}")
    assert "does not answer" in sentence


def test_a_setting_that_does_not_fit(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the environment is named like one on the command line."""
    monkeypatch.setenv("FERRYMAN_WORKER__STEPS_AT_ONCE", "many")
    assert "worker.steps_at_once" in _refused(data)


def test_an_api_key_file_that_is_missing(data: Path) -> None:
    """The option is named."""
    assert _refused(data, "--temporal-api-key-file", "nowhere").startswith(
        "--temporal-api-key-file: nowhere cannot be read"
    )
