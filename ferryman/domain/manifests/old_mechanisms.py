"""Puts `promotionTemplate` in the place of `promotionMechanisms`, and says what that means."""

from __future__ import annotations

from typing import Any

from ferryman.domain.manifests.complaints import build
from ferryman.domain.manifests.git_updates import in_place
from ferryman.domain.manifests.mechanisms import PromotionMechanisms
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc, places
from ferryman.domain.manifests.translation import steps_of

TRANSLATED_FROM = "ferryman.dev/translated-from"

_FIELD = "promotionMechanisms"
_LOC: Loc = ("spec", _FIELD)
_REFUSED = ("render", "bookkeeper")


def translate_mechanisms(data: dict[str, Any], notes: Notes) -> None:
    """Give a Stage that has mechanisms a template, and an annotation that says so."""
    spec = data["spec"]
    raw = spec.pop(_FIELD, None)
    if raw is None:
        return
    if "promotionTemplate" in spec:
        notes.warn(_LOC, "is older than promotionTemplate, and ignored beside it; remove it")
        return
    _refuse_rendering(raw, notes)
    mechanisms = build(PromotionMechanisms, raw, notes, _LOC)
    if mechanisms is None:
        return
    steps = steps_of(mechanisms)
    if steps:
        spec["promotionTemplate"] = {"spec": {"steps": steps}}
    annotations = data["metadata"].setdefault("annotations", {})
    if isinstance(annotations, dict):
        annotations[TRANSLATED_FROM] = _FIELD
    names = ", ".join(step["uses"] for step in steps) or "no steps"
    notes.warn(
        _LOC,
        f"is from before Kargo 1.0, and read as promotionTemplate with {names}; "
        "write that (`get stage -o yaml` shows it)",
    )
    _say_what_is_read(mechanisms, notes)


def _refuse_rendering(raw: Any, notes: Notes) -> None:
    for loc, update in places(raw, "gitRepoUpdates[*]"):
        for field in _REFUSED if isinstance(update, dict) else ():
            if update.pop(field, None) is not None:
                notes.refuse(
                    (*_LOC, *loc, field),
                    "is gone: render in steps instead, with promotionTemplate: git-clone, "
                    "git-clear, helm-template or kustomize-build, git-commit, git-push",
                )


def _say_what_is_read(mechanisms: PromotionMechanisms, notes: Notes) -> None:
    for index, update in enumerate(mechanisms.git_repo_updates):
        loc = (*_LOC, "gitRepoUpdates", index, "readBranch")
        if not in_place(update):
            branch = update.read_branch or "the repository's default branch"
            notes.warn(
                loc,
                f"{branch} is read even where the Freight has a commit of that repository, which "
                "Kargo preferred; for that, check out ${{ commitFrom(…).ID }} in a template",
            )
        elif not update.read_branch:
            notes.warn(
                loc,
                f"is not given; {update.write_branch} is taken for the repository's default "
                "branch, and is both read and written",
            )
