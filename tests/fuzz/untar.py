"""Coverage-guided fuzzing of unpacking: `python -m tests.fuzz.untar`.

It needs `pip install atheris`, which is not in our locks; the tests call the entry without it.
Arguments are libFuzzer's: `-max_total_time=600`, a folder with a corpus, and so on.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from activities.tools.folders import Place
from activities.tools.ignoring import Ignored
from activities.tools.unpacking import LIMITS, unpack
from ferryman.domain.errors import InvalidError
from tests.fuzz import atheris

_SMALL: Final = replace(LIMITS, size=1 << 20, seconds=10)


def stays_within(content: bytes, *, strip: int = 0) -> None:
    """Whatever the bytes, they are refused, or all that comes of them stays in the folder."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        out, archive = folder / "out", folder / "archive"
        out.mkdir()
        archive.write_bytes(content)
        with archive.open("rb") as file:
            try:
                unpack(file, Place(out, ""), strip=strip, ignored=Ignored(None), limits=_SMALL)
            except InvalidError as error:
                assert str(error).startswith("inPath: ")  # noqa: PT017 - either outcome is fine
            else:
                assert all(path.resolve().is_relative_to(out) for path in out.rglob("*"))
        assert {path.name for path in folder.iterdir()} == {"out", "archive"}


if __name__ == "__main__":
    atheris.run(stays_within)
