"""A token, and the registry that it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ferryman.domain.ports import Credential


@dataclass(frozen=True, slots=True)
class Token:
    """What lets one in, until `expires`."""

    credential: Credential = field(repr=False)
    expires: datetime


def host_of(url: str) -> str:
    """The registry of an image or of an `oci://` chart, in small letters."""
    return url.removeprefix("oci://").partition("/")[0].lower()
