"""What can be said of expressions before they run, when a manifest is applied or linted.

Syntax, types, functions and variables that do not exist, and forms that are out of date. A
variable that may be missing is no finding where the expression provides for it, by `?.`, `??`
or a comparison with nil.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from ferryman.domain.expressions import nodes, quoting
from ferryman.domain.expressions.faults import Fault, excerpt, unknown
from ferryman.domain.expressions.function import Function
from ferryman.domain.expressions.functions import BUILTINS
from ferryman.domain.expressions.kargo.records import STRUCTS
from ferryman.domain.expressions.kargo.versions import METHODS
from ferryman.domain.expressions.nodes import Node
from ferryman.domain.expressions.operands import PREDICATES
from ferryman.domain.expressions.parser import parse
from ferryman.domain.expressions.template import (
    Expression,
    brace_hint,
    has_expressions,
    pieces,
    texts,
)
from ferryman.domain.expressions.typecheck import check_types

Names = Mapping[str, "Names | None"]
"""Names of variables, and of what is in each; None where that may be anything."""

_ALWAYS: Final = frozenset({"$env", "null"})


class Code(Enum):
    """What kind of finding it is."""

    SYNTAX = "syntax"
    TYPE = "type"
    UNKNOWN_FUNCTION = "unknown-function"
    UNKNOWN_VARIABLE = "unknown-variable"
    OLD_FORM = "old-form"


@dataclass(frozen=True)
class Finding:
    """Something about an expression: where (an offset into the field's text), and what."""

    code: Code
    message: str
    field: str
    at: int
    excerpt: str

    def __str__(self) -> str:
        label = f"{self.field}: " if self.field else ""
        return f"{label}{self.message}\n{self.excerpt}"


@dataclass(frozen=True)
class Scope:
    """What an expression may name; without `variables`, any variable."""

    variables: Names | None = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """What is to be said of names that exist, but not here."""


def check_config(value: Any, scope: Scope, *, field: str = "") -> list[Finding]:
    """Check every template in `value`, however deep."""
    return [
        finding
        for path, text in texts(value, field)
        for finding in check_template(text, scope, field=path)
    ]


def check_template(text: str, scope: Scope, *, field: str = "") -> list[Finding]:
    """Check the expressions in a string."""
    if not has_expressions(text):
        return []
    try:
        expressions = [piece for piece in pieces(text) if isinstance(piece, Expression)]
    except Fault as fault:
        return [_finding(Code.SYNTAX, fault, text, field)]
    wider = replace(scope, functions={**quoting.FUNCTIONS, **scope.functions})
    return [
        replace(
            finding,
            message=finding.message + brace_hint(expression.source),
            at=expression.at + finding.at,
        )
        for expression in expressions
        for finding in check_expression(expression.source, wider, field=field)
    ]


def check_expression(source: str, scope: Scope, *, field: str = "") -> list[Finding]:
    """Check one expression without delimiters."""
    try:
        root = parse(source)
    except Fault as fault:
        return [_finding(Code.SYNTAX, fault, source, field)]
    names = _NameCheck(scope)
    names.visit(root)
    found = [_finding(code, fault, source, field) for code, fault in names.found]
    signatures = {name: function.signature for name, function in scope.functions.items()}
    try:
        check_types(root, signatures, {**STRUCTS, **METHODS})
    except Fault as fault:
        found.append(_finding(Code.TYPE, fault, source, field))
    return sorted(found, key=lambda finding: finding.at)


def _finding(code: Code, fault: Fault, source: str, field: str) -> Finding:
    at = fault.offset or 0
    return Finding(code, fault.message, field, at, excerpt(source, at))


class _NameCheck:
    """Looks at every name in a tree; `found` is what is wrong with them."""

    def __init__(self, scope: Scope) -> None:
        self.found: list[tuple[Code, Fault]] = []
        self._scope = scope
        self._lets: frozenset[str] = frozenset()
        self._may_be_missing: list[Node] = []

    def visit(self, node: Node) -> Names | None:
        """Return the names that the value has in it, None if that may be anything."""
        self._provide(node)
        match node:
            case nodes.Name():
                return self._variable(node)
            case nodes.Member(target=target, key=nodes.Literal(value=str(name))):
                return self._entry(self.visit(target), name, node)
            case nodes.Chain(body=body):
                return self.visit(body)
            case nodes.Let():
                self._let(node)
            case nodes.Call(callee=nodes.Name() as name):
                self._function(name, len(node.arguments))
                self._visit_all(node.arguments)
            case _:
                self._visit_all(nodes.children(node))
        return None

    def _visit_all(self, several: Iterable[Node]) -> None:
        for node in several:
            self.visit(node)

    def _let(self, node: nodes.Let) -> None:
        self.visit(node.value)
        outer = self._lets
        self._lets = outer | {node.name}
        self.visit(node.body)
        self._lets = outer

    def _provide(self, node: Node) -> None:
        """Note what may be missing because `node` provides for it."""
        match node:
            case nodes.Member(target=target, optional=True):
                self._may_be_missing.append(_inside(target))
            case nodes.Binary(operator="??", left=left):
                self._may_be_missing.append(_inside(left))
            case nodes.Binary(operator="==" | "!=", left=left, right=right):
                if _is_nil(right):
                    self._may_be_missing.append(_inside(left))
                if _is_nil(left):
                    self._may_be_missing.append(_inside(right))

    def _variable(self, node: nodes.Name) -> Names | None:
        if node.name in self._lets or node.name in _ALWAYS:
            return None
        variables = self._scope.variables
        if node.name == "secrets" and variables is not None and node.name not in variables:
            self._add(Code.OLD_FORM, Fault("write secret('name').key for secrets.name.key"), node)
            return None
        return self._entry(variables, node.name, node, what="variable")

    def _entry(
        self, known: Names | None, name: str, node: Node, *, what: str = "entry"
    ) -> Names | None:
        if known is None or name in known:
            return known and known[name]
        if not any(node is spared for spared in self._may_be_missing):
            sentence = self._scope.elsewhere.get(name) if what == "variable" else None
            fault = Fault(sentence) if sentence else unknown(what, name, known)
            self._add(Code.UNKNOWN_VARIABLE, fault, node)
        return None

    def _function(self, node: nodes.Name, arguments: int) -> None:
        known = {*self._scope.functions, *BUILTINS, *PREDICATES}
        if node.name not in known:
            sentence = self._scope.elsewhere.get(node.name)
            fault = Fault(sentence) if sentence else unknown("function", node.name, known)
            self._add(Code.UNKNOWN_FUNCTION, fault, node)
        if node.name == "freightMetadata" and arguments > 1:
            fault = Fault("write freightMetadata(name)['key'] for freightMetadata(name, 'key')")
            self._add(Code.OLD_FORM, fault, node)

    def _add(self, code: Code, fault: Fault, node: Node) -> None:
        self.found.append((code, fault.at(node.at)))


def _inside(node: Node) -> Node:
    return node.body if isinstance(node, nodes.Chain) else node


def _is_nil(node: Node) -> bool:
    return isinstance(node, nodes.Literal) and node.value is None
