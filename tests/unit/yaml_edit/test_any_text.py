"""Updates in texts that are hardly YAML: never a crash, never a byte too many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.yaml_edit import fuzz
from tests.unit.yaml_edit.mutations import mutated
from tests.unit.yaml_edit.promises import changed_or_refused, scanner_agrees_or_is_silent

pytestmark = pytest.mark.slow

VALUES = st.sampled_from(["v2", "", "1.10", "a: b", "two\nlines\n", "it's", 3, 1.5, True, None])


@settings(max_examples=150, deadline=None)
@given(case=mutated(), value=VALUES)
def test_changed_or_refused(case: tuple[str, str], value: object) -> None:
    """An update of a damaged document changes one scalar or is refused."""
    changed_or_refused(*case, value)


@settings(max_examples=150, deadline=None)
@given(case=mutated())
def test_scanner_agrees_or_is_silent(case: tuple[str, str]) -> None:
    """Our scanner reads a damaged document as ruamel.yaml does, or leaves it alone."""
    text, _ = case
    scanner_agrees_or_is_silent(text)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=60))
def test_fuzzer_entry(data: bytes) -> None:
    """The fuzzer's entry holds for bytes of any kind."""
    fuzz(data)
