"""Actor: who does something, and how we know."""

from __future__ import annotations

from typing import Literal

from ferryman.domain.model import Model

Verb = Literal["get", "list", "watch", "create", "update", "patch", "delete", "promote"]


class Actor(Model):
    """Somebody or something that acts."""

    name: str
    """`admin`, `email:ann@example.com`, `controller:stage`, `temporal:ann`."""
    proven: bool = True
    """False: the name is as claimed (it came by Temporal, without a credential of ours)."""
    admin: bool = False

    def __str__(self) -> str:
        return self.name if self.proven else f"{self.name} (unproven)"


def controller(part: str) -> Actor:
    """Ferryman itself, acting as `part`."""
    return Actor(name=f"controller:{part}")
