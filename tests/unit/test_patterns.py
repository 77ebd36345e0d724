"""Patterns that users write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.errors import InvalidError
from ferryman.domain.patterns import compile_glob, compile_name, compile_regex


def test_regexes_are_unanchored() -> None:
    """A regular expression matches anywhere unless it says otherwise."""
    assert compile_regex("b+").search("abbc")
    assert not compile_regex("^b").search("abc")


@pytest.mark.parametrize("text", ["(", "(?=x)", r"(a)\1", "a{2000}", "*"])
def test_what_re2_does_not_know_is_refused(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Look-around, back-references and bad syntax are errors with a field, and print nothing."""
    with pytest.raises(InvalidError, match=r"^allowTags: .*RE2"):
        compile_regex(text, field="allowTags")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("glob", "matches", "others"),
    [
        ("prod", ["prod"], ["prod-eu", "a-prod", "PROD", "prod\n"]),
        ("prod-*", ["prod-", "prod-eu"], ["prod", "prod-a/b"]),
        ("prod-?", ["prod-1"], ["prod-", "prod-12"]),
        ("**/*.yaml", ["a.yaml", "x/y/a.yaml"], ["a.yaml/b"]),
        ("apps/**", ["apps/a", "apps/a/b"], ["apps", "my/apps/a"]),
        ("apps/**/v.yaml", ["apps/v.yaml", "apps/a/b/v.yaml"], ["apps/av.yaml"]),
        ("{a/**,b**c}", ["a/x/y", "bxc"], ["b/c"]),
        ("{dev,test}-[a-c]", ["dev-a", "test-c"], ["dev-d", "prod-a"]),
        ("{a,b{c,d}}", ["a", "bc", "bd"], ["b", "c"]),
        ("[!a]", ["b"], ["a", ""]),
        ("[^a]", ["b"], ["a"]),
        ("[[a]", ["[", "a"], ["b"]),
        (r"[\]\d]", ["]", "d"], ["1"]),
        (r"\*", ["*"], ["a"]),
        ("a.b,c", ["a.b,c"], ["axb,c"]),
    ],
)
def test_globs(glob: str, matches: list[str], others: list[str]) -> None:
    """A glob matches the whole text, and only its own signs are special."""
    pattern = compile_glob(glob)
    assert [text for text in matches + others if pattern.search(text)] == matches


@pytest.mark.parametrize("glob", ["[", "[]", "[z-a]", "{a", "a}", "a\\"])
def test_bad_globs_are_refused(glob: str) -> None:
    """What is left open, empty or upside down is an error that shows the glob as written."""
    with pytest.raises(InvalidError) as caught:
        compile_glob(glob, field="name")
    assert str(caught.value).startswith(f"name: {glob!r} ")


@given(st.text(st.characters(exclude_characters=":", codec="utf-8"), max_size=12))
def test_a_plain_name_matches_itself(name: str) -> None:
    """Without a prefix no sign is special."""
    assert compile_name(name).search(name)
    assert not compile_name(name).search(f"{name}x")


@pytest.mark.parametrize("prefix", ["regex", "regexp"])
def test_prefixes(prefix: str) -> None:
    """`regex:`, `regexp:` and `glob:` say how the rest is meant."""
    assert compile_name(f"{prefix}:^prod").search("prod-eu")
    assert compile_name("glob:*-eu").search("prod-eu")


@pytest.mark.parametrize(
    "text", ["exact:prod", "Regex:prod", "prod:", ":prod", "glob:[", "regex:("]
)
def test_unknown_prefixes_are_refused(text: str) -> None:
    """A word before a colon that means nothing to us is an error, not a name."""
    with pytest.raises(InvalidError):
        compile_name(text)
