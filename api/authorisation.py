"""Who may do what; every route asks here."""

from __future__ import annotations

from dataclasses import dataclass

from ferryman.domain.actor import Actor, Verb
from ferryman.domain.errors import DeniedError


@dataclass(frozen=True)
class Target:
    """What somebody wants to touch, named as in Kubernetes' RBAC."""

    kind: str
    """Plural and lower-case: `stages`."""
    project: str = ""
    name: str = ""

    def __str__(self) -> str:
        name = f" {self.name}" if self.name else ""
        where = f" in project {self.project}" if self.project else ""
        return f"{self.kind}{name}{where}"


def authorise(actor: Actor, verb: Verb, resource: Target) -> None:
    """Raise DeniedError unless `actor` may; for now, admins may everything and others nothing."""
    if not actor.admin:
        raise DeniedError(f"{actor} may not {verb} {resource}: ask an admin to do it")
