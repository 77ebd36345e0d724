"""Which registry the demo runs: the `docker-registry` program, or its own."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path


def registry_command(folder: Path, port: int) -> list[str]:
    """Return the command that serves a registry at 127.0.0.1:`port`.

    `docker-registry` is used where it is installed; it keeps its images, and its settings, in
    `folder`. The demo's own registry keeps its images in memory.
    """
    program = shutil.which("docker-registry")
    if program is None:
        return [sys.executable, "-m", "server.demo.registry", "--port", str(port)]
    config = folder / "registry.yml"
    settings = {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "registry")}},
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    folder.mkdir(parents=True, exist_ok=True)
    config.write_text(json.dumps(settings))  # JSON is YAML, too
    return [program, "serve", str(config)]
