"""Outputs that steps do not have, or have under another name."""

from __future__ import annotations

from collections.abc import Iterator

from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.mentions import named_in
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given, text_of
from ferryman.domain.manifests.paths import places
from ferryman.domain.manifests.placed_steps import TASKS, PlacedStep

_CHOSEN = {
    "compose-output": "",
    **dict.fromkeys(("http", "yaml-parse", "json-parse", "toml-parse"), "outputs[*].name"),
}
"""Kinds whose outputs their config names, and where."""
_OLD = {("git-open-pr", "prNumber"): "pr.id"}
"""Outputs that Kargo took away (1.7)."""
_NAMES = 2


def _missing(given: Given) -> Iterator[Found]:
    for subject in given.subjects:
        named = {step.alias: step for step in subject.steps}
        for template, path in named_in(subject.templates):
            alias, output = _output(path, in_task=subject.resource.kind in TASKS)
            step = named.get(alias)
            known = _outputs(given, step) if step else None
            if step and known is not None and output not in {*known, "links"}:
                instead = _instead(step, output, known)
                text = f"{alias} ({step.uses}) has no output {output!r}; {instead}"
                yield Found(subject, template.loc, text)


def _output(path: tuple[str, ...], *, in_task: bool) -> tuple[str, str]:
    """The alias and the output that a path names; nothing for other paths."""
    inside = path[1:] if in_task and path[0] == "task" else path
    if inside[0] == "outputs" and len(inside) > _NAMES and in_task == (path[0] == "task"):
        return inside[1], inside[2]
    return "", ""


def _outputs(given: Given, step: PlacedStep) -> frozenset[str] | None:
    """What the step puts out; None where that is not to be seen."""
    facts = given.kinds.get(step.uses)
    if facts is None:
        return None
    if step.uses == "compose-output":
        return frozenset(step.config)
    if pattern := _CHOSEN.get(step.uses):
        return frozenset(text_of(name) for _, name in places(step.config, pattern))
    return facts.outputs


def _instead(step: PlacedStep, output: str, known: frozenset[str]) -> str:
    old = _OLD.get((step.uses, output))
    return f"write {old}" if old else f"it has {', '.join(sorted(known)) or 'none'}"


def _beside(given: Given) -> Iterator[Found]:
    for subject in given.subjects:
        if subject.resource.kind in TASKS:
            aliases = {step.alias for step in subject.steps if step.data.get("as")}
            for template, path in named_in(subject.templates):
                if path[0] == "outputs" and path[1:2] and path[1] in aliases:
                    text = f"write task.outputs.{path[1]}: it is a step of the same task"
                    yield Found(subject, template.loc, text)


RULES = (
    Rule("missing-output", Severity.WARNING, "A step does not have that output.", _missing),
    Rule(
        "task-output",
        Severity.WARNING,
        "A task reads its own step by outputs instead of task.outputs.",
        _beside,
    ),
)
