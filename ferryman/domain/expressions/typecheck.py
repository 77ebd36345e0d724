"""What the text alone shows to be wrong: `1 + 'a'`, `upper(5)`, `len()`, `1 == '1'`.

As in expr-lang an expression is refused for that before it runs, also where it would never get
to the mistake. Variables may be anything, so nothing is known about them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

from ferryman.domain.expressions import nodes
from ferryman.domain.expressions.faults import Fault, unknown
from ferryman.domain.expressions.functions import BUILTINS, METHODS
from ferryman.domain.expressions.matching import check_pattern
from ferryman.domain.expressions.nodes import Node
from ferryman.domain.expressions.operands import PREDICATES
from ferryman.domain.expressions.operator_types import binary_type, ordering_type, unary_type
from ferryman.domain.expressions.signatures import Signature
from ferryman.domain.expressions.types import (
    ANY,
    BOOL,
    FLOAT,
    GROUPS,
    INT,
    MAP,
    NIL,
    STRING,
    Type,
    array_of,
    join,
)

Members = Mapping[str, Type | Signature]
"""What can be read of a struct (a type) and called on it (a signature)."""

_LITERALS: Final = {type(None): NIL, bool: BOOL, int: INT, float: FLOAT, str: STRING}
_TESTS: Final = frozenset(
    {
        *("all", "any", "none", "one", "count", "filter"),
        *("find", "findIndex", "findLast", "findLastIndex"),
    }
)
_POINTERS: Final = {"map": {"", "index"}, "reduce": {"", "index", "acc"}}


def check_types(
    root: Node,
    functions: Mapping[str, Signature] | None = None,
    structs: Mapping[str, Members] | None = None,
) -> Type:
    """Return the type of an expression; raises `Fault` if it cannot be right.

    `functions` and `structs` are those that are known besides the built-in ones.
    """
    return _Checker(functions or {}, {**METHODS, **(structs or {})}).type(root)


class _Checker:
    def __init__(self, functions: Mapping[str, Signature], structs: Mapping[str, Members]) -> None:
        self._functions = {name: known.signature for name, known in BUILTINS.items()} | {
            **functions
        }
        self._structs = structs
        self._lets: dict[str, Type] = {}
        self._pointers: dict[str, Type] = {}
        self._rules: Mapping[type[Node], Callable[[Any], Type]] = {
            nodes.Literal: lambda node: _LITERALS[type(node.value)],
            nodes.Name: self._name,
            nodes.Pointer: self._pointer,
            nodes.Unary: self._unary,
            nodes.Binary: self._binary,
            nodes.Ordering: self._ordering,
            nodes.Conditional: self._conditional,
            nodes.Chain: self._chain,
            nodes.Member: self._member,
            nodes.Call: self._call,
            nodes.Slice: self._slice,
            nodes.Predicate: self._predicate,
            nodes.ListOf: self._list,
            nodes.MapOf: self._map,
            nodes.Let: self._let,
            nodes.Sequence: self._sequence,
        }

    def type(self, node: Node) -> Type:
        return self._rules[type(node)](node)

    # Names

    def _name(self, node: nodes.Name) -> Type:
        return self._lets.get(node.name, ANY)

    def _pointer(self, node: nodes.Pointer) -> Type:
        if node.name not in self._pointers:
            raise Fault(f"'#{node.name}' means nothing in this predicate", node.at)
        return self._pointers[node.name]

    def _let(self, node: nodes.Let) -> Type:
        if node.name in {*self._functions, *PREDICATES}:
            raise Fault(f"{node.name!r} is a function; choose another name", node.at)
        if node.name in self._lets:
            raise Fault(f"{node.name!r} has a value already; choose another name", node.at)
        value, outer = self.type(node.value), self._lets
        self._lets = {**outer, node.name: value}
        result = self.type(node.body)
        self._lets = outer
        return result

    # Operators

    def _unary(self, node: nodes.Unary) -> Type:
        return unary_type(node.operator, self.type(node.operand), node.at)

    def _binary(self, node: nodes.Binary) -> Type:
        left, right = self.type(node.left), self.type(node.right)
        result = binary_type(node.operator, left, right, node.at)
        match node:
            case nodes.Binary(operator="matches", right=nodes.Literal(value=str(text))):
                check_pattern(text, node.right.at)
        return result

    def _ordering(self, node: nodes.Ordering) -> Type:
        left, *others = map(self.type, node.items)
        for operator, right in zip(node.operators, others, strict=True):
            ordering_type(operator, left, right, node.at)
            left = right
        return BOOL

    def _conditional(self, node: nodes.Conditional) -> Type:
        condition = self.type(node.condition)
        if condition.kind not in ("bool", "any"):
            raise Fault(f"a condition is true or false, not {condition}", node.condition.at)
        then = self.type(node.then) if node.then else condition
        return join(then, self.type(node.otherwise))

    def _sequence(self, node: nodes.Sequence) -> Type:
        return [self.type(item) for item in node.items][-1]

    # Collections and paths

    def _list(self, node: nodes.ListOf) -> Type:
        types = [self.type(item) for item in node.items]
        alike = len({item.kind for item in types}) == 1
        return array_of(reduce(join, types) if alike else ANY)

    def _map(self, node: nodes.MapOf) -> Type:
        for key, value in node.entries:
            self.type(key)
            self.type(value)
        return MAP

    def _chain(self, node: nodes.Chain) -> Type:
        return self.type(node.body)

    def _member(self, node: nodes.Member) -> Type:
        found = self._found(node)
        return ANY if isinstance(found, Signature) else found

    def _found(self, node: nodes.Member) -> Type | Signature:
        target, key = self.type(node.target), self.type(node.key)
        if members := self._structs.get(target.kind):
            return _of_struct(target, members, node)
        return _entry(target, key, node.at)

    def _slice(self, node: nodes.Slice) -> Type:
        target = self.type(node.target)
        if target.kind not in ("array", "string", "any"):
            raise Fault(f"{target} cannot be sliced; an array or a string can", node.at)
        for bound in (node.start, node.stop):
            kind = self.type(bound).kind if bound else "int"
            if bound and target != ANY and kind not in ("int", "any"):
                raise Fault("the bounds of a slice are integers", bound.at)
        return target

    # Calls

    def _call(self, node: nodes.Call) -> Type:
        arguments = [self.type(argument) for argument in node.arguments]
        signature: Type | Signature | None
        if isinstance(node.callee, nodes.Member):
            signature = self._found(node.callee)
        else:
            signature = self._functions.get(node.callee.name)
        if not isinstance(signature, Signature):
            return ANY
        result = signature.checked(arguments, [arg.at for arg in node.arguments], node.at)
        return _entry(arguments[0], arguments[1], node.at) if signature.name == "get" else result

    def _predicate(self, node: nodes.Predicate) -> Type:
        items = self.type(node.items)
        if items.kind not in ("array", "any"):
            raise Fault(f"{node.name} wants an array, not {items}", node.items.at)
        item = items.item or ANY
        body = self._body(node, item) if node.body else item
        third = self.type(node.third) if node.third else STRING
        if node.name == "sortBy" and third.kind not in ("string", "any"):
            raise Fault(f"the order is 'asc' or 'desc', not {third}", node.at)
        return _result(node.name, items, body)

    def _body(self, node: nodes.Predicate, item: Type) -> Type:
        body, outer = node.body or node.items, self._pointers
        names = _POINTERS.get(node.name, {""})
        known = {"": item, "index": INT, "acc": ANY}
        self._pointers = {name: known[name] for name in names}
        result = self.type(body)
        self._pointers = outer
        wanted = {"bool", "any"} if node.name in _TESTS else {result.kind} - {"nil"}
        if result.kind not in wanted:
            raise Fault(f"the predicate of {node.name} cannot be {result}", body.at)
        return result


def _result(name: str, items: Type, body: Type) -> Type:
    """Return what a function with a predicate gives, from the types of items and predicate."""
    results = {
        **dict.fromkeys(("find", "findLast"), items.item or ANY),
        "filter": array_of(items.item or ANY),
        "sortBy": items,
        **dict.fromkeys(("count", "findIndex", "findLastIndex"), INT),
        "map": array_of(body),
        "reduce": body,
        "sum": body if body in (INT, FLOAT) else ANY,
        "groupBy": GROUPS,
    }
    return results.get(name, BOOL)


def _entry(target: Type, key: Type, at: int) -> Type:
    """Return the type of `target[key]`."""
    if target.kind == "array":
        if key.kind not in ("int", "any"):
            raise Fault(f"an array is read by number, not by {key}", at)
        return target.item or ANY
    if target.kind == "map" and not target.any_key and key.kind not in ("string", "any"):
        raise Fault(f"a map is read by string, not by {key}", at)
    if target.kind not in ("map", "any"):
        raise Fault(f"{target} has no fields or items", at)
    return target.item or ANY


def _of_struct(target: Type, members: Members, node: nodes.Member) -> Type | Signature:
    if not isinstance(node.key, nodes.Literal):
        return ANY
    name = str(node.key.value)
    if name not in members:
        raise unknown(f"member of {target}", name, members).at(node.at)
    return members[name]
