"""What is shown of a Promotion's steps, wherever they stand."""

from __future__ import annotations

from typing import Any

from cli.progress import _all
from tests.tree import tree


def promotion(text: str, *begun: dict[str, Any]) -> dict[str, Any]:
    """A Promotion as the API gives it."""
    steps = [step.dump() for step in tree(text).steps]
    return {"spec": {"steps": steps}, "status": {"stepExecutionMetadata": list(begun)}}


def test_steps_stand_in_the_order_of_the_document() -> None:
    """Those in loops and groups too, begun or not; a group without `if` is only its steps."""
    shown = promotion(
        "a, {b, c}, r[x y](d), e",
        {"path": "1", "alias": "a", "status": "Succeeded"},
        {"path": "g1::2", "alias": "c", "status": "Running"},
        {"path": "3", "alias": "r", "status": "Succeeded", "keys": ["x", "y"]},
    )
    assert [(s["alias"], s.get("status", "")) for s in _all(shown)] == [
        ("a", "Succeeded"),
        ("b", ""),
        ("c", "Running"),
        ("r", "Succeeded"),
        ("r[x]::d", ""),
        ("r[y]::d", ""),
        ("e", ""),
    ]


def test_steps_of_a_newer_server() -> None:
    """What has a form that is not known here does not keep the rest from being shown."""
    shown = promotion("a", {"path": "1", "alias": "a", "status": "Running"})
    shown["spec"]["steps"].append({"whatever": 1})
    assert [s["alias"] for s in _all(shown)] == ["a"]
