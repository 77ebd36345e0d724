"""Secrets on their way to where everybody reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.mentions import mentions
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given
from ferryman.domain.manifests.paths import path

_SOURCES = frozenset({"secret", "sharedSecret"})
_SHOWN = {
    "git-commit": ("message", "author"),
    "git-tag": ("message", "tag"),
    "git-push": ("targetBranch", "tag"),
    "github-push": ("targetBranch",),
    "git-open-pr": ("title", "description", "labels", "sourceBranch", "targetBranch"),
    "set-freight-alias": ("alias",),
    "set-metadata": ("updates",),
    "fail": ("message",),
}
"""What of each step's config people see."""
_WRITTEN = {
    "file-write": ("contents",),
    "yaml-update": ("updates",),
    "json-update": ("updates",),
    "toml-update": ("updates",),
    "helm-template": ("setValues",),
}
"""What goes into files, and with a push to everybody who may read the repository."""
_PUSHES = ("git-push", "github-push", "oci-push")


def _shown(given: Given) -> Iterator[Found]:
    for subject in given.subjects:
        for index, step in enumerate(subject.steps):
            pushed = any(later.uses in _PUSHES for later in subject.steps[index:])
            fields = _SHOWN.get(step.uses, ()) + (_WRITTEN.get(step.uses, ()) if pushed else ())
            for template in subject.templates_of(step):
                place = template.loc[len(step.loc) :]
                shown = place[:1] == ("config",) and set(place[1:2]) & set(fields)
                if shown and _is_secret(template.text, subject.vars_of(step)):
                    text = f"a secret gets into {path(place[1:])} of {step.uses}, for all to read"
                    yield Found(subject, template.loc, text)


def _is_secret(text: str, variables: Mapping[str, str]) -> bool:
    """Does the text name a secret, or a var that does?"""
    named = mentions(text)
    if named.calls & _SOURCES or any(p[0] == "secrets" for p in named.paths):
        return True
    used = {p[1] for p in named.paths if p[0] == "vars" and len(p) > 1}
    others = {name: value for name, value in variables.items() if name not in used}
    return any(_is_secret(variables.get(name, ""), others) for name in used)


RULES = (Rule("secret-shown", Severity.WARNING, "A secret gets where others can read it.", _shown),)
