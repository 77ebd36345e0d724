"""Fields of steps that Kargo 1.0 to 1.2 had (gone since 1.3; `messageFromSteps` since 1.5).

They pointed at other steps or at an origin by name; today an expression says the same.
"""

from __future__ import annotations

from collections.abc import Callable

from ferryman.domain.manifests.lookups import (
    chart_from,
    commit_from,
    image_value,
    output,
    tag_or_digest,
    template,
    text,
)
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc, places
from ferryman.domain.manifests.written_steps import Raw

_VALUES = ("ImageAndTag", "Tag", "ImageAndDigest", "Digest")

Say = Callable[[Loc, str], None]


def modernise_steps(data: Raw, at: str, notes: Notes, base: Loc = ()) -> None:
    """Rewrite, in place, what the steps at `at` (`spec.steps[*]`) call by old names.

    `data` stands at `base`; the steps of loops and groups are looked at, too.
    """
    for loc, step in places(data, at):
        config = step.get("config") if isinstance(step, dict) else None
        if isinstance(config, dict) and (rule := _RULES.get(str(step.get("uses")))):
            rule(step, config, _saying(notes, (*base, *loc, "config")))
        if isinstance(step, dict):
            for inside in ("steps[*]", "parallel[*]"):
                modernise_steps(step, inside, notes, (*base, *loc))


def _saying(notes: Notes, base: Loc) -> Say:
    return lambda loc, text: notes.warn((*base, *loc), text)


def _replace(place: Raw, old: str, new: str, value: str, say: Say, *, loc: Loc = ()) -> None:
    """Put `new` in the place of `old`, and say so."""
    place.pop(old)
    place.setdefault(new, value)
    say((*loc, old), f"is an old field; write {new}: {place[new]}".replace("\n", "\\n"))


def _git_clone(_: Raw, config: Raw, say: Say) -> None:
    _drop_credentials(config, say)
    for loc, checkout in _mappings(config, "checkout[*]"):
        warehouse = _origin(checkout)
        if checkout.get("fromFreight"):
            commit = text(f"{commit_from(str(config.get('repoURL', '')), warehouse)}.ID")
            _replace(checkout, "fromFreight", "commit", commit, say, loc=loc)


def _git_push(_: Raw, config: Raw, say: Say) -> None:
    _drop_credentials(config, say)


def _drop_credentials(config: Raw, say: Say) -> None:
    if config.pop("credentials", None) is not None:
        say(
            ("credentials",),
            "is not read; leave it out: a Secret labelled kargo.akuity.io/cred-type: git that "
            "holds the repoURL is found by itself",
        )


def _git_commit(_: Raw, config: Raw, say: Say) -> None:
    steps = config.get("messageFromSteps")
    if isinstance(steps, list):
        messages = [template(f"{output(str(step))}.commitMessage") for step in steps]
        _replace(config, "messageFromSteps", "message", "\n".join(messages), say)


def _git_open_pr(_: Raw, config: Raw, say: Say) -> None:
    if "sourceBranchFromStep" in config:
        branch = template(f"{output(str(config['sourceBranchFromStep']))}.branch")
        _replace(config, "sourceBranchFromStep", "sourceBranch", branch, say)


def _git_wait_for_pr(_: Raw, config: Raw, say: Say) -> None:
    if "prNumberFromStep" in config:
        number = template(f"{output(str(config['prNumberFromStep']))}.pr.id")
        _replace(config, "prNumberFromStep", "prNumber", number, say)


def _argocd_update(_: Raw, config: Raw, say: Say) -> None:
    for loc, source in _mappings(config, "apps[*].sources[*]"):
        if "desiredCommitFromStep" in source:
            revision = text(f"{output(str(source['desiredCommitFromStep']))}.commit")
            _replace(source, "desiredCommitFromStep", "desiredRevision", revision, say, loc=loc)
    for loc, image in _mappings(config, "apps[*].sources[*].kustomize.images[*]"):
        if "newName" not in image:  # with it, an override without tag and digest is today's
            _set_tag(image, "repoURL", say, loc)
    for loc, image in _mappings(config, "apps[*].sources[*].helm.images[*]"):
        _set_value(image, "repoURL", say, loc)


def _helm_update_image(step: Raw, config: Raw, say: Say) -> None:
    for loc, image in _mappings(config, "images[*]"):
        _set_value(image, "image", say, loc)
    step["uses"] = "yaml-update"
    config["updates"] = config.pop("images", [])
    say((), "is of a step that is gone; write uses: yaml-update, with updates of key and value")


def _helm_update_chart(_: Raw, config: Raw, say: Say) -> None:
    for loc, chart in _mappings(config, "charts[*]"):
        repository, name = str(chart.get("repository", "")), str(chart.get("name", ""))
        warehouse = _origin(chart)
        if "version" not in chart:
            chart["version"] = text(f"{chart_from(repository, name, warehouse)}.Version")
            say((*loc, "version"), f"is not given; write version: {chart['version']}")


def _kustomize_set_image(_: Raw, config: Raw, say: Say) -> None:
    for loc, image in _mappings(config, "images[*]"):
        _set_tag(image, "image", say, loc)


def _set_tag(image: Raw, repository: str, say: Say, loc: Loc) -> None:
    """Once, an image without tag and digest meant the Freight's."""
    warehouse, use_digest = _origin(image), image.pop("useDigest", False)
    if repository in image and not image.keys() & {"tag", "digest"}:
        written = tag_or_digest(str(image[repository]), warehouse, use_digest=bool(use_digest))
        image |= written
        for field, value in written.items():
            say((*loc, field), f"is not given; write {field}: {value}")


def _set_value(image: Raw, repository: str, say: Say, loc: Loc) -> None:
    """Once, `value: Tag` beside an image meant the Freight's."""
    warehouse = _origin(image)
    if repository in image and image.get("value") in _VALUES:
        image["value"] = image_value(image["value"], str(image.pop(repository)), warehouse)
        say((*loc, "value"), f"is an old form; write value: {image['value']}")


def _origin(entry: Raw) -> str:
    """The Warehouse that old `fromOrigin` names."""
    origin = entry.pop("fromOrigin", None)
    return str(origin.get("name", "")) if isinstance(origin, dict) else ""


def _mappings(config: Raw, at: str) -> list[tuple[Loc, Raw]]:
    return [(loc, entry) for loc, entry in places(config, at) if isinstance(entry, dict)]


_RULES: dict[str, Callable[[Raw, Raw, Say], None]] = {
    "argocd-update": _argocd_update,
    "git-clone": _git_clone,
    "git-commit": _git_commit,
    "git-open-pr": _git_open_pr,
    "git-push": _git_push,
    "git-wait-for-pr": _git_wait_for_pr,
    "helm-update-chart": _helm_update_chart,
    "helm-update-image": _helm_update_image,
    "kustomize-set-image": _kustomize_set_image,
}
