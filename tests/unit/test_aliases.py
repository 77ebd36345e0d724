"""Aliases are friendly, repeatable and rarely the same."""

from __future__ import annotations

import re

import pytest

from ferryman.domain.aliases import _ADJECTIVES, _ANIMALS, alias, check_alias
from ferryman.domain.errors import InvalidError


def test_an_alias_is_an_adjective_and_an_animal() -> None:
    """Every alias reads like lucky-jaguar, and is a valid label value."""
    for attempt in range(200):
        assert re.fullmatch(r"[a-z]+-[a-z]+", alias("c0ffee", attempt))


def test_an_alias_depends_on_its_seed_alone() -> None:
    """The same Freight always gets the same alias; this one is written down for good."""
    assert alias("c0ffee") == alias("c0ffee", 0) == "keen-honeybee"
    assert alias("c0ffee", 1) != alias("c0ffee", 0)


def test_there_is_room() -> None:
    """With 200 words of each kind or more, a thousand Freights rarely meet."""
    for words in (_ADJECTIVES, _ANIMALS):
        assert len(words) == len(set(words)) >= 200
        assert words == sorted(words)
    assert len({alias(str(number)) for number in range(1000)}) > 980


@pytest.mark.parametrize("name", ["lucky-jaguar", "Release_1.2", "7", "a" * 63])
def test_what_people_may_call_freight(name: str) -> None:
    """Whatever is a label's value."""
    check_alias(name, field="newAlias")


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "stage:dev", "a" * 64, "ä"])
def test_what_cannot_be_an_alias(name: str) -> None:
    """The refusal names the field, and what may be used."""
    with pytest.raises(InvalidError, match=r"newAlias: .* cannot be an alias; use 1 to 63"):
        check_alias(name, field="newAlias")
