"""Types as far as the text of an expression tells them; `any` where only the values will."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of value; `item` is what a collection holds, `any_key` a map not only of strings."""

    kind: str
    item: Type | None = None
    any_key: bool = False

    def __str__(self) -> str:
        return f"[{self.item}]" if self.kind == "array" else self.kind


ANY: Final = Type("any")
NIL: Final = Type("nil")
BOOL: Final = Type("bool")
INT: Final = Type("int")
FLOAT: Final = Type("float")
STRING: Final = Type("string")
MAP: Final = Type("map")
ANY_MAP: Final = Type("map", any_key=True)


def array_of(item: Type) -> Type:
    """Return the type of arrays whose items are of type `item`."""
    return Type("array", item)


ARRAY: Final = array_of(ANY)

GROUPS: Final = Type("map", ARRAY, any_key=True)
"""What `groupBy` gives."""

_NAMED: Final = {"array": ARRAY, "anymap": ANY_MAP}


def named(text: str) -> Type:
    """Return the type that `text` writes: `int`, `[string]`, `time`."""
    if text.startswith("["):
        return array_of(named(text[1:-1]))
    return _NAMED.get(text) or Type(text)


NUMBERS: Final = frozenset({"int", "float"})


def join(one: Type, other: Type) -> Type:
    """Return the type of a value that is of type `one` or of type `other`; nil gives way."""
    if other in (one, NIL):
        return one
    if one.kind == other.kind == "array" and one.item and other.item:
        return array_of(join(one.item, other.item))
    return other if one == NIL else ANY


def comparable(one: Type, other: Type) -> bool:
    """Whether `==` between the two can be true."""
    kinds = {one.kind, other.kind}
    return len(kinds) == 1 or bool(kinds & {"any", "nil"}) or kinds == NUMBERS
