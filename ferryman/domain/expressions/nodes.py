"""The tree that an expression is read into. Every node knows its offset (`at`) in the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Node:
    """Anything that has a value."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """`nil`, `true`, `42`, `1.5`, `'text'`."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable of the environment or of a `let`; `$env` is the map of all variables."""

    name: str


@dataclass(frozen=True, slots=True)
class Pointer(Node):
    """`#`, `#index` or `#acc` in a predicate; `name` is empty for the item itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`-x`, `+x`, `not x`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left operator right`, with `&&`, `||` and `^` spelled `and`, `or` and `**`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`condition ? then : otherwise`, also written `if condition { then } else { otherwise }`.

    Of `condition ?: otherwise` there is no `then`: it is the condition's value.
    """

    condition: Node
    then: Node | None
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Ordering(Node):
    """`first < second <= third`: every link holds. `operators[i]` stands before `items[i + 1]`."""

    operators: tuple[str, ...]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`target.key`, `target[key]`; if `optional`, a nil target ends the enclosing `Chain`."""

    target: Node
    key: Node
    optional: bool


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """A path with a `?.` in it: nil as soon as what stands before a `?.` is nil."""

    body: Node


@dataclass(frozen=True, slots=True)
class Slice(Node):
    """`target[start:stop]`."""

    target: Node
    start: Node | None
    stop: Node | None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`name(…)` or `target.name(…)`; `x | name(…)` is `name(x, …)`."""

    callee: Name | Member
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Predicate(Node):
    """A call whose `body` runs once per item: `filter(items, body)`, `reduce(items, body, third)`.

    `count` and `sum` may have no body.
    """

    name: str
    items: Node
    body: Node | None
    third: Node | None


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapOf(Node):
    """`{key: value}`; a key is a literal unless it was written in parentheses."""

    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Let(Node):
    """`let name = value; body`."""

    name: str
    value: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """`a; b`: all are evaluated, the last is the value."""

    items: tuple[Node, ...]


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes right below `node`, in the order in which they were written."""
    for field in fields(node):
        yield from _nodes_in(getattr(node, field.name))


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Yield `root` and all nodes below it, each with its level; needs no recursion."""
    waiting = [(root, 1)]
    while waiting:
        node, level = waiting.pop()
        yield node, level
        waiting.extend((child, level + 1) for child in children(node))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
