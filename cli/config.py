"""The login: which server, as whom, in which Project; kept where XDG says, for its owner only.

The file is JSON or YAML with `apiAddress`, `bearerToken` and `project`; the environment wins.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.failures import CommandError, UsageError

_VARIABLES = {
    "api_address": "FERRYMAN_API_ADDRESS",
    "bearer_token": "FERRYMAN_API_TOKEN",
    "project": "FERRYMAN_PROJECT",
}
_KEYS = {"api_address": "apiAddress", "bearer_token": "bearerToken", "project": "project"}


@dataclass(frozen=True)
class Login:
    """What every command needs to know; "" is not known."""

    api_address: str = ""
    bearer_token: str = ""
    project: str = ""

    def require_project(self, given: str | None) -> str:
        """The Project that was given, else the login's; raises UsageError for none."""
        project = given or self.project
        if not project:
            raise UsageError(
                "which project? Name it with -p NAME, "
                "or once for all with `ferryman config set-project NAME`"
            )
        return project


def path() -> Path:
    """Where the login is kept."""
    return user_config_path("ferryman") / "config"


def saved() -> Login:
    """What the file says, without the environment."""
    try:
        read = YAML(typ="safe", pure=True).load(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Login()
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not YAML"
        raise CommandError(
            f"the login {path()} cannot be read ({reason}): mend it, or remove it and log in again"
        ) from None
    known: dict[str, Any] = read if isinstance(read, dict) else {}
    return Login(**{field: str(known.get(key) or "") for field, key in _KEYS.items()})


def current(environment: Mapping[str, str] = os.environ) -> Login:
    """What holds for this command."""
    given = {field: environment.get(name, "") for field, name in _VARIABLES.items()}
    return replace(saved(), **{field: value for field, value in given.items() if value})


def save(login: Login) -> Path:
    """Replace the file whole, readable by its owner only."""
    target = path()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    text = json.dumps({key: getattr(login, field) for field, key in _KEYS.items()}, indent=2)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        raise CommandError(
            f"the login {target} cannot be written ({error.strerror}): make its folder one that "
            "you may write to, or choose another with XDG_CONFIG_HOME"
        ) from None
    return target
