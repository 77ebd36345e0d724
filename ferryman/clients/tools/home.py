"""A home for one run of a tool: folders of its own, and the credentials that it may use."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import ChartRepository
from ferryman.domain.urls import is_loopback, without_userinfo

OCI = "oci://"
_PREFIX = "run-"


@contextmanager
def home(
    parent: Path, repositories: Sequence[ChartRepository], *, credentials_over_http: bool
) -> Iterator[Mapping[str, str]]:
    """The environment of a run; its folders below `parent`, of mode 0700, are gone afterwards.

    Raises InvalidError where a credential would go over plain HTTP to another machine.
    """
    for repository in repositories:
        _check(repository, credentials_over_http=credentials_over_http)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent) as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        _write(folder / "registries.json", _registries(repositories))
        _write(folder / "repositories.yaml", _classic(repositories))
        yield {
            "HOME": name,
            "TMPDIR": str(folder / "tmp"),
            "HELM_CACHE_HOME": str(folder / "cache"),
            "HELM_CONFIG_HOME": str(folder / "config"),
            "HELM_DATA_HOME": str(folder / "data"),
            "HELM_REGISTRY_CONFIG": str(folder / "registries.json"),
            "HELM_REPOSITORY_CONFIG": str(folder / "repositories.yaml"),
            # A chart must render alike on every worker, and so may not ask a cluster.
            "KUBECONFIG": str(folder / "no-cluster"),
            # kustomize would fetch bases with git, past our mirrors and credentials.
            "GIT_ALLOW_PROTOCOL": "none",
        }


def sweep(parent: Path, *, oldest: float) -> None:
    """Make `parent`; remove what killed processes left there more than `oldest` seconds ago."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another process may be at the same
            if time.time() - folder.stat().st_mtime > oldest:
                shutil.rmtree(folder)


def _check(repository: ChartRepository, *, credentials_over_http: bool) -> None:
    plain = repository.url.startswith("http://") and not is_loopback(repository.url)
    if plain and repository.credential and not credentials_over_http:
        raise InvalidError(
            f"credentials are not sent to {without_userinfo(repository.url)} over plain http; "
            "use https, or allow it with the setting registry.allow_credentials_over_http",
            field="repository",
        )


def _registries(repositories: Sequence[ChartRepository]) -> Any:
    """As docker keeps logins. They are the host's, so the first of several counts."""
    logins: dict[str, Any] = {}
    for repository in repositories:
        if repository.url.startswith(OCI) and (found := repository.credential):
            pair = f"{found.username}:{found.password}".encode()
            host = repository.url.removeprefix(OCI).partition("/")[0]
            logins.setdefault(host, {"auth": base64.b64encode(pair).decode()})
    return {"auths": logins}


def _classic(repositories: Sequence[ChartRepository]) -> Any:
    """As helm keeps its repositories: in YAML, of which JSON is a part."""
    entries: dict[str, Any] = {}
    for repository in repositories:
        if urlsplit(repository.url).scheme not in {"http", "https"}:
            continue
        found = repository.credential
        entries[repository.url] = {
            "name": f"repository-{len(entries)}",
            "url": repository.url,
            "username": found.username if found else "",
            "password": found.password if found else "",
            "insecure_skip_tls_verify": repository.insecure_skip_tls_verify,
        }
    return {"apiVersion": "", "repositories": list(entries.values())}


def _write(path: Path, data: Any) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(data))
