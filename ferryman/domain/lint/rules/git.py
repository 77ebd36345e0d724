"""What comes after a push, and what never comes to one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.mentions import named_in
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given, text_of
from ferryman.domain.manifests.paths import Loc, places
from ferryman.domain.manifests.placed_steps import PlacedStep

_PUSHES = ("git-push", "github-push")
_WRITES = {
    **dict.fromkeys(("yaml-update", "json-update", "toml-update", "file-write"), ("path",)),
    **dict.fromkeys(("kustomize-set-image", "helm-update-chart", "git-clear"), ("path",)),
    **dict.fromkeys(("copy", "untar", "tar", "helm-template", "kustomize-build"), ("outPath",)),
    **dict.fromkeys(("http-download", "oci-download"), ("outPath",)),
    "yaml-merge": ("outFile",),
    "delete": ("path", "paths[*]"),
}
_READS = {
    **dict.fromkeys(("yaml-parse", "json-parse", "toml-parse"), ("path",)),
    **dict.fromkeys(("helm-template", "kustomize-build"), ("path",)),
    **dict.fromkeys(("copy", "tar", "untar"), ("inPath",)),
    "yaml-merge": ("inFiles[*]",),
    "http": ("bodyFromFile",),
}


def _stale_commit(given: Given) -> Iterator[Found]:
    for subject, push in given.steps(*_PUSHES):
        before, after = _around(subject.steps, push)
        if any(step.uses in _PUSHES for step in before):
            continue  # that one's search comes to here
        commits = {
            ("outputs", step.alias, "commit") for step in before if step.uses == "git-commit"
        }
        templates = (template for step in after for template in subject.templates_of(step))
        for template, named in named_in(templates):
            if named[-3:] in commits:
                text = (
                    f"{'.'.join(named)} is the commit as it was before {push.alias} rebased it; "
                    "take the commit that the push puts out"
                )
                yield Found(subject, template.loc, text)


def _stale_read(given: Given) -> Iterator[Found]:
    for subject, push in given.steps(*_PUSHES):
        root = text_of(push.config.get("path"))
        _, after = _around(subject.steps, push)
        for step in _until(after, root):
            for loc in _paths(step, _READS, root):
                text = (
                    f"{step.uses} reads the tree as it was committed; what {push.alias} may have "
                    "been rebased on is not in it"
                )
                yield Found(subject, loc, text)


def _lost_edit(given: Given) -> Iterator[Found]:
    for subject, push in given.steps(*_PUSHES):
        root = text_of(push.config.get("path"))
        _, after = _around(subject.steps, push)
        for step in () if _taken_along(after, root) else _until(after, root):
            for loc in _paths(step, _WRITES, root):
                text = f"{step.uses} changes the checkout {root} after its last push"
                yield Found(subject, loc, text)


def _never_pushed(given: Given) -> Iterator[Found]:
    for subject, commit in given.steps("git-commit"):
        root = text_of(commit.config.get("path"))
        _, after = _around(subject.steps, commit)
        if subject.resource.kind == "Stage" and not _taken_along(after, root):
            text = f"what is committed in {root} is pushed by no later step"
            yield Found(subject, commit.loc, text)


def _around(
    steps: Sequence[PlacedStep], step: PlacedStep
) -> tuple[Sequence[PlacedStep], Sequence[PlacedStep]]:
    """The steps before it, and after it."""
    index = steps.index(step)
    return steps[:index], steps[index + 1 :]


def _taken_along(steps: Sequence[PlacedStep], root: str) -> bool:
    """Does one of them push that checkout, or may a task do it?"""
    return any(
        step.task or (step.uses in _PUSHES and _same(text_of(step.config.get("path")), root))
        for step in steps
    )


def _until(steps: Sequence[PlacedStep], root: str) -> Sequence[PlacedStep]:
    """The steps before that checkout is pushed again, or made anew."""
    for index, step in enumerate(steps):
        clones = places(step.config, "checkout[*].path") if step.uses == "git-clone" else ()
        again = step.uses in _PUSHES and _same(text_of(step.config.get("path")), root)
        if again or any(_same(text_of(path), root) for _, path in clones):
            return steps[:index]
    return steps


def _paths(step: PlacedStep, fields: Mapping[str, tuple[str, ...]], root: str) -> Iterator[Loc]:
    """Where the step names something within that folder."""
    for pattern in fields.get(step.uses, ()):
        for loc, value in places(step.config, pattern):
            path = _plain(text_of(value))
            if path == _plain(root) or path.startswith(f"{_plain(root)}/"):
                yield (*step.loc, "config", *loc)


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(path: str) -> str:
    return path.removeprefix("./").rstrip("/")


RULES = (
    Rule(
        "stale-commit",
        Severity.WARNING,
        "git-commit's commit is used after a push, which may have rebased it.",
        _stale_commit,
    ),
    Rule(
        "stale-read",
        Severity.NOTE,
        "A step after a push reads a tree that may lack what the push was rebased on.",
        _stale_read,
    ),
    Rule("lost-edit", Severity.WARNING, "A checkout is changed after its last push.", _lost_edit),
    Rule("never-pushed", Severity.WARNING, "No step pushes what was committed.", _never_pushed),
)
