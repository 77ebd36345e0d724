"""Linting: texts → findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ferryman.domain.lint.finding import Finding, Severity
from ferryman.domain.lint.registry import RULES
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.rules.reading import NOT_YAML
from ferryman.domain.lint.subject import Given, StepFacts, Subject
from ferryman.domain.manifests.documents import Document, Mark, NotYamlError
from ferryman.domain.manifests.items import Item
from ferryman.domain.manifests.loading import objects, read_objects
from ferryman.domain.manifests.paths import path
from ferryman.domain.manifests.remarks import Remark


def lint(texts: Iterable[tuple[str, str]], kinds: Mapping[str, StepFacts]) -> tuple[Finding, ...]:
    """What is wrong, old, unsupported or risky in several (source, text), in their order.

    They are taken together: what one names may stand in another. `kinds` are the steps that
    there are.
    """
    found: list[Finding] = []
    read: list[tuple[str, Document]] = []
    order: dict[str, int] = {}
    for source, text in texts:
        order.setdefault(source, len(order))
        try:
            read.extend((source, document) for document in list(objects(text, source)))
        except NotYamlError as error:
            found.append(_unreadable(source, error))
    items = read_objects(read).items
    subjects = []
    for (source, _), item in zip(read, items, strict=True):
        found.extend(_said(source, remark) for remark in item.remarks)
        if item.resource:
            subjects.append(Subject(item, source, item.resource))
    given = Given(tuple(subjects), kinds)
    for rule in RULES.values():
        found.extend(_placed(rule, one) for one in rule.check(given))
    return tuple(sorted(set(found), key=lambda f: (order[f.source], f.mark, f.rule, f.message)))


def _unreadable(source: str, error: NotYamlError) -> Finding:
    return Finding(RULES[NOT_YAML].severity, NOT_YAML, source, error.mark, "", "", error.problem)


def _said(source: str, remark: Remark) -> Finding:
    """A remark as a finding: a note where the rule is none of more."""
    rule = RULES[remark.topic]
    severity = rule.severity if rule.severity is Severity.NOTE else Severity(remark.severity)
    field = path(remark.loc)
    return Finding(severity, rule.name, source, remark.mark, remark.about, field, remark.text)


def _placed(rule: Rule, found: Found) -> Finding:
    subject, field = found.subject, path(found.loc)
    mark = _mark(subject.item, found)
    about = subject.item.about
    return Finding(rule.severity, rule.name, subject.source, mark, about, field, found.text)


def _mark(item: Item, found: Found) -> Mark:
    return item.document.mark(found.loc) if item.document else Mark()
