"""YAML text → documents: plain data, and the line and column of every field.

The data is built here from ruamel's nodes, because nodes know their lines, because aliases must be
counted while they expand, and because keys that are given twice must not vanish unseen. Timestamps
stay text, and keys are text, as in JSON.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from ferryman.domain.errors import InvalidError
from ferryman.domain.manifests.paths import Loc

MAX_CHARACTERS = 4 * 1024 * 1024
MAX_VALUES = 200_000
"""Keys, scalars, lists and mappings of one text, with every alias expanded."""
MAX_DEPTH = 64

_TAG = "tag:yaml.org,2002:"
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SCALARS: dict[str, Callable[[str], Any]] = {
    f"{_TAG}str": str,
    f"{_TAG}timestamp": str,
    f"{_TAG}null": lambda _: None,
    f"{_TAG}bool": lambda text: _TRUTH[text.lower()],
    # No leading zero: kubectl's YAML reads 0644 as octal, YAML 1.2 does not.
    f"{_TAG}int": lambda text: int(text.replace("_", ""), 0),
    f"{_TAG}float": lambda text: _finite(float(text.replace("_", ""))),
}
_TAGS = {f"{_TAG}map", f"{_TAG}seq", *_SCALARS}
_HELM = re.compile(r"(?<!\$)\{\{")
_TEMPLATE = "; if this is a Helm template, render it first (helm template)"


@dataclass(frozen=True, order=True)
class Mark:
    """A place in a text; both count from 1."""

    line: int = 1
    column: int = 1


class NotYamlError(InvalidError):
    """The text is not YAML, or exceeds a limit: what `problem` there is, and where."""

    def __init__(self, problem: str, mark: Mark, source: str) -> None:
        line, column = mark.line, mark.column
        where = f"{source}:{line}:{column}" if source else f"line {line}, column {column}"
        super().__init__(f"{where}: {problem}")
        self.problem = problem
        self.mark = mark


@dataclass(frozen=True)
class Document:
    """One object of the text."""

    data: Any
    marks: Mapping[Loc, Mark]
    warnings: tuple[tuple[Loc, str], ...] = ()
    base: Loc = ()
    """Where `data` stands in its document; not at its root when it was an item of a list."""

    def mark(self, loc: Loc = ()) -> Mark:
        """The place of that field, or of what is nearest above it."""
        whole = (*self.base, *loc)
        above = (whole[:length] for length in range(len(whole), -1, -1))
        return next((self.marks[loc] for loc in above if loc in self.marks), Mark())

    def line(self, loc: Loc = ()) -> int:
        """The line of that field, or of what is nearest above it."""
        return self.mark(loc).line

    def where(self, source: str) -> str:
        """`stages.yaml:12`, or `line 12` of a nameless text."""
        return f"{source}:{self.line()}" if source else f"line {self.line()}"


def documents(text: str, source: str = "") -> Iterator[Document]:
    """Every document that is not empty.

    Raises NotYamlError, with line and column, where the text is not YAML or exceeds a limit.
    """
    if len(text) > MAX_CHARACTERS:
        problem = (
            f"there are {len(text)} characters; apply at most {MAX_CHARACTERS} at once: split it"
        )
        raise NotYamlError(problem, Mark(), source)
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.max_depth = MAX_DEPTH
    budget = _Budget(MAX_VALUES)
    try:
        for node in yaml.compose_all(text):
            document = _Builder(source, budget).document(node)
            if document.data is not None:
                yield document
    except (YAMLError, ValueError, AttributeError, KeyError) as error:
        # ruamel lets others than its own out on odd directives and escapes.
        raise _not_yaml(error, text, source) from None


class _Composer(Composer):
    """Stops early: reading a value costs tens of microseconds."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self.warn_double_anchors = False
        self._composed = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._composed += 1
        if self._composed > MAX_VALUES:
            mark = self.parser.peek_event().start_mark
            raise ComposerError(None, None, f"more than {MAX_VALUES} values; split it", mark)
        return super().compose_node(parent, index)


@dataclass
class _Budget:
    values: int


@dataclass
class _Builder:
    source: str
    budget: _Budget
    marks: dict[Loc, Mark] = field(default_factory=dict)
    warnings: list[tuple[Loc, str]] = field(default_factory=list)

    def document(self, node: Node) -> Document:
        data = self._value(node, ())
        return Document(data, self.marks, tuple(self.warnings))

    def _value(self, node: Node, loc: Loc) -> Any:
        self.budget.values -= 1
        if self.budget.values < 0:
            raise self._invalid(node, f"aliases expand to more than {MAX_VALUES} values")
        if len(loc) > MAX_DEPTH:
            raise self._invalid(node, f"nested more than {MAX_DEPTH} deep, or contains itself")
        if str(node.tag) not in _TAGS:
            raise self._invalid(node, "a tag (!…) is not read; remove it")
        value: Any
        if isinstance(node, MappingNode):
            value = self._mapping(node, loc)
        elif isinstance(node, SequenceNode):
            value = [self._value(child, (*loc, index)) for index, child in enumerate(node.value)]
        else:
            value = self._scalar(cast(ScalarNode, node))
        self.marks[loc] = _mark(node)
        return value

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if str(key.tag) == f"{_TAG}merge":
                merged = self._merged(value, loc) | merged
                continue
            if not isinstance(key, ScalarNode):
                raise self._invalid(key, f"a key must be text{_TEMPLATE}")
            here = (*loc, str(key.value))
            mark = _mark(key)
            if key.value in own:
                self._given_twice(here, mark)
            own[str(key.value)] = self._value(value, here)
            self.marks[here] = mark
        return merged | own

    def _merged(self, node: Node, loc: Loc) -> dict[str, Any]:
        """What `<<` brings in; of several mappings the first one holds."""
        bases = node.value if isinstance(node, SequenceNode) else [node]
        result: dict[str, Any] = {}
        for base in bases:
            if not isinstance(base, MappingNode):
                raise self._invalid(base, "<< takes a mapping, or a list of them")
            result = self._value(base, loc) | result
        return result

    def _given_twice(self, loc: Loc, mark: Mark) -> None:
        lines = f"lines {self.marks[loc].line} and {mark.line}"
        text = f"is given twice ({lines}); the last one holds: remove the other"
        self.warnings.append((loc, text))

    def _scalar(self, node: ScalarNode) -> Any:
        try:
            return _SCALARS[str(node.tag)](node.value)
        except (ValueError, KeyError):
            problem = "not every reader takes this for the same value; put it in quotes"
            raise self._invalid(node, problem) from None

    def _invalid(self, node: Node, problem: str) -> NotYamlError:
        return NotYamlError(problem, _mark(node), self.source)


def _finite(number: float) -> float:
    """JSON has no infinity and no NaN."""
    if not math.isfinite(number):
        raise ValueError
    return number


def _mark(node: Node) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)


def _not_yaml(error: Exception, text: str, source: str) -> NotYamlError:
    """What ruamel found, without the snippet that it shows: there may be a password in it."""
    line, column, problem = 0, 0, "cannot be read"
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        problem = str(error.problem or error.context or problem)
    elif isinstance(error, ReaderError):
        before = text[: error.position]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        problem = "a character that YAML does not allow"
    if "undefined alias" in problem:
        problem = "an alias (*…) that nothing defines; put it in quotes if it is meant as text"
    shown = text.splitlines()[line : line + 1]
    if shown and _HELM.search(shown[0]):
        problem += _TEMPLATE
    return NotYamlError(f"not YAML: {problem}", Mark(line + 1, column + 1), source)
