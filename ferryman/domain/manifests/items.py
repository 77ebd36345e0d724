"""What reading a manifest gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from ferryman.domain.manifests.documents import Document
from ferryman.domain.manifests.remarks import Remark
from ferryman.domain.resource import Resource


@dataclass(frozen=True)
class Item:
    """One declared object, and what is to be said of it; each sentence names object and field."""

    about: str
    """`Stage/dev`."""
    where: str
    """`stages.yaml:12`, or `line 12`."""
    resource: Resource | None = None
    """None where `errors` say why, or where a warning says why it is left alone."""
    remarks: tuple[Remark, ...] = ()
    unsupported: tuple[str, ...] = ()
    """Paths of fields that are kept but not acted on yet."""
    document: Document | None = field(default=None, compare=False, repr=False)
    """What it was read from."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What does not keep it from being read."""
        return tuple(str(r) for r in self.remarks if r.severity == "warning")

    @property
    def errors(self) -> tuple[str, ...]:
        """Why it cannot be read."""
        return tuple(str(r) for r in self.remarks if r.severity == "error")


@dataclass(frozen=True)
class Loaded:
    """Everything that one call has read, in the order of the text."""

    items: tuple[Item, ...]

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The objects without errors."""
        return tuple(item.resource for item in self.items if item.resource)

    @property
    def warnings(self) -> tuple[str, ...]:
        """All warnings."""
        return tuple(warning for item in self.items for warning in item.warnings)

    @property
    def errors(self) -> tuple[str, ...]:
        """All errors; nothing may be written while there is one."""
        return tuple(error for item in self.items for error in item.errors)
