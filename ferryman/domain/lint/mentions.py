"""What an expression names: variables with what is taken from them, and functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ferryman.domain.expressions import nodes
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.nodes import Node
from ferryman.domain.expressions.parser import parse
from ferryman.domain.expressions.template import Expression, has_expressions, pieces
from ferryman.domain.manifests.templates import Template

_KEPT = 4096


@dataclass(frozen=True)
class Mentions:
    """What a template names."""

    paths: tuple[tuple[str, ...], ...] = ()
    """`("outputs", "push", "commit")`, as far as the names are written out."""
    calls: frozenset[str] = frozenset()


@lru_cache(maxsize=_KEPT)
def mentions(text: str, *, raw: bool = False) -> Mentions:
    """What is named in a template, or in a `raw` expression; nothing where it cannot be read."""
    roots = _roots(text, raw=raw)
    paths: list[tuple[str, ...]] = []
    calls: set[str] = set()
    for root in roots:
        _visit(root, paths, calls)
    return Mentions(tuple(paths), frozenset(calls))


def named_in(templates: Iterable[Template]) -> Iterator[tuple[Template, tuple[str, ...]]]:
    """Everything that is named in several templates, each with the one it stands in."""
    for template in templates:
        for path in mentions(template.text, raw=template.raw).paths:
            yield template, path


@lru_cache(maxsize=_KEPT)
def sole(text: str) -> Node | None:
    """The expression that a template consists of; None where there is text around it."""
    roots = _roots(text, raw=False)
    if len(roots) != 1 or any(isinstance(p, str) and p.strip("\n") for p in pieces(text)):
        return None
    return roots[0]


def path_of(node: Node) -> tuple[str, ...]:
    """`outputs.push.commit` as its names; nothing for any other expression."""
    match node:
        case nodes.Chain(body=body):
            return path_of(body)
        case nodes.Name(name=name):
            return (name,)
        case nodes.Member(target=target, key=nodes.Literal(value=str(name))):
            above = path_of(target)
            return (*above, name) if above else ()
    return ()


def _roots(text: str, *, raw: bool) -> list[Node]:
    if not raw and not has_expressions(text):
        return []
    try:
        found = [text] if raw else [p.source for p in pieces(text) if isinstance(p, Expression)]
        return [parse(source) for source in found]
    except Fault:
        return []


def _visit(node: Node, paths: list[tuple[str, ...]], calls: set[str]) -> None:
    if path := path_of(node):
        paths.append(path)
        return
    for child in _inside(node, calls):
        _visit(child, paths, calls)


def _inside(node: Node, calls: set[str]) -> Iterator[Node]:
    if isinstance(node, nodes.Call) and isinstance(node.callee, nodes.Name):
        calls.add(node.callee.name)
        yield from node.arguments
    else:
        yield from nodes.children(node)
