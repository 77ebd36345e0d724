"""What is wrong with the expressions of an object before any of them runs."""

from __future__ import annotations

from ferryman.domain.expressions import Code, Finding, Scope, check_expression, check_template
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.templates import Template, templates
from ferryman.domain.resource import Resource

_OLD = frozenset({Code.OLD_FORM})


def check_expressions(resource: Resource, notes: Notes) -> None:
    """Refuse what cannot work, and warn of what is old, or to be given by whoever uses a task."""
    for template in templates(resource.dump()):
        certain = _findings(template, template.scope)
        for finding in certain:
            notes.topic = f"expression-{finding.code.value}"
            say = notes.warn if finding.code in _OLD else notes.refuse
            say(template.loc, _sentence(finding))
        for doubt in template.doubts:
            notes.topic = doubt.topic
            for finding in _findings(template, doubt.scope):
                if finding not in certain:
                    notes.warn(template.loc, _sentence(finding, f"; {doubt.advice}"))


def _findings(template: Template, scope: Scope) -> list[Finding]:
    check = check_expression if template.raw else check_template
    return check(template.text, scope)


def _sentence(finding: Finding, advice: str = "") -> str:
    return f"{finding.message}{advice}\n{finding.excerpt}"
