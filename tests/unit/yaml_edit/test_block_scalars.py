"""Values that stand in block scalars, under `|` or `>`."""

from __future__ import annotations

import pytest

from activities.tools.yaml_edit import Update, update_yaml


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("b: |\n  one\n  two\nc: 1\n", "new", "b: new\nc: 1\n"),
        ("b: |\n  one\n  two\nc: 1\n", 3, "b: 3\nc: 1\n"),
        ("b: >-\n  one\n\nc: 1\n", "yes", 'b: "yes"\n\nc: 1\n'),
        ("b: | # why\n  one\n", "new", "b: new # why\n"),
        ("b: |\n    one\n", "p\nq\n", "b: |\n    p\n    q\n"),
        ("b: |\n  one\n", "p\n\n  q", "b: |-\n  p\n\n    q\n"),
        ("b: >+ # why\n  one\n\n\n", "p\nq\n", "b: | # why\n  p\n  q\n\n\n"),
        ("b: |\r\n  one\r\nc: 1\r\n", "p\nq\n", "b: |\r\n  p\r\n  q\r\nc: 1\r\n"),
        ("b: |2\n    one\nc: 1\n", "p\nq\n", "b: |\n    p\n    q\nc: 1\n"),
        ("b: |-\n  one", "p\nq", "b: |-\n  p\n  q"),
        ("b: |\n  \t\nc: 1\n", "new", "b: new\nc: 1\n"),
        ("b: |\n  one\n  \t\n\nc: 1\n", "new", "b: new\n\nc: 1\n"),
        ("b:\n- |\n one\n  two\n- 2\n", "p\n# q\n", "b:\n- |\n p\n # q\n- 2\n"),
    ],
)
def test_replaced(before: str, value: object, after: str) -> None:
    """Lines stay a block with its indentation; anything else takes the block's place."""
    key = "b.0" if before.startswith("b:\n") else "b"
    assert update_yaml(before.encode(), [Update(key, value)]) == after.encode()


@pytest.mark.parametrize(
    "value", ["\n", "p\n\n", " p\nq", "\tp\nq", "p\n ", "p\r\nq\n", "p\n\u2028q", "\np\n"]
)
def test_what_a_block_cannot_show(value: str) -> None:
    """Text whose white space a block would hide or change is quoted instead."""
    after = update_yaml(b"b: |\n  one\nc: 1\n", [Update("b", value)]).decode()
    assert after.startswith('b: "')
    assert after.endswith('"\nc: 1\n')


@pytest.mark.parametrize("before", ["b: |\n  one", "b: |\nc: 1\n", "b: >-\n\nc: 1\n"])
def test_no_block_to_follow(before: str) -> None:
    """Where the file ends in the block, or the block is empty, lines are quoted."""
    after = update_yaml(before.encode(), [Update("b", "p\nq\n")]).decode()
    assert after.startswith('b: "p\\nq\\n"')


def test_comment_like_lines_belong_to_the_block() -> None:
    """Lines that look like keys and comments inside a block are text, and go with it."""
    before = b"b: |\n  c: 1\n  # d\n  - e\n# f\nc: 2\n"
    assert update_yaml(before, [Update("b", "x")]) == b"b: x\n# f\nc: 2\n"
    assert update_yaml(before, [Update("c", 3)]) == before.replace(b"c: 2", b"c: 3")
