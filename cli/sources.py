"""Sources: manifests from files, folders and standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cli.failures import CommandError, UsageError

MEDIA_TYPE = "application/vnd.ferryman.manifests+json"
"""Several files with their names, so that the server's sentences can name them."""
STDIN = "-"
_SUFFIXES = {".yaml", ".yml", ".json"}


def manifests(names: Iterable[str], *, recursive: bool) -> dict[str, Any]:
    """The body that applies or deletes what the files hold; a folder's in order of their names.

    Raises UsageError for what is not there, CommandError for what cannot be read.
    """
    files = [
        {"source": source, "text": text}
        for name in names
        for source, text in _read(name, recursive=recursive)
    ]
    return {"manifests": files}


def _read(name: str, *, recursive: bool) -> Iterator[tuple[str, str]]:
    if name == STDIN:
        yield "stdin", sys.stdin.read()
        return
    path = Path(name)
    if path.is_dir():
        found = _in_folder(path, recursive=recursive)
        if not found:
            advice = "" if recursive else "; -R looks into folders inside it too"
            raise UsageError(f"{name} holds no file that ends in .yaml, .yml or .json{advice}")
        for file in found:
            yield str(file), _text(file)
    elif path.exists():
        yield name, _text(path)
    else:
        raise UsageError(f"there is no file or folder {name}")


def _in_folder(folder: Path, *, recursive: bool) -> list[Path]:
    every = folder.rglob("*") if recursive else folder.iterdir()
    return sorted(path for path in every if path.suffix in _SUFFIXES and path.is_file())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not text in UTF-8: save it so") from None
