"""A run of a tool: what it sees, what it leaves, and what its complaints become."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from ferryman.clients.tools import Programs, ToolClient, ToolOptions
from ferryman.domain.errors import CredentialError, PermanentError, TemporaryError
from ferryman.domain.ports import ChartRepository, Credential

CREDENTIAL = Credential("ann", "hunter22")
REPOSITORIES = [
    ChartRepository("https://charts.example.com", "shop", CREDENTIAL),
    ChartRepository("oci://registry.example.com/charts", "shop", CREDENTIAL),
]


def _client(folder: Path, script: str, timeout: float = 30.0) -> ToolClient:
    """A client whose helm is a shell script."""
    tools = folder / "tools"
    tools.mkdir()
    helm = tools / "helm"
    helm.write_text(f'#!/bin/sh\n[ "$1" = version ] && echo v3.17.2 && exit\n{script}\n')
    helm.chmod(0o755)
    settings = ToolOptions(environment={"NO_PROXY": "here"}, timeout=timeout)
    return ToolClient(folder / "runs", Programs(tools, search=""), settings)


async def test_what_it_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of our environment it sees what it needs, and no password in it or in an argument."""
    monkeypatch.setenv("FERRYMAN_ENCRYPTION_KEY", "ours")
    client = _client(tmp_path, 'env; echo "$@"')
    said = await client.helm(["x"], folder=tmp_path, repositories=REPOSITORIES)
    names = {line.partition("=")[0] for line in said.splitlines() if "=" in line}
    assert names - {"PWD", "SHLVL", "_", "OLDPWD"} == {
        *("PATH", "LC_ALL", "HOME", "TMPDIR", "KUBECONFIG", "NO_PROXY", "GIT_ALLOW_PROTOCOL"),
        *("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"),
        *("HELM_REGISTRY_CONFIG", "HELM_REPOSITORY_CONFIG"),
    }
    assert CREDENTIAL.password not in said


async def test_credentials(tmp_path: Path) -> None:
    """Credentials wait in files of its own, which are gone afterwards."""
    script = 'stat -c %a "$HOME" $HELM_REGISTRY_CONFIG; cat $HELM_REGISTRY_CONFIG; echo; '
    client = _client(tmp_path, script + "cat $HELM_REPOSITORY_CONFIG")
    said = await client.helm(["x"], folder=tmp_path, repositories=REPOSITORIES)
    home, file, logins, repositories = said.splitlines()
    assert (home, file) == ("700", "600")
    assert list(json.loads(logins)["auths"]) == ["registry.example.com"]
    entry = json.loads(repositories)["repositories"][0]
    assert (entry["username"], entry["password"]) == (CREDENTIAL.username, CREDENTIAL.password)
    assert list((tmp_path / "runs").iterdir()) == []
    assert stat.S_IMODE((tmp_path / "runs").stat().st_mode) == 0o700


async def test_leftovers(tmp_path: Path) -> None:
    """What a killed process left behind is removed by the next one."""
    left = tmp_path / "runs" / "run-1"
    left.mkdir(parents=True)
    client = _client(tmp_path, "true")
    await client.helm(["x"], folder=tmp_path)
    assert left.exists()  # it may still be somebody's
    os.utime(left, (0, 0))
    later = ToolClient(client.folder, client.programs, client.options)
    await later.helm(["x"], folder=tmp_path)
    assert not left.exists()


@pytest.mark.parametrize(
    ("says", "error"),
    [
        ("Error: GET https://x: 401 Unauthorized", CredentialError),
        ("Error: dial tcp: connection refused", TemporaryError),
        ("Error: no such chart", PermanentError),
        (
            "WARNING: old\nError: first\nError: no such\n  chart\n\nUse --debug flag x",
            PermanentError,
        ),
        ("", PermanentError),
    ],
)
async def test_complaints(tmp_path: Path, says: str, error: type[Exception]) -> None:
    """Its last words tell whether credentials, time, or a change is needed."""
    client = _client(tmp_path, f"cat >&2 <<'X'\n{says}\nX\nexit 1")
    with pytest.raises(error, match=r"^helm: ") as caught:
        await client.helm(["x"], folder=tmp_path, repositories=REPOSITORIES)
    assert "first" not in str(caught.value)
    assert "debug" not in str(caught.value)


async def test_a_template_may_say_anything(tmp_path: Path) -> None:
    """Without a network, words about one are a template's own."""
    client = _client(tmp_path, "echo 'Error: 401 connection refused' >&2; exit 1")
    with pytest.raises(PermanentError, match="401 connection refused"):
        await client.helm(["x"], folder=tmp_path)


async def test_secrets_in_complaints(tmp_path: Path) -> None:
    """Passwords are masked, alone and in URLs."""
    says = "Error: hunter22 at https://bob:other@example.com/x"
    client = _client(tmp_path, f"echo '{says}' >&2; exit 1")
    with pytest.raises(PermanentError) as caught:
        await client.helm(["x"], folder=tmp_path, repositories=REPOSITORIES)
    assert str(caught.value) == "helm: *** at https://***@example.com/x"


async def test_time(tmp_path: Path) -> None:
    """A run that takes too long is ended."""
    client = _client(tmp_path, "sleep 60", timeout=0.2)
    with pytest.raises(TemporaryError, match=r"did not finish within 0\.2 s"):
        await client.helm(["x"], folder=tmp_path)
