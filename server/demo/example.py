"""The example that the demo plays: `examples/echo-server`, with this demo's addresses in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ferryman.domain.errors import NotFoundError

PROJECT = "echo-server"
WAREHOUSE = "images"
USER = "ferryman"
"""Who may write to the repository."""

_IMAGE = "127.0.0.1:5000/echo-server"
_REPOSITORY = "http://127.0.0.1:3000/echo-server.git"
_TO_FILL_IN = "password: fill-in"


@dataclass(frozen=True)
class Example:
    """Where the example's image and repository are, here."""

    image: str
    repository: str
    password: str

    def manifests(self) -> Sequence[tuple[str, str]]:
        """Names and texts, in the order in which they are to be applied."""
        found = sorted((example_folder() / "manifests").glob("*.yaml"))
        return [(path.name, self._filled(path.read_text())) for path in found]

    def write_repository(self, folder: Path) -> None:
        """Write what the repository holds in the beginning."""
        source = example_folder() / "repository"
        for path in source.rglob("*"):
            if path.is_file():
                target = folder / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(self._filled(path.read_text()))

    def _filled(self, text: str) -> str:
        text = text.replace(_IMAGE, self.image).replace(_REPOSITORY, self.repository)
        return text.replace(_TO_FILL_IN, f"password: {self.password}")


def example_folder() -> Path:
    """Where the example is: in a checkout, or beside this file in an installed wheel."""
    here = Path(__file__)
    for folder in (here.parents[2] / "examples" / "echo-server", here.with_name("echo-server")):
        if folder.is_dir():
            return folder
    raise NotFoundError("the example echo-server is missing: install Ferryman anew")
