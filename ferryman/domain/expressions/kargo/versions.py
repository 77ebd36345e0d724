"""Functions on semantic versions: `semverDiff` and `semverParse`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from semver import Version

from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import by_name, define
from ferryman.domain.expressions.methods import WithMethods
from ferryman.domain.versions import parse_version


@dataclass(frozen=True)
class SemVer(WithMethods):
    """A version, with the methods of Masterminds' `semver.Version` that give one value."""

    kind: ClassVar[str] = "version"
    go_type: ClassVar[str] = "github.com/Masterminds/semver/v3.Version"

    version: Version
    text: str
    """The version as it was written."""

    def plain(self) -> str:
        """Return the version, spelled out."""
        return str(self.version)

    def __str__(self) -> str:
        return str(self.version)

    def _next(self, version: Version) -> SemVer:
        prefix = "v" if self.text.startswith("v") else ""
        return SemVer(version, f"{prefix}{version}")

    def _next_patch(self) -> SemVer:
        """A pre-release becomes its release, which comes next."""
        release = self.version.finalize_version()
        return self._next(release if self.version.prerelease else release.bump_patch())

    methods = by_name(
        (
            define("Major() int", lambda self: self.version.major),
            define("Minor() int", lambda self: self.version.minor),
            define("Patch() int", lambda self: self.version.patch),
            define("Prerelease() string", lambda self: self.version.prerelease or ""),
            define("Metadata() string", lambda self: self.version.build or ""),
            define("IncMajor() version", lambda self: self._next(self.version.bump_major())),
            define("IncMinor() version", lambda self: self._next(self.version.bump_minor())),
            define("IncPatch() version", _next_patch),
            define("String() string", str),
            define("Original() string", lambda self: self.text),
            define("Compare(version) int", lambda self, other: self.version.compare(other.version)),
            define("Equal(version) bool", lambda self, other: self.version == other.version),
            define("GreaterThan(version) bool", lambda self, o: self.version > o.version),
            define("LessThan(version) bool", lambda self, o: self.version < o.version),
        )
    )


def _parse(text: str) -> SemVer:
    version = parse_version(text, strict=False)
    if version is None:
        raise Fault("semverParse cannot read the string as a version such as 1.2.3")
    return SemVer(version, text)


def _difference(one: str, other: str) -> str:
    """Say which part differs; pre-releases are overlooked, as in Kargo."""
    left, right = (parse_version(text, strict=False) for text in (one, other))
    if left is None or right is None:
        return "Incomparable"
    parts = (
        ("Major", left.major, right.major),
        ("Minor", left.minor, right.minor),
        ("Patch", left.patch, right.patch),
        ("Metadata", left.build or "", right.build or ""),
    )
    return next((name for name, mine, theirs in parts if mine != theirs), "None")


FUNCTIONS: Final = (
    define("semverDiff(string, string) string", _difference),
    define("semverParse(string) version", _parse),
)

METHODS: Final = {SemVer.kind: {name: m.signature for name, m in SemVer.methods.items()}}
"""What can be called on a version."""
