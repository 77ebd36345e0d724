"""What objects say of each other, as far as both are given."""

from __future__ import annotations

from collections.abc import Iterator

from ferryman.domain.errors import InvalidError
from ferryman.domain.expressions import has_expressions
from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given, Subject, text_of
from ferryman.domain.manifests.paths import Loc, places
from ferryman.domain.patterns import compile_regex
from ferryman.domain.secret import Secret
from ferryman.domain.urls import normalize_git

_NAMED = (
    # kind, field that names one of that kind
    ("Warehouse", "spec.requestedFreight[*].origin.name"),
    ("Stage", "spec.requestedFreight[*].sources.stages[*]"),
)


def _unknown(given: Given) -> Iterator[Found]:
    for stage in given.of("Stage"):
        for loc, kind, name in _names(stage):
            yield from _missing(given, stage, loc, kind, name)


def _names(stage: Subject) -> Iterator[tuple[Loc, str, str]]:
    for kind, pattern in _NAMED:
        for loc, name in places(stage.data, pattern):
            yield loc, kind, text_of(name)
    for step in stage.steps:
        if step.task:
            name = text_of(step.task.get("name"))
            yield (*step.loc, "task", "name"), text_of(step.task.get("kind")), name


def _missing(given: Given, stage: Subject, loc: Loc, kind: str, name: str) -> Iterator[Found]:
    """Where others of the kind are given, one that is not among them is probably misspelt."""
    project = "" if kind == "ClusterPromotionTask" else stage.resource.project
    others = sorted({subject.resource.name for subject in given.of(kind, project)})
    if others and name not in others and not has_expressions(name):
        yield Found(stage, loc, f"names {kind} {name}, but given are {', '.join(others)}")


def _task_vars(given: Given) -> Iterator[Found]:
    for stage, step in given.steps():
        kind, name = text_of(step.task.get("kind")), text_of(step.task.get("name"))
        if task := given.find(kind, "", name) if name else None:
            declared = {v["name"]: v.get("value") for _, v in places(task.data, "spec.vars[*]")}
            own = [v["name"] for _, v in places(step.data, "vars[*]")]
            outer = [
                variable["name"]
                for field in ("spec.vars[*]", "spec.promotionTemplate.spec.vars[*]")
                for _, variable in places(stage.data, field)
                if variable.get("value")
            ]
            for needed in [v for v, default in declared.items() if not default]:
                if needed not in {*own, *outer}:
                    text = f"{kind} {name} needs a var {needed}; give it in vars"
                    yield Found(stage, (*step.loc, "task"), text)


def _no_credential(given: Given) -> Iterator[Found]:
    secrets = [s.resource for s in given.of("Secret") if isinstance(s.resource, Secret)]
    credentials = [s for s in secrets if s.cred_type == "git"]
    for subject, step in given.steps("git-clone") if credentials else ():
        url = text_of(step.config.get("repoURL"))
        if url and not has_expressions(url) and not any(_fits(s, url) for s in credentials):
            text = f"no Secret that is given has a credential for {url}; it is read anonymously"
            yield Found(subject, (*step.loc, "config", "repoURL"), text)


def _fits(secret: Secret, url: str) -> bool:
    known = secret.data.get("repoURL", "")
    if secret.data.get("repoURLIsRegex", "").lower() != "true":
        return normalize_git(known) == normalize_git(url)
    try:
        return compile_regex(known).search(normalize_git(url)) is not None
    except InvalidError:
        return False


RULES = (
    Rule(
        "unknown-reference",
        Severity.WARNING,
        "A Stage names a Warehouse, Stage or task that is not among those given.",
        _unknown,
    ),
    Rule("missing-var", Severity.WARNING, "A task is not given a var that it needs.", _task_vars),
    Rule(
        "no-credential",
        Severity.NOTE,
        "Credentials for git are given, but none for this repository.",
        _no_credential,
    ),
)
