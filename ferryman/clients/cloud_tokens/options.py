"""Where the clouds give their tokens, and how long we wait for one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudOptions:
    """The clouds' addresses, which only tests have a reason to change; times are seconds."""

    aws: str = "https://api.ecr.{region}.{domain}/"
    google: str = "https://oauth2.googleapis.com/token"
    azure: str = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    azure_registry: str = "https://{registry}/oauth2/exchange"
    timeout: float = 30.0
    """The longest that one request may take."""
