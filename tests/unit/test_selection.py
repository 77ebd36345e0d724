"""Which tags win."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.errors import InvalidError
from ferryman.domain.selection import Strategy, TagRule, newest_first, order_tags

TAGS = st.lists(st.from_regex(r"v?[0-9]\.[0-9](\.[0-9](-rc\.[0-9])?)?|[a-c]", fullmatch=True))


@dataclass(frozen=True)
class Build:
    """A tag and its date."""

    tag: str
    created_at: datetime | None


def day(number: int) -> datetime:
    """Return a day of January."""
    return datetime(2026, 1, number, tzinfo=UTC)


@given(tags=TAGS, strict=st.booleans())
def test_order_does_not_depend_on_the_registry(tags: list[str], *, strict: bool) -> None:
    """Whatever the order in which tags arrive, the same ones win in the same order."""
    for strategy in ("SemVer", "Lexical"):
        rule = TagRule(strategy=strategy, strict_semvers=strict)
        assert order_tags(rule, tags) == order_tags(rule, tags[::-1])
        assert set(order_tags(rule, tags)) <= set(tags)


def test_filters_are_unanchored_and_ignoring_wins() -> None:
    """A tag needs one allowing match anywhere in it, and no ignoring one."""
    rule = TagRule(strategy="Lexical", allow=("main", "^v"), ignore=("arm",))
    tags = ["main-1", "v-arm", "v2", "feature", "x-main-2"]
    assert order_tags(rule, tags) == ["x-main-2", "v2", "main-1"]


@pytest.mark.parametrize("strategy", ["NewestBuild", "NewestTag"])
def test_by_date_keeps_the_order_it_was_given(strategy: Strategy) -> None:
    """Strategies that go by date only filter, since names say nothing about dates."""
    rule = TagRule(strategy=strategy, ignore=("^dev",), constraint="not read")
    assert rule.by_date
    assert order_tags(rule, ["b", "dev-1", "a", "c"]) == ["b", "a", "c"]


def test_newest_first() -> None:
    """Newer builds come first, then higher tags; unknown dates last; the limit cuts."""
    builds = [Build("a", day(1)), Build("x", None), Build("b", day(2)), Build("c", day(2))]
    assert [build.tag for build in newest_first(builds)] == ["c", "b", "a", "x"]
    assert [build.tag for build in newest_first(builds, 2)] == ["c", "b"]


def test_digest_follows_one_tag_without_listing() -> None:
    """Digest knows its tag, needs no list, and heeds no filter."""
    rule = TagRule(strategy="Digest", constraint="latest", ignore=("latest",))
    assert not rule.needs_tags
    assert order_tags(rule, ()) == ["latest"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (TagRule(constraint="newest"), "constraint"),
        (TagRule(strategy="Digest"), "constraint"),
        (TagRule(allow=("ok", "(")), "allowTagsRegexes[1]"),
        (TagRule(strategy="NewestBuild", ignore=("(?=x)",)), "ignoreTagsRegexes[0]"),
    ],
)
def test_a_bad_rule_names_its_field(rule: TagRule, field: str) -> None:
    """A rule can be checked before any registry is asked; the error names the field."""
    with pytest.raises(InvalidError) as caught:
        rule.check()
    assert caught.value.field == field


def test_a_good_rule_passes_the_check() -> None:
    """What is well-formed passes silently; Lexical does not even read the constraint."""
    TagRule(constraint="^1", allow=("^v",)).check()
    TagRule(strategy="Lexical", constraint="anything").check()
