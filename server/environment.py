"""Settings, as the environment that a child reads them from."""

from __future__ import annotations

import json
import os
from typing import Any

from pydantic import SecretStr
from pydantic_core import to_jsonable_python

from ferryman.settings import Settings

_PREFIX = "FERRYMAN_"


def environment(settings: Settings) -> dict[str, str]:
    """Our own environment, with `settings` in place of any that it holds.

    Secrets are in it in the clear: only the same user can read a process's environment.
    """
    # LC_ALL: the runner would set C, and Python's children should write UTF-8.
    inherited = {k: v for k, v in os.environ.items() if not k.upper().startswith(_PREFIX)}
    return {"LC_ALL": "C.UTF-8"} | inherited | _variables(settings)


def _variables(settings: Settings) -> dict[str, str]:
    values = to_jsonable_python(_revealed(settings.model_dump()))
    return {
        f"{_PREFIX}{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }


def _revealed(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {key: _revealed(item) for key, item in value.items()}
    return value
