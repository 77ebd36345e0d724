"""A tree becomes code: one Python closure per node, called with the frame of an evaluation.

Compiled once, an expression runs without looking at its tree again. Names of `let`s and
predicates become numbered slots of the frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ferryman.domain.expressions import nodes, operations, paths, predicates
from ferryman.domain.expressions.access import cut
from ferryman.domain.expressions.arithmetic import whole
from ferryman.domain.expressions.environment import Frame
from ferryman.domain.expressions.faults import Fault, unknown
from ferryman.domain.expressions.functions import BUILTINS
from ferryman.domain.expressions.nodes import Node
from ferryman.domain.expressions.operands import PREDICATES
from ferryman.domain.expressions.operations import placed
from ferryman.domain.expressions.predicates import Code
from ferryman.domain.expressions.values import Invocable, kind_of


def compiled(root: Node) -> tuple[Code, int]:
    """Return the code of a tree, and how many slots its frame needs."""
    compiler = _Compiler()
    return compiler.code(root), compiler.slots


class _Compiler:
    def __init__(self) -> None:
        self.slots = 0
        self._lets: Mapping[str, int] = {}
        self._predicate = 0
        self._rules: Mapping[type[Node], Callable[[Any], Code]] = {
            nodes.Literal: self._literal,
            nodes.Name: self._name,
            nodes.Pointer: self._pointer,
            nodes.Unary: self._unary,
            nodes.Binary: self._binary,
            nodes.Ordering: self._ordering,
            nodes.Conditional: self._conditional,
            nodes.Chain: self._chain,
            nodes.Member: self._path,
            nodes.Call: self._call,
            nodes.Slice: self._slice,
            nodes.Predicate: self._loop,
            nodes.ListOf: self._list,
            nodes.MapOf: self._map,
            nodes.Let: self._let,
            nodes.Sequence: self._sequence,
        }

    def code(self, node: Node) -> Code:
        return self._rules[type(node)](node)

    # Names

    def _literal(self, node: nodes.Literal) -> Code:
        value = node.value
        return lambda _: value

    def _name(self, node: nodes.Name) -> Code:
        name = node.name
        if name in self._lets:
            return _slot(self._lets[name])
        return placed(node.at, lambda frame: frame.environment.read(name))

    def _pointer(self, node: nodes.Pointer) -> Code:
        return _slot(self._predicate + predicates.POINTERS[node.name])

    def _let(self, node: nodes.Let) -> Code:
        value, slot, outer = self.code(node.value), self._reserve(1), self._lets
        self._lets = {**outer, node.name: slot}
        body = self.code(node.body)
        self._lets = outer

        def run(frame: Frame) -> Any:
            frame.slots[slot] = value(frame)
            return body(frame)

        return run

    # Operators

    def _unary(self, node: nodes.Unary) -> Code:
        return operations.unary(node, self.code(node.operand))

    def _binary(self, node: nodes.Binary) -> Code:
        return operations.binary(node, self.code(node.left), self.code(node.right))

    def _ordering(self, node: nodes.Ordering) -> Code:
        return operations.ordering(node, list(map(self.code, node.items)))

    def _conditional(self, node: nodes.Conditional) -> Code:
        then = node.then or nodes.Literal(node.at, value=True)
        condition, otherwise = self.code(node.condition), self.code(node.otherwise)
        return operations.conditional(node, condition, self.code(then), otherwise)

    def _sequence(self, node: nodes.Sequence) -> Code:
        *others, last = map(self.code, node.items)

        def run(frame: Frame) -> Any:
            for other in others:
                other(frame)
            return last(frame)

        return run

    # Collections and paths

    def _list(self, node: nodes.ListOf) -> Code:
        items = tuple(map(self.code, node.items))
        return lambda frame: [item(frame) for item in items]

    def _map(self, node: nodes.MapOf) -> Code:
        entries = tuple((self.code(key), self.code(value)) for key, value in node.entries)

        def run(frame: Frame) -> dict[str, Any]:
            result: dict[str, Any] = {}
            for key, value in entries:
                name = key(frame)
                if type(name) is not str:
                    raise Fault(f"the keys of a map are strings, not {kind_of(name)}")
                result.setdefault(name, value(frame))
            return result

        return placed(node.at, run)

    def _chain(self, node: nodes.Chain) -> Code:
        return self.code(node.body)

    def _path(self, node: Node) -> Code:
        steps: list[paths.Step] = []
        while True:
            match node:
                case nodes.Member():
                    steps.append(self._step(node))
                    node = node.target
                case nodes.Call(callee=nodes.Member() as member):
                    steps.append(paths.calling(node.at, tuple(map(self.code, node.arguments))))
                    node = member
                case _:
                    return paths.walking(self.code(node), tuple(reversed(steps)))

    def _step(self, node: nodes.Member) -> paths.Step:
        if isinstance(node.key, nodes.Literal) and isinstance(node.key.value, str):
            return paths.reading(node.at, node.key.value, optional=node.optional)
        return paths.indexing(node.at, self.code(node.key), optional=node.optional)

    def _slice(self, node: nodes.Slice) -> Code:
        target = self.code(node.target)
        start, stop = self._bound(node.start), self._bound(node.stop)
        return placed(node.at, lambda frame: cut(target(frame), start(frame), stop(frame), frame))

    def _bound(self, node: Node | None) -> Callable[[Frame], int | None]:
        if node is None:
            return lambda _: None
        bound = self.code(node)
        return lambda frame: whole(bound(frame))

    # Calls

    def _call(self, node: nodes.Call) -> Code:
        if isinstance(node.callee, nodes.Member):
            return self._path(node)
        name, arguments = node.callee.name, tuple(map(self.code, node.arguments))
        builtin = BUILTINS.get(name)

        def run(frame: Frame) -> Any:
            function = builtin or _function(name, frame)
            return function.invoke(frame, [argument(frame) for argument in arguments])

        return placed(node.at, run)

    def _loop(self, node: nodes.Predicate) -> Code:
        items, third = self.code(node.items), self.code(node.third) if node.third else None
        slot, outer = self._reserve(len(predicates.POINTERS)), self._predicate
        self._predicate = slot
        body = self.code(node.body) if node.body else None
        self._predicate = outer
        cost = sum(1 for _ in nodes.walk(node.body)) if node.body else 1
        return placed(node.at, predicates.Loop(node.name, items, body, third, slot, cost))

    def _reserve(self, count: int) -> int:
        self.slots += count
        return self.slots - count


def _slot(index: int) -> Code:
    return lambda frame: frame.slots[index]


def _function(name: str, frame: Frame) -> Invocable:
    function = frame.functions.get(name) or frame.environment.read(name)
    if isinstance(function, Invocable):
        return function
    raise unknown("function", name, {*frame.functions, *BUILTINS, *PREDICATES})
