"""The second look at an expression: tokens become a tree, by precedence climbing.

Grammar and precedences follow expr-lang 1.17, its oddities included: `??` binds tighter than
anything else and may not be followed by another operator; `a?.b[0]` is `(a?.b)[0]`, but
`a?.b.c` is nil as a whole if `a` is.
"""

from __future__ import annotations

from typing import Final

from ferryman.domain.expressions import limits, nodes
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.lexer import Kind, Token, tokens
from ferryman.domain.expressions.nodes import Node
from ferryman.domain.expressions.operands import Operands

_BINARY: Final = {
    "|": 0,
    "or": 10,
    "and": 15,
    **dict.fromkeys(("==", "!=", "<", ">", "<=", ">="), 20),
    **dict.fromkeys(("in", "matches", "contains", "startsWith", "endsWith"), 20),
    "..": 25,
    "+": 30,
    "-": 30,
    "*": 60,
    "/": 60,
    "%": 60,
    "**": 100,
    "??": 500,
}
_SPELLINGS: Final = {"&&": "and", "||": "or", "^": "**"}
_ORDERINGS: Final = frozenset({"<", ">", "<=", ">="})
_NEGATABLE: Final = frozenset({"in", "matches", "contains", "startsWith", "endsWith"})


def parse(source: str) -> Node:
    """Read an expression; raises `Fault`, also where it passes a limit."""
    parser = _Parser(tokens(source))
    root = parser.sequence()
    if parser.token.kind is not Kind.END:
        raise parser.unexpected()
    if max(level for _, level in nodes.walk(root)) > limits.TREE_DEPTH:
        raise Fault(
            f"the expression joins more than {limits.TREE_DEPTH} operations in a row; "
            "split it with 'let', or into several variables",
            root.at,
        )
    return root


class _Parser(Operands):
    """Reads what joins operands: operators, conditions, `let`, semicolons."""

    def __init__(self, found: list[Token]) -> None:
        super().__init__(found)
        self._nesting = 0

    def sequence(self) -> Node:
        items = [self.expression()]
        while self.skip(";") and self.token.kind is not Kind.END:
            items.append(self.expression())
        return nodes.Sequence(items[0].at, tuple(items)) if len(items) > 1 else items[0]

    def block(self) -> Node:
        self.expect("{")
        body = self.sequence()
        self.expect("}")
        return body

    def expression(self, precedence: int = 0) -> Node:
        self._nesting += 1
        if self._nesting > limits.NESTING:
            raise Fault(
                f"the expression is nested more than {limits.NESTING} deep; "
                "split it with 'let', or into several variables",
                self.token.at,
            )
        node = self._whole() if precedence == 0 else self._joined(precedence)
        self._nesting -= 1
        return node

    def _whole(self) -> Node:
        if self.is_at("let"):
            return self._let()
        if self.is_at("if"):
            return self._if()
        return self._conditional(self._joined(0))

    def _joined(self, precedence: int) -> Node:
        left, previous = self.operand(), ""
        while (operator := self._operator()) and _BINARY[operator] >= precedence:
            negated = self.skip("not")
            token = self.take()
            if previous == "??" and operator not in ("??", "|"):
                raise Fault(
                    f"'??' and {token.text!r} need parentheses to say which comes first", token.at
                )
            left = self._right_of(left, operator, token)
            if negated:
                left = nodes.Unary(token.at, "not", left)
            previous = operator
        return left

    def _operator(self) -> str:
        """Return the binary operator that comes next, of `not in` the `in`; or nothing."""
        token = self.token
        if self.is_at("not"):
            token = self.following()
            if token.kind is not Kind.OPERATOR or token.text not in _NEGATABLE:
                raise self.unexpected()
        operator = _SPELLINGS.get(token.text, token.text)
        return operator if token.kind is Kind.OPERATOR and operator in _BINARY else ""

    def _right_of(self, left: Node, operator: str, token: Token) -> Node:
        if operator == "|":
            return self.call(self.expect_name(), (left,))
        if operator in _ORDERINGS:
            return self._ordering(left, token)
        tighter = 0 if operator == "**" else 1
        right = self.expression(_BINARY[operator] + tighter)
        return nodes.Binary(token.at, operator, left, right)

    def _ordering(self, left: Node, token: Token) -> Node:
        precedence = _BINARY[token.text] + 1
        operators, items = [token.text], [left, self.expression(precedence)]
        while self.token.kind is Kind.OPERATOR and self.token.text in _ORDERINGS:
            operators.append(self.take().text)
            items.append(self.expression(precedence))
        return nodes.Ordering(token.at, tuple(operators), tuple(items))

    def _conditional(self, node: Node) -> Node:
        """`a ? b : c`, and `a ?: c` for `a ? a : c`."""
        while self.is_at("?"):
            at = self.take().at
            then = None if self.is_at(":") else self.expression()
            self.expect(":")
            node = nodes.Conditional(at, node, then, self.expression())
        return node

    def _if(self) -> Node:
        at = self.expect("if")
        condition = self.expression()
        then = self.block()
        self.expect("else")
        otherwise = self.expression() if self.is_at("if") else self.block()
        return nodes.Conditional(at, condition, then, otherwise)

    def _let(self) -> Node:
        self.expect("let")
        name = self.expect_name()
        self.expect("=")
        value = self.expression()
        self.expect(";")
        return nodes.Let(name.at, name.text, value, self.sequence())
