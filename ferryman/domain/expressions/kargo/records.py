"""What the freight functions give: revisions of artifacts, and the origin they came from.

Expressions read Kargo's Go names (`.Tag`, `.RepoURL`); as data a record has the YAML names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from ferryman.domain.expressions.faults import unknown
from ferryman.domain.expressions.moment import Time
from ferryman.domain.expressions.types import ANY, STRING, Type
from ferryman.domain.expressions.values import StringMap, Struct, adopted

_PACKAGE: Final = "github.com/akuity/kargo/api/v1alpha1"


def _data(value: Any) -> Any:
    return adopted(value or {}, json_numbers=True)


def _strings(value: Any) -> StringMap:
    return StringMap(value or {})


def _time(value: Any) -> Time | None:
    if not value:
        return None
    moment: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return Time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Record(Struct):
    """A struct over plain data with YAML names."""

    names: ClassVar[Mapping[str, str]]
    """Name in an expression → name in the data."""

    read: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    """How to read what is not a string."""

    data: Mapping[str, Any]

    def member(self, name: str) -> Any:
        """Return a field; one that is not set is empty, not nil."""
        if name not in self.names:
            raise unknown(f"field of {self.kind}", name, self.names)
        value = self.data.get(self.names[name])
        return self.read[name](value) if name in self.read else str(value or "")

    def plain(self) -> Any:
        """Return the data without what is not set."""
        shown = (name for name in self.names.values() if self.data.get(name))
        return {name: adopted(self.data[name], json_numbers=False) for name in shown}

    def __str__(self) -> str:
        """Write the values as Go's `%v` does."""
        return f"{{{' '.join(str(self.data.get(name, '')) for name in self.names.values())}}}"

    @classmethod
    def members(cls) -> Mapping[str, Type]:
        """Return the type of each member, as far as it is known."""
        return {name: ANY if name in cls.read else STRING for name in cls.names}


class Origin(Record):
    """Where Freight comes from: `warehouse('main')`."""

    kind = "origin"
    go_type = f"{_PACKAGE}.FreightOrigin"
    names: ClassVar = {"Kind": "kind", "Name": "name"}


class Commit(Record):
    """A git revision in Freight."""

    kind = "commit"
    go_type = f"{_PACKAGE}.GitCommit"
    names: ClassVar = {
        "RepoURL": "repoURL",
        "ID": "id",
        "Branch": "branch",
        "Tag": "tag",
        "Message": "message",
        "Author": "author",
        "Committer": "committer",
        "SubscriptionName": "subscriptionName",
    }


class Image(Record):
    """An image revision in Freight."""

    kind = "image"
    go_type = f"{_PACKAGE}.Image"
    names: ClassVar = {
        "RepoURL": "repoURL",
        "Tag": "tag",
        "Digest": "digest",
        "Annotations": "annotations",
        "SubscriptionName": "subscriptionName",
    }
    read: ClassVar = {"Annotations": _strings}


class Chart(Record):
    """A chart version in Freight."""

    kind = "chart"
    go_type = f"{_PACKAGE}.Chart"
    names: ClassVar = {
        "RepoURL": "repoURL",
        "Name": "name",
        "Version": "version",
        "SubscriptionName": "subscriptionName",
    }


class Artifact(Record):
    """A revision of a subscription type of the user's own; lower case is read too."""

    kind = "artifact"
    go_type = f"{_PACKAGE}.ArtifactReference"
    names: ClassVar = {
        "ArtifactType": "artifactType",
        "SubscriptionName": "subscriptionName",
        "Version": "version",
        "Metadata": "metadata",
        "version": "version",
        "metadata": "metadata",
    }
    read: ClassVar = {"Metadata": _data, "metadata": _data}


class DiscoveredCommit(Record):
    """The newest git revision that a Warehouse found."""

    kind = "discovered commit"
    go_type = f"{_PACKAGE}.DiscoveredCommit"
    names: ClassVar = {
        "ID": "id",
        "Branch": "branch",
        "Tag": "tag",
        "Subject": "subject",
        "Author": "author",
        "Committer": "committer",
        "CreatorDate": "creatorDate",
    }
    read: ClassVar = {"CreatorDate": _time}


class DiscoveredImage(Record):
    """The best image revision that a Warehouse found."""

    kind = "discovered image"
    go_type = f"{_PACKAGE}.DiscoveredImageReference"
    names: ClassVar = {
        "Tag": "tag",
        "Digest": "digest",
        "Annotations": "annotations",
        "CreatedAt": "createdAt",
    }
    read: ClassVar = {"Annotations": _strings, "CreatedAt": _time}


STRUCTS: Final[Mapping[str, Mapping[str, Type]]] = {
    record.kind: record.members()
    for record in (Origin, Commit, Image, Chart, Artifact, DiscoveredCommit, DiscoveredImage)
}
"""The members of each kind of record."""
