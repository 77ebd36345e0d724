"""The example: it loads, and nothing of its placeholders is left in the demo's copy."""

from __future__ import annotations

from pathlib import Path

from ferryman.domain.manifests import load_all
from server.demo.example import Example, example_folder

_EXAMPLE = Example(
    image="127.0.0.1:7001/echo-server",
    repository="http://127.0.0.1:7002/echo-server.git",
    password="s3cret",
)


def test_the_manifests_load_without_a_word() -> None:
    """What people copy from has no warning, no error and nothing that is not supported."""
    files = sorted((example_folder() / "manifests").glob("*.yaml"))
    loaded = load_all([(path.name, path.read_text()) for path in files])
    assert [item.about for item in loaded.items] == [
        "Project/echo-server",
        "ProjectConfig/echo-server",
        "Secret/repository",
        "Warehouse/images",
        "Stage/development",
        "Stage/staging",
        "Stage/production",
        "PromotionPolicy/production-asks",
    ]
    assert not [item for item in loaded.items if item.errors or item.warnings or item.unsupported]


def test_the_demo_copies_have_its_addresses(tmp_path: Path) -> None:
    """Ports differ from demo to demo, and the password is a new one each time."""
    _EXAMPLE.write_repository(tmp_path)
    texts = [text for _, text in _EXAMPLE.manifests()]
    texts += [path.read_text() for path in tmp_path.rglob("*.yaml")]
    together = "\n".join(texts)
    for gone in ("127.0.0.1:5000", "127.0.0.1:3000", "fill-in"):
        assert gone not in together
    assert together.count("repository: 127.0.0.1:7001/echo-server") == 3
    assert "password: s3cret" in together
