"""Structs whose members are methods: `date('2024-03-01').Year()`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from ferryman.domain.expressions.faults import unknown
from ferryman.domain.expressions.function import Function
from ferryman.domain.expressions.values import Struct


class WithMethods(Struct):
    """A struct of which `methods` can be called; the value itself is their first argument."""

    methods: ClassVar[Mapping[str, Function]]

    def member(self, name: str) -> Any:
        """Return the method, bound to this value; raises `Fault` if there is none."""
        method = self.methods.get(name)
        if method is None:
            raise unknown(f"member of {self.kind}", name, self.methods)
        return Function(method.signature, partial(method.body, self))
