"""Scenery: repositories in which a Promotion's steps find what they read.

Made from the steps as they would run: what a `yaml-update` sets must be there, what a
`kustomize-build` builds must build. Nothing of it is anybody's; only names are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import PurePosixPath
from typing import Any

from ruamel.yaml import YAML

BUILDS_CHARTS = {"apiVersion": "v2", "name": "made-for-it", "version": "0.1.0"}
_CONFIG_MAP = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
    "data:\n  values: {{ .Values | toJson | quote }}\n"
)


@dataclass(frozen=True)
class Seen:
    """A step as it was evaluated."""

    kind: str
    config: Mapping[str, Any]


@dataclass
class Place:
    """A repository to be: its files, the same on every branch and tag."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    branches: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)

    def files(self) -> dict[str, str]:
        """Path → text."""
        written = {path: _written(path, data) for path, data in self.documents.items()}
        return {"README.md": "Made for a test.\n", **self.texts, **written}


@dataclass
class Scenery:
    """All that the steps need to find."""

    images: Sequence[str]
    hints: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Documents that no step's config tells of."""
    places: dict[str, Place] = field(default_factory=dict)
    charts: set[tuple[str, str, str]] = field(default_factory=set)
    """(repository, name, version) of charts that charts depend on."""
    _folders: dict[str, str] = field(default_factory=dict)
    _made: dict[str, str] = field(default_factory=dict)
    """What a step has put there → what it has copied it from, or ""."""

    def furnish(self, steps: Iterable[Seen]) -> None:
        """Provide for every step, in order."""
        for step in steps:
            furnish = getattr(self, "_" + step.kind.replace("-", "_"), None)
            if furnish:
                furnish(step.config)
            for key in ("outPath", "outFile"):
                if step.config.get(key):
                    self._made.setdefault(_tidy(step.config[key]), "")

    def _git_clone(self, config: Mapping[str, Any]) -> None:
        place = self.places.setdefault(config["repoURL"], Place())
        for checkout in config["checkout"]:
            self._folders[_tidy(checkout["path"])] = config["repoURL"]
            if checkout.get("branch") and not checkout.get("create"):
                place.branches.add(checkout["branch"])
            if checkout.get("tag"):
                place.tags.add(checkout["tag"])

    def _git_open_pr(self, config: Mapping[str, Any]) -> None:
        self.places.setdefault(config["repoURL"], Place()).branches.add(config["targetBranch"])

    def _kustomize_set_image(self, config: Mapping[str, Any]) -> None:
        self._kustomization(config["path"])

    def _kustomize_build(self, config: Mapping[str, Any]) -> None:
        self._kustomization(config["path"])

    def _helm_template(self, config: Mapping[str, Any]) -> None:
        self._chart(config["path"])
        for values in config.get("valuesFiles") or ():
            self._document(values)

    def _helm_update_chart(self, config: Mapping[str, Any]) -> None:
        chart = self._chart(config["path"])
        for given in config.get("charts") or ():
            wanted = {"name": given["name"], "repository": given["repository"]}
            if chart is not None:
                chart.setdefault("dependencies", []).append({**wanted, "version": "0.0.1"})
            version = given.get("version", "1.0.0")
            self.charts.add((given["repository"], given["name"], version))

    def _yaml_update(self, config: Mapping[str, Any]) -> None:
        document = self._document(config["path"])
        if document is not None:
            for update in config["updates"]:
                _set(document, update["key"])

    _json_update = _toml_update = _yaml_update

    def _yaml_parse(self, config: Mapping[str, Any]) -> None:
        document = self._document(config["path"])
        if document is not None:
            document.update(self.hints.get(config["path"], {}))

    def _copy(self, config: Mapping[str, Any]) -> None:
        source = _tidy(config["inPath"])
        if source not in self._folders:
            if PurePosixPath(source).suffix:
                self._document(source)
            else:
                self._text(f"{source}/copied.txt", "Copied.\n")
        self._made[_tidy(config["outPath"])] = source

    def _kustomization(self, folder: str) -> None:
        self._text(f"{folder}/kustomization.yaml", "resources:\n- deployment.yaml\n")
        containers = [
            {"name": f"c{number}", "image": f"{image}:0.0.1"}
            for number, image in enumerate(self.images or ["made/for-it"])
        ]
        deployment = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "made-for-it"},
            "spec": {"template": {"spec": {"containers": containers}}},
        }
        self._text(f"{folder}/deployment.yaml", _yaml(deployment))

    def _chart(self, folder: str) -> dict[str, Any] | None:
        self._text(f"{folder}/templates/values.yaml", _CONFIG_MAP)
        self._document(f"{folder}/values.yaml")
        chart = self._document(f"{folder}/Chart.yaml")
        if chart is not None and not chart:
            chart.update(BUILDS_CHARTS)
        return chart

    def _document(self, path: str) -> dict[str, Any] | None:
        found = self._at(path)
        return found[0].documents.setdefault(found[1], {}) if found else None

    def _text(self, path: str, text: str) -> None:
        found = self._at(path)
        if found:
            found[0].texts.setdefault(found[1], text)

    def _at(self, path: str) -> tuple[Place, str] | None:
        """Which repository a path is in, and where; None when an earlier step makes it."""
        wanted = PurePosixPath(_tidy(path))
        for made, source in self._made.items():
            if wanted.is_relative_to(made):
                inside = wanted.relative_to(made)
                return self._at(str(PurePosixPath(source) / inside)) if source else None
        for folder in sorted(self._folders, key=len, reverse=True):
            if folder == "." or wanted.is_relative_to(folder):
                return self.places[self._folders[folder]], str(wanted.relative_to(folder))
        return None


def _set(document: dict[str, Any], key: str) -> None:
    *way, last = key.replace("\\.", "\0").split(".")
    for part in way:
        document = document.setdefault(part.replace("\0", "."), {})
    document[last.replace("\0", ".")] = "0.0.1"


def _written(path: str, data: Mapping[str, Any]) -> str:
    if path.endswith(".json"):
        return json.dumps(data, indent=2)
    return _toml(data) if path.endswith(".toml") else _yaml(data)


def _yaml(data: Any) -> str:
    stream = StringIO()
    YAML(typ="safe").dump(data, stream)
    return stream.getvalue()


def _toml(data: Mapping[str, Any], table: str = "") -> str:
    lines = [f"[{table}]"] if table else []
    lines += [f"{json.dumps(k)} = {json.dumps(v)}" for k, v in data.items() if isinstance(v, str)]
    text = "\n".join(lines) + "\n"
    for key, value in data.items():
        if isinstance(value, dict):
            text += _toml(value, f"{table}.{json.dumps(key)}" if table else json.dumps(key))
    return text


def _tidy(path: str) -> str:
    return str(PurePosixPath(path))
