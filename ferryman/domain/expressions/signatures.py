"""What a function takes and gives: `split(string, string, count?) [string]`.

A parameter is a kind, or kinds separated by `|`; `?` makes it optional and `...` repeats it. Some
words say less of a variable than of what is written out: `count` is an int, and a float will do;
`items` is an array, `indexed` an array or a map, `numbers` a number or an array, and anything will
do. The result is a type, `same` as the first argument's, or a `number`: the same if that is one.

The one text checks an expression before it runs and the values when it does, and errors show it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from ferryman.domain.expressions import types
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.types import Type
from ferryman.domain.expressions.values import kind_of

_TEXT: Final = re.compile(r"(?P<name>\w+)\((?P<parameters>[^)]*)\) (?P<result>\S+)")
_ANYTHING: Final = frozenset[str]()
_BEFORE: Final = {
    "any": _ANYTHING,
    "number": types.NUMBERS,
    "count": frozenset({"int"}),
    "items": frozenset({"array"}),
    "indexed": frozenset({"array", "map"}),
    "numbers": types.NUMBERS | {"array"},
}
_RUNNING: Final = {
    **dict.fromkeys(("any", "items", "indexed", "numbers"), _ANYTHING),
    **dict.fromkeys(("number", "count"), types.NUMBERS),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter: the kinds that it takes before and while running; none means any."""

    text: str
    before: frozenset[str]
    running: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `string|array`."""
        if text in _BEFORE:
            return cls(text, _BEFORE[text], _RUNNING[text])
        kinds = frozenset(text.split("|"))
        return cls(text, kinds, kinds)


@dataclass(frozen=True)
class Signature:
    """A function's name, parameters and result; `text` is how it is called, for errors."""

    text: str
    name: str
    parameters: tuple[Parameter, ...]
    least: int
    repeats: bool
    result: Type

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a signature."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a signature")
        written = [part for part in match["parameters"].split(", ") if part]
        return cls(
            text=text.removesuffix(f" {match['result']}"),
            name=match["name"],
            parameters=tuple(Parameter.parse(part.rstrip("?.")) for part in written),
            least=sum(not part.endswith("?") for part in written),
            repeats="..." in text,
            result=types.named(match["result"]),
        )

    def checked(self, arguments: Sequence[Type], places: Sequence[int], at: int) -> Type:
        """Return the result's type; raises `Fault` if the arguments cannot be right."""
        self._count(len(arguments), at)
        for index, (argument, place) in enumerate(zip(arguments, places, strict=True)):
            parameter = self._parameter(index)
            if parameter.before and argument.kind not in {*parameter.before, "any"}:
                raise Fault(self._wants(parameter, argument.kind), place)
        first = arguments[0] if arguments else types.NIL
        match self.result.kind:
            case "same":
                return first
            case "number":
                return first if first.kind in types.NUMBERS else types.ANY
        return self.result

    def admit(self, arguments: Sequence[Any]) -> None:
        """Raise `Fault` if the values are not what the function takes."""
        self._count(len(arguments), None)
        for index, argument in enumerate(arguments):
            parameter = self._parameter(index)
            if parameter.running and kind_of(argument) not in parameter.running:
                raise Fault(self._wants(parameter, kind_of(argument)))

    def _count(self, given: int, at: int | None) -> None:
        if given < self.least:
            raise Fault(f"{self.text} has too few arguments", at)
        if given > len(self.parameters) and not self.repeats:
            raise Fault(f"{self.text} has too many arguments", at)

    def _parameter(self, index: int) -> Parameter:
        return self.parameters[min(index, len(self.parameters) - 1)]

    def _wants(self, parameter: Parameter, kind: str) -> str:
        return f"{self.text} wants {parameter.text}, not {kind}"
