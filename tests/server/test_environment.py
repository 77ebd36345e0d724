"""Settings reach the children whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from ferryman.settings import Settings
from server.environment import environment


def test_a_child_reads_the_settings_that_its_server_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets, nested values and collections survive the way through the environment."""
    settings = Settings.model_validate(
        {
            "data": tmp_path,
            "port": 1234,
            "admin_token": "s3cret",
            "decisions_need_proof": True,
            "temporal": {"address": "t:1", "api_key": "k3y", "tls_server_ca": tmp_path / "ca"},
            "registry": {"mirrors": {"docker.io": "http://127.0.0.1:5000"}},
            "worker": {"shards": ["eu"], "graceful_shutdown": 7},
        }
    )
    monkeypatch.setenv("FERRYMAN_TEMPORAL__ADDRESS", "elsewhere:1")
    child = environment(settings)
    monkeypatch.delenv("FERRYMAN_TEMPORAL__ADDRESS")
    for name, value in child.items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_a_child_keeps_the_rest_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies, certificates and HOME are the user's to set."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    assert environment(Settings())["HTTPS_PROXY"] == "http://proxy:3128"
