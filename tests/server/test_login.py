"""The login that lets the next `ferryman` command work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ferryman.domain.errors import PermanentError
from server.login import borrowed_login, login_path, write_login


@pytest.fixture(autouse=True)
def _config_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_a_login_says_where_and_who_and_is_for_its_owner_only(tmp_path: Path) -> None:
    """A bearer token is a secret."""
    path = write_login("http://127.0.0.1:8080", "t0ken")
    assert path == login_path() == tmp_path / "ferryman" / "config"
    assert json.loads(path.read_text()) == {
        "apiAddress": "http://127.0.0.1:8080",
        "bearerToken": "t0ken",
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_token_at_the_same_address_keeps_the_project() -> None:
    """What the user chose for this server stays chosen."""
    write_login("http://a", "old", project="echo")
    login = json.loads(write_login("http://a", "new").read_text())
    assert login == {"apiAddress": "http://a", "bearerToken": "new", "project": "echo"}


def test_a_login_elsewhere_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    """Starting a server on a laptop must not lose the login to the one in production."""
    write_login("https://production", "precious", project="echo")
    login = json.loads(write_login("http://a", "t").read_text())
    assert login == {"apiAddress": "http://a", "bearerToken": "t"}
    previous = json.loads((tmp_path / "ferryman" / "config.previous").read_text())
    assert previous["bearerToken"] == "precious"


def test_a_login_that_is_no_json_is_replaced(tmp_path: Path) -> None:
    """A broken file is no reason not to start."""
    (tmp_path / "ferryman").mkdir()
    (tmp_path / "ferryman" / "config").write_text("{")
    assert json.loads(write_login("http://a", "t").read_text())["bearerToken"] == "t"


def test_a_login_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The sentence names the file and the way out."""
    (tmp_path / "ferryman").touch()
    with pytest.raises(PermanentError, match=r"config cannot be written.*XDG_CONFIG_HOME"):
        write_login("http://a", "t")


def test_a_borrowed_login_is_given_back() -> None:
    """A demo leaves the command line as it was, logged in elsewhere or not at all."""
    with borrowed_login("http://demo", "t", project="echo"):
        assert json.loads(login_path().read_text())["project"] == "echo"
    assert not login_path().exists()
    before = write_login("https://production", "precious").read_text()
    with borrowed_login("http://demo", "t", project="echo"):
        pass
    assert login_path().read_text() == before


def test_a_login_that_somebody_wrote_meanwhile_stays() -> None:
    """Who logs in during a demo means it."""
    with borrowed_login("http://demo", "t", project="echo"):
        theirs = write_login("https://production", "precious").read_text()
    assert login_path().read_text() == theirs
