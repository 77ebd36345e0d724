"""What stands between operators: literals, names, calls, predicates, and paths from there."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Final

from ferryman.domain.expressions import nodes
from ferryman.domain.expressions.cursor import Cursor
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.lexer import WORD_OPERATORS, Kind, Token
from ferryman.domain.expressions.nodes import Node

SIGNS: Final = {"not": 50, "!": 50, "-": 90, "+": 90}
"""Operators before an operand, and how tightly each binds."""

PREDICATES: Final = frozenset(
    {
        *("all", "none", "any", "one", "filter", "map", "groupBy", "sortBy", "reduce"),
        *("find", "findIndex", "findLast", "findLastIndex", "count", "sum"),
    }
)
"""Functions that run their second argument once per item of the first."""

_BODY_OPTIONAL: Final = frozenset({"count", "sum"})
_WITH_THIRD: Final = frozenset({"reduce", "sortBy"})
_CONSTANTS: Final = {"true": True, "false": False, "nil": None}
_RADIX: Final = {"0x": 16, "0o": 8, "0b": 2}
_INT_MAX: Final = (1 << 63) - 1


class Operands(Cursor, ABC):
    """Reads operands; reading what stands inside them is up to the subclass."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self._bodies = 0

    @abstractmethod
    def expression(self, precedence: int = 0) -> Node:
        """Read operands joined by operators that bind at least as tightly as `precedence`."""

    @abstractmethod
    def sequence(self) -> Node:
        """Read expressions separated by semicolons."""

    @abstractmethod
    def block(self) -> Node:
        """Read a sequence in braces."""

    def operand(self) -> Node:
        """Read one operand, and the path that hangs on it."""
        token = self.token
        match token.kind:
            case Kind.NUMBER:
                return nodes.Literal(token.at, _number(self.take()))
            case Kind.STRING:
                return self._path(nodes.Literal(token.at, self.take().text))
            case Kind.NAME:
                return self._named()
            case Kind.OPERATOR:
                return self._path(self._after_operator())
        raise self.unexpected()

    def call(self, name: Token, first: tuple[Node, ...] = ()) -> Node:
        """Read the arguments of a call to `name`, which follow `first`."""
        if name.text in PREDICATES:
            return self._predicate(name, first)
        callee = nodes.Name(name.at, name.text)
        return nodes.Call(name.at, callee, first + self._arguments())

    def _named(self) -> Node:
        token = self.take()
        if self.is_at("("):
            return self._path(self.call(token))
        if token.text in _CONSTANTS:
            return nodes.Literal(token.at, _CONSTANTS[token.text])
        return self._path(nodes.Name(token.at, token.text))

    def _after_operator(self) -> Node:
        token = self.token
        if token.text in SIGNS:
            self.take()
            operator = "not" if token.text == "!" else token.text
            return nodes.Unary(token.at, operator, self.expression(SIGNS[token.text]))
        if self.skip("("):
            body = self.sequence()
            self.expect(")")
            return body
        if self.skip("["):
            return nodes.ListOf(token.at, self._separated("]"))
        if self.skip("{"):
            return nodes.MapOf(token.at, self._entries())
        if self.skip("::"):
            return self.call(self.expect_name())
        return self._pointer()

    def _pointer(self) -> Node:
        token = self.token
        if not self.is_at("#") and not self.is_at("."):
            raise self.unexpected()
        if not self._bodies:
            raise Fault("'#' and '.field' mean something only in a predicate", token.at)
        if not self.skip("#"):
            return nodes.Pointer(token.at, "")
        named = self.token.kind is Kind.NAME and self.token.at == token.at + 1
        return nodes.Pointer(token.at, self.take().text if named else "")

    def _entries(self) -> tuple[tuple[Node, Node], ...]:
        entries: list[tuple[Node, Node]] = []
        while not self.skip("}"):
            if entries:
                self.expect(",")
                if self.skip("}"):
                    break
            key = self._key()
            self.expect(":")
            entries.append((key, self.expression()))
        return tuple(entries)

    def _key(self) -> Node:
        if self.is_at("("):
            return self.expression()
        if self.token.kind not in (Kind.NAME, Kind.STRING, Kind.NUMBER):
            raise Fault(
                "a key is a name, a string, a number, or an expression in parentheses, "
                f"not {self.token}",
                self.token.at,
            )
        token = self.take()
        return nodes.Literal(token.at, token.text)

    def _path(self, node: Node) -> Node:
        while self.is_at(".") or self.is_at("?.") or self.is_at("["):
            step = self.take()
            optional = step.text == "?."
            if step.text == "[":
                node = self._index(node, step.at, optional=False)
            elif optional and self.is_at("["):
                node = self._index(node, self.take().at, optional=True)
            else:
                node = self._member(node, optional=optional)
        return node

    def _member(self, node: Node, *, optional: bool) -> Node:
        token = self.token
        if token.kind is not Kind.NAME and not (
            token.kind is Kind.OPERATOR and token.text in WORD_OPERATORS
        ):
            raise Fault(f"expected a field's name after the dot, not {token}", token.at)
        self.take()
        target = node.body if isinstance(node, nodes.Chain) else node
        member = nodes.Member(token.at, target, nodes.Literal(token.at, token.text), optional)
        body = nodes.Call(token.at, member, self._arguments()) if self.is_at("(") else member
        return nodes.Chain(token.at, body) if optional or target is not node else body

    def _index(self, node: Node, at: int, *, optional: bool) -> Node:
        start = None if self.is_at(":") else self.expression()
        if start is not None and not self.is_at(":"):
            self.expect("]")
            member = nodes.Member(at, node, start, optional)
            return nodes.Chain(at, member) if optional else member
        self.expect(":")
        stop = None if self.is_at("]") else self.expression()
        self.expect("]")
        return nodes.Slice(at, node, start, stop)

    def _arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        return self._separated(")")

    def _separated(self, end: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.skip(end):
            if items:
                self.expect(",")
                if self.skip(end):
                    break
            items.append(self.expression())
        return tuple(items)

    def _predicate(self, name: Token, first: tuple[Node, ...]) -> Node:
        self.expect("(")
        items = first[0] if first else self.expression()
        bare = name.text in _BODY_OPTIONAL and self.is_at(")")
        if not first and not bare:
            self.expect(",")
        body = None if bare else self._body()
        third = None
        if name.text in _WITH_THIRD and self.skip(",") and not self.is_at(")"):
            third = self.expression()
        self.skip(",")
        self.expect(")")
        return nodes.Predicate(name.at, name.text, items, body, third)

    def _body(self) -> Node:
        self._bodies += 1
        body = self.block() if self.is_at("{") else self.expression()
        self._bodies -= 1
        return body


def _number(token: Token) -> int | float:
    digits = token.text.replace("_", "").lower()
    try:
        if radix := _RADIX.get(digits[:2]):
            value: int | float = int(digits, radix)
        else:
            value = float(digits) if set(digits) & set(".e") else int(digits)
    except ValueError:
        raise Fault(f"{token} cannot be read", token.at) from None
    if isinstance(value, int) and value > _INT_MAX:
        raise Fault(f"{token} does not fit in 64 bits", token.at)
    if math.isinf(value):
        raise Fault(f"{token} is too large", token.at)
    return value
