"""Which changed paths make a commit count: `includePaths` and `excludePaths` (Kargo §1.4)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence

from ferryman.domain.patterns import compile_glob, compile_regex

_Test = Callable[[str], bool]


class PathFilter:
    """Accepts a path that some entry includes (none given: any path) and none excludes.

    An entry is a file or folder, or `glob:`, `regex:` or `regexp:` and a pattern. Raises
    `InvalidError` for a bad pattern.
    """

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._include = _tests(include, "includePaths")
        self._exclude = _tests(exclude, "excludePaths")

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self._include or self._exclude)

    def accepts(self, paths: Iterable[str]) -> bool:
        """Whether one of these paths, relative to the root, counts."""
        return any(map(self._accepts, paths))

    def _accepts(self, path: str) -> bool:
        included = not self._include or any(test(path) for test in self._include)
        return included and not any(test(path) for test in self._exclude)


def _tests(entries: Sequence[str], field: str) -> list[_Test]:
    return [_test(entry, f"{field}[{index}]") for index, entry in enumerate(entries)]


def _test(entry: str, field: str) -> _Test:
    kind, _, pattern = entry.partition(":")
    if kind == "glob":
        glob = compile_glob(pattern, field=field)
        return lambda path: glob.search(path) is not None
    if kind in {"regex", "regexp"}:
        regex = compile_regex(pattern, field=field)
        return lambda path: regex.search(path) is not None
    place = posixpath.normpath(f"/{entry}").strip("/")
    return lambda path: not place or path == place or path.startswith(f"{place}/")
