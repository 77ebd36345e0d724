"""Platforms as "os/arch" or "os/arch/variant"."""

from __future__ import annotations

from dataclasses import dataclass

from ferryman.domain.errors import InvalidError

_UNKNOWN = {"", "unknown"}


@dataclass(frozen=True, slots=True)
class Platform:
    """What an image runs on.

    Two are the same only if the variant is the same too, as in Kargo: "linux/arm64" does not
    select "linux/arm64/v8".
    """

    os: str = ""
    architecture: str = ""
    variant: str = ""

    def __str__(self) -> str:
        parts = (self.os, self.architecture, self.variant)
        return "/".join(part for part in parts if part)

    @property
    def is_known(self) -> bool:
        """False for the entries ("unknown/unknown") that hold attestations, not images."""
        return self.os not in _UNKNOWN and self.architecture not in _UNKNOWN


def parse_platform(text: str) -> Platform:
    """Read "os/arch" or "os/arch/variant"; raises InvalidError for anything else."""
    parts = text.split("/")
    if len(parts) not in {2, 3} or not all(parts):
        raise InvalidError(
            f"{text!r} is not a platform: write os/arch, as in linux/amd64", field="platform"
        )
    return Platform(*parts)
