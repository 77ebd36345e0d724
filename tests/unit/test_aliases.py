"""Aliases are friendly, repeatable and rarely the same."""

from __future__ import annotations

import re

from ferryman.domain.aliases import _ADJECTIVES, _ANIMALS, alias


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
