"""One `gitRepoUpdate` → steps: what it reads, and where it writes.

==================  ===============================================================
branches            steps
==================  ===============================================================
the same            one checkout, changed in place
different           the read branch is changed in `src`; its files then replace those
                    of the write branch, in `out`, which is made where it is missing
no `readBranch`     `main` and `master` are taken for the default branch, and so for
                    the same; for others the remote's default branch is read
==================  ===============================================================

Kargo 0.8 preferred a commit of the repository in the Freight over `readBranch`; that is not
translated, and the caller says so.
"""

from __future__ import annotations

from ferryman.domain.freight import Origin
from ferryman.domain.manifests.lookups import (
    chart_from,
    image_from,
    image_value,
    output,
    tag_or_digest,
    template,
    text,
)
from ferryman.domain.manifests.mechanisms import GitRepoUpdate, Helm, Kustomize, innermost
from ferryman.domain.manifests.written_steps import Raw, Steps

_DEFAULT_BRANCHES = {"main", "master"}
_NAMED = 3
"""More artifacts than this make a commit message unreadable."""


def in_place(update: GitRepoUpdate) -> bool:
    """Is the branch that is read the one that is written?"""
    if update.read_branch:
        return update.read_branch == update.write_branch
    return update.write_branch in _DEFAULT_BRANCHES


class GitUpdate:
    """The steps of one repository."""

    def __init__(
        self, steps: Steps, update: GitRepoUpdate, inherited: Origin | None, number: int
    ) -> None:
        """Take the steps to add to; `number` tells folders of several updates apart."""
        self._steps = steps
        self._update = update
        self._origin = update.origin or inherited
        self._suffix = "" if number == 1 else f"-{number}"
        self._changes: dict[str, None] = {}
        """What the commit message says, in order and once."""

    def write(self) -> str:
        """Add the steps; the result is an expression for the commit that was pushed."""
        target = self._clone()
        commit = {"path": target, "message": self._message()}
        self._steps.add("git-commit", "commit", commit)
        return self._push(target)

    def _clone(self) -> str:
        """Check out, change the files, and bring them to where they are committed."""
        update = self._update
        if in_place(update):
            root = f"./repo{self._suffix}"
            self._check_out([{"branch": update.write_branch, "path": root}])
            self._change(root)
            return root
        source, target = f"./src{self._suffix}", f"./out{self._suffix}"
        read = {"branch": update.read_branch} if update.read_branch else {}
        written = {"branch": update.write_branch, "create": True, "path": target}
        self._check_out([{**read, "path": source}, written])
        self._change(source)
        self._steps.add("git-clear", "clear", {"path": target})
        self._steps.add("copy", "copy", {"inPath": source, "outPath": target})
        return target

    def _check_out(self, checkouts: list[Raw]) -> None:
        config = {"repoURL": self._update.repo_url, "checkout": checkouts} | self._insecure()
        self._steps.add("git-clone", "clone", config)

    def _change(self, root: str) -> None:
        if self._update.helm:
            self._set_values(root, self._update.helm)
            self._set_charts(root, self._update.helm)
        if self._update.kustomize:
            self._set_images(root, self._update.kustomize)

    def _set_values(self, root: str, helm: Helm) -> None:
        files: dict[str, list[Raw]] = {}
        for image in helm.images:
            warehouse = innermost(image.origin, helm.origin, self._origin)
            value = image_value(image.value, image.image, warehouse)
            files.setdefault(image.values_file_path, []).append({"key": image.key, "value": value})
            self._changed_image(image.image, warehouse)
        for path, updates in files.items():
            config = {"path": _below(root, path), "updates": updates}
            self._steps.add("yaml-update", "update-values", config)

    def _set_charts(self, root: str, helm: Helm) -> None:
        folders: dict[str, list[Raw]] = {}
        for chart in helm.charts:
            warehouse = innermost(chart.origin, helm.origin, self._origin)
            version = f"{chart_from(chart.repository, chart.name, warehouse)}.Version"
            folders.setdefault(chart.chart_path, []).append(
                {"repository": chart.repository, "name": chart.name, "version": text(version)}
            )
            self._changes[f"{chart.name} {template(version)}"] = None
        for path, charts in folders.items():
            config = {"path": _below(root, path), "charts": charts}
            self._steps.add("helm-update-chart", "update-chart", config)

    def _set_images(self, root: str, kustomize: Kustomize) -> None:
        folders: dict[str, list[Raw]] = {}
        for image in kustomize.images:
            warehouse = innermost(image.origin, kustomize.origin, self._origin)
            entry = {"image": image.image} | tag_or_digest(
                image.image, warehouse, use_digest=image.use_digest
            )
            folders.setdefault(image.path, []).append(entry)
            self._changed_image(image.image, warehouse)
        for path, images in folders.items():
            config = {"path": _below(root, path), "images": images}
            self._steps.add("kustomize-set-image", "set-image", config)

    def _changed_image(self, repository: str, warehouse: str) -> None:
        name = repository.rpartition("/")[2]
        self._changes[f"{name} {template(f'{image_from(repository, warehouse)}.Tag')}"] = None

    def _message(self) -> str:
        changes = list(self._changes)
        if not 0 < len(changes) <= _NAMED:
            changes = [template("ctx.targetFreight.alias")]
        return f"Promote {', '.join(changes)} to {template('ctx.stage')}"

    def _push(self, path: str) -> str:
        request = self._update.pull_request
        if request is None:
            return f"{output(self._steps.add('git-push', 'push', {'path': path}))}.commit"
        push = self._steps.add("git-push", "push", {"path": path, "generateTargetBranch": True})
        provider = next((p for p in ("github", "gitlab") if getattr(request, p) is not None), "")
        repository = {"repoURL": self._update.repo_url}
        repository |= {"provider": provider} if provider else {}
        repository |= self._insecure()
        branches = {
            "sourceBranch": template(f"{output(push)}.branch"),
            "targetBranch": self._update.write_branch,
        }
        opened = self._steps.add("git-open-pr", "open-pr", repository | branches)
        number = {"prNumber": template(f"{output(opened)}.pr.id")}
        waited = self._steps.add(
            "git-wait-for-pr",
            "wait-for-pr",
            repository | number,
            # Without a difference there is no pull request, and no output to wait for.
            only_if=f'status("{opened}") == "Succeeded"',
        )
        return f"{output(waited)}?.commit ?? {output(push)}.commit"

    def _insecure(self) -> Raw:
        return {"insecureSkipTLSVerify": True} if self._update.insecure_skip_tls_verify else {}


def _below(root: str, path: str) -> str:
    return f"{root}/{path.removeprefix('./').lstrip('/')}".rstrip("/")
