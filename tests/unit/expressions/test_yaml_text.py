"""`asYAML` writes what go-yaml writes, and what reads back as the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ferryman.domain.expressions import Environment, render

TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        *("", " ", "a ", " a", "a: b", "- a", "#a", "a #b", "@a", "%", "---", "...", "?", "-", ":"),
        *("null", "~", "true", "No", "y", "1", "1.5", "0x1F", "0o7", "1e3", ".inf", "1:30", "<<"),
        *(
            "2024-01-01",
            "a\nb",
            "a\nb\n",
            "a\n\n",
            "\na",
            " a\nb",
            "a \nb",
            "a\tb",
            "'",
            '"',
            "a'b",
        ),
        *("é", "\x85", "\u2028", "\ufeff", "😀", "[a]", "{a}", "&a", "*a", "!a", "|", ">", "a\\b"),
    ]
)
DATA = st.recursive(
    TEXTS | st.integers(-(2**53), 2**53) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def as_yaml(value: Any) -> str:
    """Write a value as a template would."""
    return str(render("${{ asYAML(x) }}\n", Environment({"x": value})))[:-1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            {"b": {"c": [1, {"d": "x", "e": {"f": 1}}]}, "a10": 1, "a2": None},
            """\
a2: null
a10: 1
b:
    c:
        - 1
        - d: x
          e:
            f: 1
""",
        ),
        ([[1, [2]], []], "- - 1\n  - - 2\n- []\n"),
        ({"s": "a\nb\n", "t": ["c\nd"]}, "s: |\n    a\n    b\nt:\n    - |-\n      c\n      d\n"),
        (["true", "1", "a: b", "it's", "x"], '- "true"\n- "1"\n- \'a: b\'\n- it\'s\n- x\n'),
        (["=", "=="], '- "="\n- ==\n'),
        ([1.5, 1e21, True, {}], "- 1.5\n- 1e+21\n- true\n- {}\n"),
        ("two\nlines", "|-\n    two\n    lines\n"),
    ],
)
def test_layout(value: Any, text: str) -> None:
    """Four spaces, sorted keys, and quotes only where they are needed."""
    assert as_yaml(value) == text


@settings(max_examples=150, deadline=None)
@given(DATA)
def test_it_reads_back(value: Any) -> None:
    """Another YAML library reads what was meant."""
    assert YAML(typ="safe", pure=True).load(as_yaml(value)) == value
