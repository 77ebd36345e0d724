"""What a mirror's folder has in it from the first: what git wants, and whose mirror it is.

They are laid out without `git init` (see gitrepository-layout), so that what stands in them is
known to the byte: another `config` could send git elsewhere.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

DAMAGED: Final = "ferryman.damaged"
"""A file of this name in a mirror says that it must be made anew."""

_OF: Final = "ferryman.of"
"""A file with the key of the mirror, so that no other repository can pass for it."""

_FOLDERS: Final = ("objects/info", "objects/pack", "refs/heads", "refs/tags")
_FILES: Final = {
    "HEAD": "ref: refs/heads/main\n",
    "config": "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
}


def lay_out(folder: Path, key: str) -> None:
    """Make an empty folder a mirror of that key, with nothing in it yet."""
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True)
    for name, text in _expected(key).items():
        (folder / name).write_text(text)


def is_sound(folder: Path, key: str) -> bool:
    """Whether a folder is a mirror of that key that nobody found damaged.

    That is what can be seen without git, whatever the mirror's size.
    """
    try:
        return (
            (folder / "objects").is_dir()
            and (folder / "refs").is_dir()
            and not is_marked(folder)
            and all((folder / at).read_bytes() == it.encode() for at, it in _expected(key).items())
        )
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False  # all else, such as too many open files, is not the mirror's fault


def is_marked(folder: Path) -> bool:
    """Whether somebody found the mirror damaged."""
    return (folder / DAMAGED).exists()


def mark_damaged(folder: Path) -> None:
    """Have the mirror made anew when it is next asked for."""
    with suppress(OSError):  # it may be gone altogether
        (folder / DAMAGED).touch()


def _expected(key: str) -> dict[str, str]:
    return {**_FILES, _OF: f"{key}\n"}
