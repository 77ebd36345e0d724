"""Reads an index.yaml: which versions of which charts there are.

An index is written by `helm repo index` or a server, always in one shape, and may have 20 MB, for
which a YAML parser in Python takes a minute. So the usual shape is read line by line, in half a
second: in block style, a key of a mapping is all that can stand in its column. What has another
shape is left to the parser, if it is small.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ferryman.domain.errors import PermanentError

_MOST_PARSED = 2 * 1024 * 1024
"""Bytes that are left to the YAML parser: it takes some five seconds for so many."""

_KEY = re.compile(r"(?P<quote>[\"']?)(?P<name>[\w.-]+)(?P=quote):(?: +#.*| *)")
_EMPTY = re.compile(r"(?P<name>[\w.-]+): *\[\] *")
_DASH = re.compile(r"-( +)")
_PLAIN = re.compile(r"[\w.][\w.+ -]*?(?= *$| +#)", re.ASCII)
_QUOTED = re.compile(r"(?P<quote>[\"'])(?P<text>[\w.+ -]*)(?P=quote)(?: *$| +#)", re.ASCII)


class _UnusualError(Exception):
    """The shape is not the usual one."""


def read_index(content: bytes, *, source: str) -> dict[str, tuple[str, ...]]:
    """Return the versions of each chart, as they are written; `source` names it in errors.

    Raises PermanentError for what is no index, or one of unusual shape that is too large.
    """
    text = content.decode("utf-8", "replace")
    try:
        return _read_lines(text)
    except _UnusualError:
        return _versions(_parsed(text, source), source)


def _read_lines(text: str) -> dict[str, tuple[str, ...]]:
    """Read the usual shape."""
    found: dict[str, list[str]] = {}
    reader: _Chart | None = None
    indent = -1
    for line in _entries(text):
        depth = len(line) - len(line.lstrip(" "))
        if indent < 0:
            indent = depth
        if depth < indent or line[depth] == "\t":
            raise _UnusualError
        if depth > indent or line[depth] == "-":
            if reader is None:
                raise _UnusualError
            reader.read(line, depth)
            continue
        key = _KEY.fullmatch(line, depth) or _EMPTY.fullmatch(line, depth)
        if key is None or key["name"] in found:
            raise _UnusualError
        reader = _Chart(found.setdefault(key["name"], []))
    return {name: tuple(versions) for name, versions in found.items()}


def _entries(text: str) -> Iterator[str]:
    """Yield the lines below `entries:` that are neither empty nor comments."""
    within = seen = False
    for whole in text.split("\n"):
        line = whole.removesuffix("\r")
        bare = line.lstrip(" ")
        if not bare or bare[0] == "#":
            continue
        if len(bare) == len(line):  # a key of the whole document
            if bare.startswith("- ") and within:
                raise _UnusualError
            within = line.rstrip() == "entries:"
            if line.startswith(("{", "%", "&", "entries")) and not within:
                raise _UnusualError
            seen = seen or within
        elif within:
            yield line
    if not seen:
        raise _UnusualError


class _Chart:
    """The list of one chart's versions, read line by line into `versions`."""

    def __init__(self, versions: list[str]) -> None:
        self._versions = versions
        self._dash = -1
        self._column = -1

    def read(self, line: str, depth: int) -> None:
        """Read a line that begins in column `depth`."""
        if self._dash < 0:
            self._dash = depth
        if depth < self._dash:
            raise _UnusualError
        if depth == self._dash:
            dash = _DASH.match(line, depth)
            if dash is None:
                raise _UnusualError
            depth = self._column = dash.end()
        if depth == self._column:
            self._key(line[depth:])

    def _key(self, rest: str) -> None:
        if rest.startswith(("<<", "{", "&", "?", '"', "'")):
            raise _UnusualError
        if rest.startswith("version:"):
            value = rest.removeprefix("version:").strip(" ")
            match = _QUOTED.match(value) or _PLAIN.match(value)
            if match is None:
                raise _UnusualError
            self._versions.append(match.groupdict().get("text") or match[0])


def _parsed(text: str, source: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass  # no JSON, which Helm reads as well
    if len(text) > _MOST_PARSED:
        raise PermanentError(
            f"{source} is not written as `helm repo index` writes it, and at {len(text)} "
            "characters too large to be read otherwise; let Helm write it"
        )
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError):
        raise PermanentError(f"{source} is neither YAML nor JSON; correct repoURL") from None


def _versions(index: Any, source: str) -> dict[str, tuple[str, ...]]:
    entries = index.get("entries") if isinstance(index, Mapping) else None
    if not isinstance(entries, Mapping):
        raise PermanentError(f"{source} is no index of charts: it has no entries; correct repoURL")
    return {
        str(name): tuple(
            str(one["version"])
            for one in versions or ()
            if isinstance(one, Mapping) and "version" in one
        )
        for name, versions in entries.items()
        if isinstance(versions, list)
    }
