"""YAML files laid over one another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from activities.tools.yaml_data import read_yaml
from activities.tools.yaml_merge import merge_yaml
from ferryman.domain.errors import InvalidError
from tests.unit.yaml_edit.documents import Document, documents

pytestmark = pytest.mark.slow

BASE = """\
# head
image:   # where
  repository: "x"
  tag: 'v1'   # which

# about ports
ports:
  - 80  # http
  - 443
env: {A: 1, B: yes}
mode: 0644
text: |
  a
  b
last: 1
# foot
"""


def test_scalars_and_lists() -> None:
    """What is no mapping is replaced; comments, quotes and styles of the first file stay."""
    over = b"# over\nimage:\n  tag: 'v2'  # new\nports: [1]\nenv:\n  B: no\nlast: null\n"
    assert merge_yaml([BASE.encode(), over]).decode() == (
        BASE.replace("'v1'", "'v2'")
        .replace("ports:\n  - 80  # http\n  - 443\n", "ports: [1]\n")
        .replace("B: yes", "B: no")
        .replace("last: 1", "last:")
    )


def test_new_keys() -> None:
    """What is new comes behind its neighbours, before what is said of the next key."""
    over = b"image:\n  digest: sha\nports: [80]\nnew:\n  # inner\n  k: 'v'\n"
    assert merge_yaml([BASE.encode(), over]).decode() == (
        BASE.replace("# which\n", "# which\n  digest: sha\n")
        .replace("ports:\n  - 80  # http\n  - 443\n", "ports: [80]\n")
        .replace("last: 1\n", "last: 1\nnew:\n  # inner\n  k: 'v'\n")
    )


def test_three_files() -> None:
    """Files are laid over one another in order."""
    files = [b"a: {b: 1, c: 1, d: 1}\n", b"a: {b: 2, c: 2}\n", b"a: {b: 3}\ne: []\n"]
    assert read_yaml(merge_yaml(files)) == {"a": {"b": 3, "c": 2, "d": 1}, "e": []}


@pytest.mark.parametrize(
    ("below", "above", "merged"),
    [
        ("a: 1\r\nb: 2\r\n", "b: 3\n", "a: 1\r\nb: 3\r\n"),
        ("\ufeffa: 1\n", "b: 2\n", "a: 1\nb: 2\n"),
        ("a: {b: 1}\n", "a: [1]\n", "a: [1]\n"),
        ("a: 1\n", "- b\n", "- b\n"),
        ("a: 1\n---\nb: 2\n", "a: 3\n", "a: 3\n"),
        (
            "a:\n    b:\n        c: 1\n",
            "a:\n  b:\n    d: 2\n",
            "a:\n    b:\n        c: 1\n        d: 2\n",
        ),
        ("a: &x {b: 1}\nc: *x\n", "d: 1\n", "a: &x {b: 1}\nc: *x\nd: 1\n"),
        ("a: !Ref x\n", "b: 1\n", "a: !Ref x\nb: 1\n"),
        ("a: x\na: z\n", "b: 1\n", "a: z\nb: 1\n"),
        ("{}\n", "b: 1\n", "b: 1\n"),
        (f"a: {'long ' * 50}end\n", "b: 1\n", f"a: {'long ' * 50}end\nb: 1\n"),
    ],
)
def test_text(below: str, above: str, merged: str) -> None:
    """Line ends, indentation, anchors and tags are the first file's."""
    assert merge_yaml([below.encode(), above.encode()]).decode() == merged


@pytest.mark.parametrize(
    ("below", "above", "data"),
    [
        ("a: &x {b: 1}\nc: *x\n", "c: {b: 2}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: &x {b: 1}\nc: {<<: *x}\n", "c: {b: 2}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: &x 1\nb: *x\n", "c: &x 2\nd: *x\n", {"a": 1, "b": 1, "c": 2, "d": 2}),
        ("yes: 1\n", "'yes': 2\n", {"true": 1, "yes": 2}),
        (
            "a: &x {b: yes, c: 'yes'}\nd: *x\n",
            "d: {e: 1}\n",
            {"a": {"b": True, "c": "yes"}, "d": {"b": True, "c": "yes", "e": 1}},
        ),
    ],
)
def test_anchors_do_not_leak(below: str, above: str, data: Any) -> None:
    """Merging into a mapping that is repeated elsewhere changes it in one place only."""
    assert read_yaml(merge_yaml([below.encode(), above.encode()])) == data


def test_nothing_to_merge() -> None:
    """Empty files do not count; what is alone stays as it is, byte by byte."""
    assert merge_yaml([]) == b""
    assert merge_yaml([b"", b"# nothing\n"]) == b""
    assert merge_yaml([b"", b"a:   1 # x", b"---\n"]) == b"a:   1 # x"


def test_refused() -> None:
    """A file that is not YAML is refused."""
    with pytest.raises(InvalidError, match="cannot be read as YAML"):
        merge_yaml([b"a: 1\n", b"a: [\n"])


def test_deep() -> None:
    """Files that are nested as deep as may be are merged."""
    deep = "".join(f"{' ' * level}a:\n" for level in range(99)) + " " * 99 + "b: 1\n"
    assert read_yaml(merge_yaml([deep.encode(), b"c: 1\n"])) == {**read_yaml(deep.encode()), "c": 1}


@settings(max_examples=30, deadline=None)
@given(below=documents(), above=documents())
def test_any_documents(below: Document, above: Document) -> None:
    """Whatever the files are, the result reads as their data laid over one another."""
    files = [below.text.encode(), above.text.encode()]
    one, other = map(read_yaml, files)
    assert repr(read_yaml(merge_yaml(files))) == repr(joined(one, other))


def joined(below: Any, above: Any) -> Any:
    """Plain data over plain data."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    both = {**below, **above}
    return {
        key: joined(below.get(key), above.get(key, value)) if key in above else value
        for key, value in both.items()
    }
