"""What executables and endpoints answer about subscriptions of types of one's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.generic import discovered, read_answer, read_subscription


def test_an_answer() -> None:
    """Versions in their order, with what is good to know of them."""
    answer = read_answer(
        b'{"artifacts": [{"version": "2", "metadata": {"a": [1]}}, {"version": "1"}]}'
    )
    found = discovered("npm", "shop", answer.artifacts)
    assert found.dump() == {
        "subscriptionName": "shop",
        "artifactReferences": [
            {
                "artifactType": "npm",
                "subscriptionName": "shop",
                "version": "2",
                "metadata": {"a": [1]},
            },
            {"artifactType": "npm", "subscriptionName": "shop", "version": "1", "metadata": {}},
        ],
    }


def one(**artifact: Any) -> bytes:
    """An answer with one artifact."""
    return json.dumps({"artifacts": [{"version": "1", **artifact}]}).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is no JSON"),
        (b"\xff", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b'{"artifacts": [{"version": "1", "metadata": {"a": NaN}}]}', "it is no JSON"),
        (b"[]", "wrong: .*dictionary"),
        (b"{}", "wrong: artifacts: Field required"),
        (b'{"artifacts": [], "next": 1}', "wrong: next: "),
        (one(version=1), r"wrong: artifacts\.0\.version: "),
        (one(version=""), r"artifacts\.0\.version"),
        (one(version="1\n"), "a version is printable"),
        (one(version=" 1"), "a version is printable"),
        (one(version="1" * 256), r"artifacts\.0\.version"),
        (one(digest="x"), r"artifacts\.0\.digest"),
        (one(metadata={"a": "x" * 20_000}), "at most 16384 bytes"),
        (one(metadata={"a": "\0"}), "no NUL"),
        (one(metadata={"a": "\ud800"}), r"artifacts\.0\.metadata"),
        (b'{"artifacts": [{"version": "1"}, {"version": "1"}]}', "version 1 is there twice"),
    ],
)
def test_wrong_answers(content: bytes, words: str) -> None:
    """Each says what is wrong with it, and what an answer looks like."""
    with pytest.raises(InvalidError, match=words) as caught:
        read_answer(content)
    assert str(caught.value).endswith("newest first")


def test_no_value_is_shown() -> None:
    """An answer may quote what it was sent."""
    with pytest.raises(InvalidError) as caught:
        read_answer(one(version={"hunter2": "hunter2"}))
    assert "hunter2" not in str(caught.value)


def test_a_subscription() -> None:
    """What its key holds; nothing is the defaults."""
    assert read_subscription("npm", None).discovery_limit == 20
    assert read_subscription("npm", {"config": {"package": "left-pad"}}).config == {
        "package": "left-pad"
    }


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "npm"),
        ({"package": "left-pad"}, "npm.package"),
        ({"discoveryLimit": 101}, "npm.discoveryLimit"),
        ({"config": "left-pad"}, "npm.config"),
    ],
)
def test_wrong_subscriptions(data: Any, field: str) -> None:
    """The field is named, and what to write."""
    with pytest.raises(InvalidError, match=r"write \{config") as caught:
        read_subscription("npm", data)
    assert caught.value.field == field
