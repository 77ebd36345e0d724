"""The admin's token, and the login that lets the command line use it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from ferryman.domain.errors import PermanentError
from ferryman.settings import Settings
from ferryman.storage.database import Database
from ferryman.storage.tokens import ADMIN, Tokens
from server.folder import DataFolder


async def admin_token(settings: Settings, folder: DataFolder, database: Database) -> str:
    """The token that the settings give, else the data folder's, else a new one kept there."""
    tokens, now = Tokens(database), datetime.now(UTC)
    given = settings.admin_token.get_secret_value()
    kept = given or _read(folder.admin_token).strip()
    if kept:
        # Said at every start: the store may be another one than last time.
        await tokens.accept(kept, ADMIN, now=now)
        return kept
    issued = await tokens.issue(ADMIN, now=now)
    _write(folder.admin_token, issued)
    return issued


def login_path() -> Path:
    """Where `ferryman` looks for its login."""
    return user_config_path("ferryman") / "config"


def write_login(api_address: str, token: str, *, project: str = "") -> Path:
    """Log the command line in; a login at another address is kept as `config.previous`.

    Raises PermanentError where the file cannot be written.
    """
    path = login_path()
    try:
        before = _read(path)
        login = _parsed(before)
        if before and login.get("apiAddress") != api_address:
            _write(path.with_name("config.previous"), before)
            login = {}
        login |= {"apiAddress": api_address, "bearerToken": token}
        login |= {"project": project} if project else {}
        _write(path, json.dumps(login, indent=2) + "\n")
    except OSError as error:
        raise PermanentError(
            f"the login {path} cannot be written ({error.strerror}): make its folder one that "
            "you may write to, or choose another with XDG_CONFIG_HOME"
        ) from error
    return path


@contextmanager
def borrowed_login(api_address: str, token: str, *, project: str) -> Iterator[None]:
    """Log the command line in while the block lasts; afterwards it is as it was before."""
    path = login_path()
    before = _read(path)
    write_login(api_address, token, project=project)
    ours = _read(path)
    try:
        yield
    finally:
        if _read(path) == ours:
            if before:
                _write(path, before)
            else:
                path.unlink()


def _parsed(text: str) -> dict[str, Any]:
    try:
        login = json.loads(text or "{}")
    except ValueError:
        return {}
    return login if isinstance(login, dict) else {}


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _write(path: Path, text: str) -> None:
    """Replace the file whole, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)
