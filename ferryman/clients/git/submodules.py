"""Submodules of a commit: what `.gitmodules` and the tree say of them."""

from __future__ import annotations

from functools import partial

from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.objects import SUBMODULE
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Submodule
from ferryman.domain.urls import without_userinfo

_FILE = ".gitmodules"


async def submodules(mirror: Mirror, commit: str, url: str) -> list[Submodule]:
    """Return the submodules of a commit of the repository at `url`, by path.

    What `.gitmodules` names is one only where the tree has it as one, and the other way round.
    """
    if await in_thread(partial(_pinned, mirror, commit, _FILE)) is None:
        return []
    done = await mirror.commands.local(
        mirror.path, "config", "--null", "--blob", f"{commit}:{_FILE}", "--get-regexp",
        r"^submodule\..*\.(path|url)$", accept=(0, 1),
    )  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for entry in filter(None, done.text.split("\0")):
        key, _, value = entry.partition("\n")
        name, _, field = key.removeprefix("submodule.").rpartition(".")
        found.setdefault(name, {})[field] = value
    named = [(it["path"].strip("/"), it["url"]) for it in found.values() if len(it) == 2]  # noqa: PLR2004 — path and url
    pins = await in_thread(partial(_pins, mirror, commit, [path for path, _ in named]))
    return [
        Submodule(path, resolved(url, theirs), pins[path])
        for path, theirs in sorted(named)
        if path in pins
    ]


def resolved(base: str, url: str) -> str:
    """Return the URL of a submodule, which may be relative to its parent's, as git resolves it.

    Raises `InvalidError` where it leads above the server's root.
    """
    if not url.startswith(("./", "../")):
        return url
    stem, separator, rest = base.rstrip("/"), "/", url
    while rest.startswith(("./", "../")):
        up, _, rest = rest.partition("/")
        if up == "..":
            stem, separator = _parent(stem, url)
    return f"{stem}{separator}{rest}"


def _parent(url: str, relative: str) -> tuple[str, str]:
    """Return what is left without the last part, and the sign that separated them."""
    at = max(url.rfind("/"), -1 if "://" in url else url.rfind(":"))
    if at <= 0 or url[:at].endswith((":", ":/")):
        raise InvalidError(
            f"the submodule's URL {relative!r} leads above {without_userinfo(url)}; "
            f"correct it in {_FILE}",
            field="recurseSubmodules",
        )
    return url[:at], url[at]


def _pins(mirror: Mirror, commit: str, paths: list[str]) -> dict[str, str]:
    with mirror.objects() as objects:
        tree = objects.tree(commit)
        leaves = {path: tree.file(path) for path in paths}
    return {path: leaf.id for path, leaf in leaves.items() if leaf and leaf.mode == SUBMODULE}


def _pinned(mirror: Mirror, commit: str, path: str) -> str | None:
    with mirror.objects() as objects:
        leaf = objects.tree(commit).file(path)
    return leaf.id if leaf and leaf.mode != SUBMODULE else None
