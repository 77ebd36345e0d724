"""Versions and constraints, where the conformance table leaves off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from ferryman.domain.errors import InvalidError
from ferryman.domain.versions import Constraint, parse_version

NUMBER = st.integers(0, 12)
LABEL = st.sampled_from([None, "alpha", "alpha.1", "rc.2", "rc.10", "0", "x-y"])
VERSIONS = st.builds(Version, NUMBER, NUMBER, NUMBER, LABEL)


def accepts(constraint: str, version: Version) -> bool:
    """Whether the constraint, parsed anew, takes the version."""
    return Constraint.parse(constraint).matches(version)


@pytest.mark.parametrize(
    ("text", "lenient", "strict"),
    [
        ("1.2.3", "1.2.3", "1.2.3"),
        ("v1.2.3-rc.1+b7", "1.2.3-rc.1+b7", "1.2.3-rc.1+b7"),
        ("v1", "1.0.0", None),
        ("1.2", "1.2.0", None),
        ("2024.01.15", "2024.1.15", None),
        ("1.2.3-01", None, None),
        ("1.2.3-", None, None),
        ("V1.2.3", None, None),
        ("vv1.2.3", None, None),
        ("1.2.3.4", None, None),
        (" 1.2.3", None, None),
        ("1.2.3\n", None, None),
        ("١.2.3", None, None),  # noqa: RUF001 - a digit, but not one of ASCII
        ("18446744073709551615.0.0", "18446744073709551615.0.0", "18446744073709551615.0.0"),
        ("18446744073709551616.0.0", None, None),
        ("9" * 5000, None, None),
        ("", None, None),
        ("latest", None, None),
    ],
)
def test_parse_version(text: str, lenient: str | None, strict: str | None) -> None:
    """Lenient parsing completes a version, strict parsing wants it whole."""
    found = [parse_version(text, strict=strictness) for strictness in (False, True)]
    assert [version and str(version) for version in found] == [lenient, strict]


@given(VERSIONS)
def test_a_version_is_read_as_it_was_written(version: Version) -> None:
    """What the library writes, both parsers read back."""
    assert parse_version(f"v{version}", strict=True) == version
    assert parse_version(str(version), strict=False) == version


@given(VERSIONS, VERSIONS)
def test_comparisons_agree_with_the_order_of_versions(bound: Version, version: Version) -> None:
    """Once pre-releases are let in, the six comparisons are those of the version order."""
    with_pre = "!=0.0.0-none"
    for operator, holds in {
        "=": version == bound,
        "!=": version != bound,
        "<": version < bound,
        "<=": version <= bound,
        ">": version > bound,
        ">=": version >= bound,
    }.items():
        assert accepts(f"{operator}{bound}, {with_pre}", version) is holds, operator


@given(VERSIONS, VERSIONS)
def test_caret_and_tilde_are_ranges(bound: Version, version: Version) -> None:
    """A caret allows what a tilde allows once the major number is not 0, neither goes below."""
    caret, tilde = accepts(f"^{bound}", version), accepts(f"~{bound}", version)
    if tilde and bound.major:
        assert caret
    if caret or tilde:
        assert version >= bound


@given(VERSIONS, VERSIONS, VERSIONS)
def test_hyphen_range_is_a_pair_of_comparisons(low: Version, high: Version, it: Version) -> None:
    """`low - high` means at least low and at most high."""
    assert accepts(f"{low} - {high}", it) is accepts(f">={low}, <={high}", it)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_or_needs_one_side(left: Version, right: Version, version: Version) -> None:
    """`||` accepts what either side accepts."""
    either = accepts(f"^{left}", version) or accepts(f"~{right}", version)
    assert accepts(f"^{left}||~{right}", version) is either


@given(VERSIONS.filter(lambda version: version.prerelease is not None))
def test_pre_releases_need_an_invitation(version: Version) -> None:
    """Where no bound of the group is a pre-release, no pre-release matches."""
    for constraint in ("*", ">=0.0.0", "!=13.x", "<=99"):
        assert not accepts(constraint, version)
    assert accepts(">=0.0.0-0", version)


@pytest.mark.parametrize(
    ("constraint", "version", "match"),
    [
        ("v1.2.3", "1.2.3", True),
        ("=<1.2", "1.2.9", True),
        ("1 - 2, !=1.5.0", "1.5.0", False),
        (">1, 2 - 3", "2.0.0", True),
        (">1 2 - 3", "2.0.0", None),
        ("~0.0", "0.1.0", False),
        ("^0.0.3", "0.0.4", False),
        ("^0.0", "0.1.0", False),
        ("<=*", "0.0.9", True),
        ("!=*", "0.0.0", False),
        ("\t>=1.0.0\n", "1.0.0", True),
        ("1.2.3||", "1.2.3", None),
        ("1.2.3,", "1.2.3", None),
        ("1.x-01", "1.0.0", None),
        ("xx", "1.0.0", None),
        ("1.2.3\u00a0", "1.2.3", None),
        ("99999999999999999999", "1.0.0", None),
    ],
)
def test_corners(constraint: str, version: str, *, match: bool | None) -> None:
    """The corners of Masterminds' grammar that no table case shows."""
    if match is None:
        with pytest.raises(InvalidError):
            Constraint.parse(constraint)
    else:
        assert accepts(constraint, Version.parse(version)) is match


def test_refusal_says_what_to_write() -> None:
    """The message names the field and the value, and gives examples."""
    with pytest.raises(InvalidError, match=r"^spec\.constraint: 'newest' .* '\^1\.2\.0'"):
        Constraint.parse("newest", field="spec.constraint")


def test_constraints_are_bounded() -> None:
    """A constraint beyond 512 characters is refused, and spaces up to there cost nothing."""
    with pytest.raises(InvalidError, match="at most 512"):
        Constraint.parse("1.0.0 " * 100)
    with pytest.raises(InvalidError):
        Constraint.parse("1 " + "   1" * 127 + "!")
    assert str(Constraint.parse("^1.0.0")) == "^1.0.0"
