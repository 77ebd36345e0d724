"""Which tags win: what can be said from their names, and what needs a look at each.

`order_tags` gives the candidates; for the strategies that go by date (`rule.by_date`) all of
them must be looked at and put into `newest_first`, for the others only as many from the top
as are wanted. Strategies are Kargo's (§1.4); git tags follow the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol, TypeVar

from semver import Version

from ferryman.domain.errors import InvalidError
from ferryman.domain.patterns import Pattern, compile_regex
from ferryman.domain.versions import Constraint, parse_version

Strategy = Literal["SemVer", "Lexical", "NewestBuild", "NewestTag", "Digest"]

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class TagRule:
    """What a subscription says about tags.

    `allow` and `ignore` are unanchored RE2 expressions; ignoring wins. `constraint` is a
    version constraint for SemVer, the one tag to follow for Digest, and unused otherwise.
    """

    strategy: Strategy = "SemVer"
    constraint: str = ""
    allow: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict_semvers: bool = True

    @property
    def by_date(self) -> bool:
        """Whether the order needs each candidate's date."""
        return self.strategy in {"NewestBuild", "NewestTag"}

    @property
    def needs_tags(self) -> bool:
        """Whether the repository's tags must be listed; Digest knows its one tag."""
        return self.strategy != "Digest"

    def check(self) -> None:
        """Raise `InvalidError` if a pattern, the constraint or the tag to follow is bad."""
        order_tags(self, ())


class Dated(Protocol):
    """A tag and when what it points to was made."""

    @property
    def tag(self) -> str:
        """Its name."""

    @property
    def created_at(self) -> datetime | None:
        """With a time zone; None if unknown."""


DatedT = TypeVar("DatedT", bound=Dated)


def order_tags(rule: TagRule, tags: Iterable[str]) -> list[str]:
    """Return the tags that the rule accepts, best first; raises `InvalidError` for a bad rule.

    By date, they keep the order in which they came.
    """
    if rule.strategy == "Digest":
        if not rule.constraint:
            raise InvalidError(
                "the Digest strategy follows one tag; name it here", field="constraint"
            )
        return [rule.constraint]
    accepted = _accepted(rule, tags)
    match rule.strategy:
        case "SemVer":
            return _by_version(rule, accepted)
        case "Lexical":
            return sorted(accepted, reverse=True)
        case _:
            return accepted


def newest_first(candidates: Iterable[DatedT], limit: int = 0) -> list[DatedT]:
    """Return at most `limit` candidates (0: all), newest first, then by tag downwards."""
    ordered = sorted(
        candidates,
        key=lambda candidate: (candidate.created_at or _BEFORE_ALL, candidate.tag),
        reverse=True,
    )
    return ordered[: limit or None]


def _accepted(rule: TagRule, tags: Iterable[str]) -> list[str]:
    allow = _compiled(rule.allow, "allowTagsRegexes")
    ignore = _compiled(rule.ignore, "ignoreTagsRegexes")
    return [
        tag
        for tag in tags
        if not any(pattern.search(tag) for pattern in ignore)
        and (not allow or any(pattern.search(tag) for pattern in allow))
    ]


def _compiled(expressions: Sequence[str], field: str) -> list[Pattern]:
    return [
        compile_regex(expression, field=f"{field}[{index}]")
        for index, expression in enumerate(expressions)
    ]


def _by_version(rule: TagRule, tags: Iterable[str]) -> list[str]:
    constraint = Constraint.parse(rule.constraint, field="constraint") if rule.constraint else None
    # The numbers come first in the key because comparing whole Versions costs 20 times as much.
    keyed: list[tuple[int, int, int, Version, str]] = []
    for tag in tags:
        version = parse_version(tag, strict=rule.strict_semvers)
        if version is not None and (constraint is None or constraint.matches(version)):
            keyed.append((version.major, version.minor, version.patch, version, tag))
    return [tag for *_, tag in sorted(keyed, reverse=True)]
