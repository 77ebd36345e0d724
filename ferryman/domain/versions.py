"""Semantic versions, and the constraints by which users choose among them.

Versions are the `semver` library's. Constraints follow Masterminds/semver v3.4, which Kargo
uses: `^ ~ = != > >= < <=`, `x` ranges, hyphen ranges, `,` or a space for *and*, `||` for *or*.
A pre-release matches only where its *and* group names a pre-release itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

from semver import Version

from ferryman.domain.errors import InvalidError

_VERSION_LENGTH = 256
_CONSTRAINT_LENGTH = 512
_UINT64 = 1 << 64
_MAJOR, _MINOR, _PATCH = 1, 2, 3
"""How many numbers of a bound are fixed, named after the last of them."""

_SPACE = " \t\n\f\r"
_NUMBER = r"(?:\d+|[xX*])"
_WORDS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_LABELS = rf"(?:-(?P<pre>{_WORDS}))?(?:\+(?P<build>{_WORDS}))?"
_LENIENT = re.compile(rf"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?{_LABELS}", re.ASCII)
_BOUND = re.compile(
    rf"[{_SPACE}]*(?P<operator>=>|>=|=<|<=|!=|~>|[=<>~^]|)[{_SPACE}]*"
    rf"v?({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?{_LABELS}",
    re.ASCII,
)
_AND = re.compile(rf"[{_SPACE}]*,|[{_SPACE}]+")
_PLAIN = rf"v?{_NUMBER}(?:\.{_NUMBER}){{0,2}}(?:-{_WORDS})?(?:\+{_WORDS})?"
_HYPHEN = re.compile(
    rf"[{_SPACE}]*({_PLAIN})[{_SPACE}]+-[{_SPACE}]+({_PLAIN})[{_SPACE}]*", re.ASCII
)


def parse_version(text: str, *, strict: bool) -> Version | None:
    """Return the version that `text` spells, or None.

    Lenient: `v1`, `1.2` and `01.2.3` are versions. Strict: after one leading `v`, all three
    numbers are there and none has a leading zero (semver.org).
    """
    if len(text) > _VERSION_LENGTH or not (match := _LENIENT.fullmatch(text)):
        return None
    if strict and not Version.is_valid(text.removeprefix("v")):
        return None
    return _version([number or "0" for number in match.groups()[:3]], match["pre"], match["build"])


@dataclass(frozen=True)
class Constraint:
    """What a version must be: one of `groups`, all of its bounds."""

    text: str
    groups: tuple[tuple[_Bound, ...], ...]

    @classmethod
    def parse(cls, text: str, *, field: str = "") -> Self:
        """Read a constraint; raises `InvalidError`, also for an empty one."""
        if len(text) > _CONSTRAINT_LENGTH:
            raise InvalidError(
                f"the version constraint has {len(text)} characters; "
                f"at most {_CONSTRAINT_LENGTH} are allowed",
                field=field,
            )
        spelled_out = _HYPHEN.sub(r">= \1, <= \2 ", text)
        groups = tuple(tuple(_bounds(group)) for group in spelled_out.split("||"))
        if not all(groups):
            raise InvalidError(
                f"{text!r} is not a version constraint; write one such as "
                "'^1.2.0', '~1.2', '>=1.2.0, <2.0.0', '1.2 - 1.4' or '1.x || 3.x'",
                field=field,
            )
        return cls(text, groups)

    def matches(self, version: Version) -> bool:
        """Whether `version` is one that the user wants."""
        return any(_admit(group, version) for group in self.groups)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class _Bound:
    """One comparison; `fixed` counts the numbers before the first `x` or missing one."""

    operator: str
    version: Version
    fixed: int


def _admit(group: tuple[_Bound, ...], version: Version) -> bool:
    if version.prerelease and not any(bound.version.prerelease for bound in group):
        return False
    return all(_RULES[bound.operator](version, bound) for bound in group)


def _bounds(group: str) -> Iterator[_Bound]:
    """Yield the bounds of an *and* group; nothing at all if one of them is malformed."""
    text = group.rstrip(_SPACE)
    bounds = []
    position = 0
    while match := _BOUND.match(text, position):
        bound = _bound(match)
        if bound is None:
            return
        bounds.append(bound)
        if match.end() == len(text):
            yield from bounds
            return
        separator = _AND.match(text, match.end())
        if separator is None:
            return
        position = separator.end()


def _bound(match: re.Match[str]) -> _Bound | None:
    operator, *numbers, pre, build = match.groups()
    fixed = next(
        (index for index, number in enumerate(numbers) if not (number or "x").isdigit()),
        _PATCH,
    )
    version = _version([*numbers[:fixed], "0", "0", "0"][:_PATCH], pre, build)
    return None if version is None else _Bound(operator, version, fixed)


def _version(numbers: list[str], pre: str | None, build: str | None) -> Version | None:
    major, minor, patch = map(int, numbers)
    if max(major, minor, patch) >= _UINT64 or (pre and not Version.is_valid(f"0.0.0-{pre}")):
        return None
    return Version(major, minor, patch, pre, build)


def _head(version: Version, count: int) -> tuple[int, ...]:
    return (version.major, version.minor, version.patch)[:count]


def _same(version: Version, bound: _Bound, count: int) -> bool:
    return version >= bound.version and _head(version, count) == _head(bound.version, count)


def _equal(version: Version, bound: _Bound) -> bool:
    return version == bound.version if bound.fixed == _PATCH else _tilde(version, bound)


def _not_equal(version: Version, bound: _Bound) -> bool:
    if bound.fixed not in (_MAJOR, _MINOR):
        return version != bound.version
    differs = _head(version, bound.fixed) != _head(bound.version, bound.fixed)
    return differs or (bound.fixed == _MINOR and version.prerelease != bound.version.prerelease)


def _greater(version: Version, bound: _Bound) -> bool:
    if bound.fixed not in (_MAJOR, _MINOR):
        return version > bound.version
    return _head(version, bound.fixed) > _head(bound.version, bound.fixed)


def _at_most(version: Version, bound: _Bound) -> bool:
    if bound.fixed == _PATCH:
        return version <= bound.version
    count = bound.fixed or _MINOR  # `<=*` is `<=0.0.x`
    return _head(version, count) <= _head(bound.version, count)


def _tilde(version: Version, bound: _Bound) -> bool:
    if bound.fixed in (0, _PATCH) and not any(_head(bound.version, _PATCH)):
        return version >= bound.version  # `~0.0.0` is `>=0.0.0`
    return _same(version, bound, _MAJOR if bound.fixed == _MAJOR else _MINOR)


def _caret(version: Version, bound: _Bound) -> bool:
    if bound.version.major or bound.fixed == _MAJOR:
        return _same(version, bound, _MAJOR)
    minor_is_given = bound.version.minor or bound.fixed == _MINOR
    return _same(version, bound, _MINOR if minor_is_given else _PATCH)


_RULES: dict[str, Callable[[Version, _Bound], bool]] = {
    "": _equal,
    "=": _equal,
    "!=": _not_equal,
    ">": _greater,
    ">=": lambda version, bound: version >= bound.version,
    "=>": lambda version, bound: version >= bound.version,
    "<": lambda version, bound: version < bound.version,
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
