"""WWW-Authenticate headers (RFC 9110, 11.6.1), as registries send them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.request import parse_http_list

# `Bearer realm="https://…"` or, after it, `service="…"`.
_PARAMETER = re.compile(r'(?:(?P<scheme>[\w-]+)\s+)?(?P<key>\w+)\s*=\s*"?(?P<value>.*?)"?')


@dataclass(frozen=True, slots=True)
class Challenge:
    """How a registry wants to be authenticated to: `scheme` is "bearer", "basic", …"""

    scheme: str
    parameters: dict[str, str] = field(default_factory=dict)


def choose_challenge(headers: Iterable[str]) -> Challenge | None:
    """Return the challenge to answer: Bearer before Basic, since its token can do less."""
    by_scheme = {
        challenge.scheme: challenge for header in headers for challenge in _challenges(header)
    }
    return by_scheme.get("bearer") or by_scheme.get("basic")


def _challenges(header: str) -> list[Challenge]:
    found: list[Challenge] = []
    for part in parse_http_list(header):
        parameter = _PARAMETER.fullmatch(part)
        if parameter is None:
            found.append(Challenge(part.lower()))
            continue
        if parameter["scheme"]:
            found.append(Challenge(parameter["scheme"].lower()))
        if found:
            found[-1].parameters[parameter["key"].lower()] = parameter["value"]
    return found
