"""Trees of steps in a few signs, as docs/steps-and-phases.md writes them.

::

    a, b?            two steps; b has an `if`
    a!               one with `continueOnError`
    deploy(a, b)     a task of two steps
    {a, b}?          a group of two branches, with an `if`
    r[x y](a, b)     a loop over two items, one after the other
    r[x y]&(a, b)    the same for both items at once; marks stand before the bracket
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ferryman.domain.inlining import inlined
from ferryman.domain.placement import walk
from ferryman.domain.step import Step, TaskReference
from ferryman.domain.task import TaskSpec

_SIGN = re.compile(r"\s*([a-z]\w*|\[[^\]]*\]&?|[(){},?!])")

_MARKS: dict[str, tuple[str, object]] = {
    "?": ("if", "${{ always() }}"),
    "!": ("continueOnError", True),
}


@dataclass
class Tree:
    """The steps of a Promotion, and what their loops are over."""

    steps: tuple[Step, ...]
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Alias of a loop → its items."""


def tree(text: str) -> Tree:
    """Read one."""
    reading = _Reading(_SIGN.findall(text))
    written = reading.list("")
    steps = inlined(written, reading.tasks, (), stage="dev")
    return Tree(steps, reading.items)


@dataclass
class _Reading:
    signs: list[str]
    tasks: dict[tuple[str, str], TaskSpec] = field(default_factory=dict)
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: int = 0

    def list(self, end: str) -> tuple[Step, ...]:
        found = [self._one()]
        while self._take(","):
            found.append(self._one())
        if end:
            assert self._take(end), self.signs
        return tuple(found)

    def _one(self) -> Step:
        if self._take("{"):
            self.groups += 1
            return self._marked({"as": f"g{self.groups}", "parallel": self.list("}")})
        name = self.signs.pop(0)
        if self._take("("):
            self.tasks["PromotionTask", name] = TaskSpec(steps=self.list(")"))
            return Step(task=TaskReference(name=name), as_=name)
        if self.signs and self.signs[0].startswith("["):
            return self._loop(name, self.signs.pop(0))
        return self._marked({"as": name, "uses": "gate"})

    def _loop(self, name: str, sign: str) -> Step:
        self.items[name] = tuple(sign.strip("[]&").split())
        some = {"concurrency": 2} if sign.endswith("&") else {}
        marks = self._marks()
        assert self._take("(")
        loop = {"as": name, "forEach": list(self.items[name]), "steps": self.list(")")}
        return Step.load(loop | some | marks)

    def _marked(self, step: dict[str, object]) -> Step:
        return Step.load(step | self._marks())

    def _marks(self) -> dict[str, object]:
        found: dict[str, object] = {}
        while self.signs and self.signs[0] in _MARKS:
            name, value = _MARKS[self.signs.pop(0)]
            found[name] = value
        return found

    def _take(self, sign: str) -> bool:
        taken = bool(self.signs) and self.signs[0] == sign
        if taken:
            self.signs.pop(0)
        return taken


def keys_in(tree: Tree) -> dict[str, tuple[str, ...]]:
    """What the items of each loop are called, by its path."""
    known: dict[str, tuple[str, ...]] = {}
    while True:
        loops = {p.path: p.alias for p in walk(tree.steps, known) if p.step.is_loop}
        found = {path: tree.items[alias.rpartition("::")[2]] for path, alias in loops.items()}
        if found == known:
            return known
        known = found
