"""A request as expressions see it: `request.body.repo`, `request.header('X-Event')`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from ferryman.domain.expressions import Environment, Names, Scope, define
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import by_name
from ferryman.domain.expressions.methods import WithMethods
from ferryman.domain.expressions.values import adopted
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image
from ferryman.domain.webhooks.delivery import Delivery, malformed

FUNCTIONS: Final = by_name(
    (
        define("normalizeGit(string) string", normalize_git),
        define("normalizeImage(string) string", normalize_image),
        define("normalizeChart(string) string", normalize_chart),
    )
)
_MEMBERS: Names = dict.fromkeys(("body", "header", "headers", "method", "params"))
SCOPE: Final = Scope({"request": _MEMBERS, "params": None}, FUNCTIONS)
"""What an expression of a generic receiver may name."""


class Request(WithMethods):
    """The delivery, and the action's parameters."""

    kind: ClassVar[str] = "request"
    go_type: ClassVar[str] = "map[string]interface {}"

    def __init__(self, delivery: Delivery, body: Any, params: Mapping[str, str]) -> None:
        self._delivery = delivery
        self._data = {"body": body, "method": "POST", "params": dict(params)}

    def member(self, name: str) -> Any:
        """Return a field or a method; raises `Fault` if there is none."""
        return self._data[name] if name in self._data else super().member(name)

    def plain(self) -> Any:
        """Return the data; headers can be asked for only."""
        return dict(self._data)

    def _header(self, name: str) -> str:
        return self._delivery.header(name)

    def _headers(self, name: str) -> list[str]:
        return list(self._delivery.all(name))

    methods = by_name(
        (define("header(string) string", _header), define("headers(string) array", _headers))
    )


def body_of(delivery: Delivery) -> Any:
    """The body as data that expressions work on; refuses what is no JSON, or too deep."""
    try:
        return adopted(json.loads(delivery.body), json_numbers=True)
    except (ValueError, RecursionError, Fault):
        raise malformed() from None


def environment(delivery: Delivery, body: Any, params: Mapping[str, str]) -> Environment:
    """What an action's expressions see; `params` stands beside the request, too."""
    variables = {"request": Request(delivery, body, params), "params": dict(params)}
    return Environment(variables, FUNCTIONS, json_numbers=True)
