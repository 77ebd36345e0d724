"""Values that become something else than what is written (Kargo §14.37, §14.38)."""

from __future__ import annotations

from collections.abc import Iterator

from ferryman.domain.expressions import has_expressions, nodes
from ferryman.domain.expressions.coercion import coerced
from ferryman.domain.expressions.nodes import Node
from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.mentions import path_of, sole
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given, Subject
from ferryman.domain.manifests.notes import shown
from ferryman.domain.manifests.placed_steps import PlacedStep
from ferryman.domain.manifests.step_configs import wants_text
from ferryman.domain.manifests.templates import Template
from ferryman.domain.warehouse import Warehouse


def _changes(given: Given) -> Iterator[Found]:
    for subject, step, template, root in _sole(given):
        text = _literal(root, subject, step)
        became = coerced(text) if text is not None else text
        if text is None or isinstance(became, str):
            continue
        facts = given.kinds.get(step.uses)
        place = template.loc[len(step.loc) + 1 :]
        text_wanted = facts is not None and wants_text(facts.config, place)
        if text_wanted or shown(became) != text:
            advice = f"{shown(text)} becomes {shown(became)}; for text write ${{{{ quote(…) }}}}"
            yield Found(subject, template.loc, advice)


def _may_change(given: Given) -> Iterator[Found]:
    for subject, _, template, root in _sole(given):
        if _revision(root) == "Tag" and not _only_versions(given):
            text = "a tag of digits only, or such as 1e5, becomes a number; write quote(…) around"
        elif isinstance(root, nodes.Slice) and _revision(root.target) == "ID":
            text = "a short commit of digits only becomes a number; write quote(…) around"
        else:
            continue
        yield Found(subject, template.loc, text)


def _sole(given: Given) -> Iterator[tuple[Subject, PlacedStep, Template, Node]]:
    """The templates in configs that are one expression, so that its type may show."""
    for subject, step in given.steps():
        for template in subject.templates_of(step):
            in_config = template.loc[len(step.loc)] == "config"
            if in_config and not template.raw and (root := sole(template.text)):
                yield subject, step, template, root


def _literal(root: Node, subject: Subject, step: PlacedStep) -> str | None:
    """The text that the expression is, if that is written down."""
    if isinstance(root, nodes.Literal) and isinstance(root.value, str):
        return root.value
    match path_of(root):
        case ("vars", name):
            value = subject.vars_of(step).get(name, "")
            return value if value and not has_expressions(value) else None
    return None


def _revision(node: Node) -> str:
    """What of an artifact is taken: `Tag` of `imageFrom(…).Tag`."""
    match node:
        case nodes.Chain(body=body):
            return _revision(body)
        case nodes.Member(key=nodes.Literal(value=str(name)), target=nodes.Call()):
            return name
    return ""


def _only_versions(given: Given) -> bool:
    """Are all images that are given chosen by strict versions, which are never numbers?"""
    images = [
        subscription.image
        for subject in given.of("Warehouse")
        if isinstance(subject.resource, Warehouse)
        for subscription in subject.resource.spec.subscriptions
        if subscription.image
    ]
    return bool(images) and all(
        image.image_selection_strategy == "SemVer" and image.strict_semvers for image in images
    )


RULES = (
    Rule(
        "changes-type",
        Severity.WARNING,
        "Text becomes a number, a boolean or null on its way, where text is wanted or digits "
        "are lost.",
        _changes,
    ),
    Rule(
        "may-change-type",
        Severity.NOTE,
        "A tag or a short commit may look like a number, and then becomes one.",
        _may_change,
    ),
)
