"""How a value is written: so that every reader takes it for what was meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from activities.tools.yaml_edit import Update, update_yaml
from tests.unit.yaml_edit.oracle import load

TEMPLATES = ["b: {}\n", "- {{b: {}}}\n", "b: '{}'\n", 'b: "{}" # c\n', "b:\n- {}\n", "b: |\n  {}\n"]

DISPUTED = """
    y N yes No ON off true False NULL ~ null = << --- ... 1 -1 +1 0 00 -0 1.5 1.10 1. .5 -.5
    1e3 12e4567 1E+2 1.5e3 0012345 010 0o7 0O7 0x1F 0b11 1_000 1,000 _1 +_ 99999999999999999999
    20240115 1234567 12:30 -1:30.5 22:22 190:20:30 .inf -.INF .NaN
    2024-01-15 2024-1-5 2024-01-15T10:00:00Z
"""


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
@pytest.mark.parametrize(
    "value", [*DISPUTED.split(), "", " ", "a: b", "a #b", "#b", "- a", "[1, 2]", "{a"]
)
def test_strings_stay_strings(value: str, version: tuple[int, int]) -> None:
    """A string that looks like something else is quoted, whatever YAML's version."""
    after = update_yaml(b"b: x\n", [Update("b", value)]).decode()
    assert load(after, version)["b"] == value
    assert after.removeprefix("b: ")[0] in "\"'"


@settings(max_examples=100, deadline=None)
@given(value=st.text(max_size=20), template=st.sampled_from(TEMPLATES))
@example(value="12e4567", template="b: {}\n")
def test_any_string_reads_back(value: str, template: str) -> None:
    """Any string, in the place of any style, reads back in YAML 1.1 and 1.2."""
    before = template.format("x")
    key = {"b:\n": "b.0", "- {": "0.b"}.get(before[:3], "b")
    after = update_yaml(before.encode(), [Update(key, value)]).decode()
    for version in ((1, 1), (1, 2)):
        found = load(after, version)
        for step in key.split("."):
            found = found[int(step) if step == "0" else step]
        assert found == value


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
@pytest.mark.parametrize(
    "value", [0, -1, 2**64 - 1, -(2**63), 1.5, 1e16, 1e-7, 1.5e300, -0.1, True, False, None]
)
def test_constants_read_back(value: object, version: tuple[int, int]) -> None:
    """Numbers, booleans and null read back as such in YAML 1.1 and 1.2."""
    after = update_yaml(b"b: 'x'\n", [Update("b", value)]).decode()
    found = load(after, version)["b"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("b: v1", "v1.2.3", "b: v1.2.3"),
        ("b: 7", "latest", "b: latest"),
        ("b: v1", "shop:prod", "b: shop:prod"),
        ("b: v1", 'say "hi"', 'b: say "hi"'),
        ("b: v1", '"hi"', "b: '\"hi\"'"),
        ("b: v1", "C:\\x: y", "b: 'C:\\x: y'"),
        ("b: v1", "1.10", 'b: "1.10"'),
        ("b: v1", "a\tb", 'b: "a\\tb"'),
        ("b: v1", "a\u200bb", 'b: "a\\u200bb"'),
        ("b: v1", "a\U000e0001b", 'b: "a\U000e0001b"'),
        ("b: 'v1'", "it's", "b: 'it''s'"),
        ("b: 'v1'", "a\nb", 'b: "a\\nb"'),
        ('b: "v1"', "v2", 'b: "v2"'),
        ("b: '8080'", 9090, "b: 9090"),
        ("b: yes", "yes", 'b: "yes"'),
        ("b: v1", 3.0, "b: 3"),
        ("b: v1", 1e16, "b: 1.0e+16"),
        ("[{b: v1}]", "a,b", '[{b: "a,b"}]'),
        ("[{b: v1}]", "a:b", '[{b: "a:b"}]'),
        ("[{b: 1}]", "v2", '[{b: "v2"}]'),
    ],
)
def test_style(before: str, value: object, after: str) -> None:
    """Quotes stay where they fit, come where they must, and are the plainest that do."""
    key = "0.b" if before.startswith("[") else "b"
    assert update_yaml(before.encode(), [Update(key, value)]) == after.encode()
