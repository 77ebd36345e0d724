"""Complaints: what does not fit a model, said so that people know what to write."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from itertools import takewhile
from operator import eq
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc, path
from ferryman.domain.manifests.shape import Names, fields, homes, model_at, without_nulls

M = TypeVar("M", bound=BaseModel)

_FORMS = {
    "name": "a letter or _, then letters, digits and _",
    "interval": "a duration such as 30s, 5m or 1h30m",
    "requiredSoakTime": "a duration such as 30m, 24h or 1h30m",
    "platform": "os/architecture, such as linux/amd64",
    "branch": "a branch name",
}
_REPOSITORIES = {
    "image": "a repository without scheme and tag, such as ghcr.io/org/app",
    "git": "https://host/path",
    "chart": "https://host/path or oci://host/path",
}
_SCALARS = (bool, int, float)
_MAPPING = "must be a mapping (lines of `key: value`)"
_LIST = "must be a list (lines that begin with `- `)"
_PLAIN = {
    "missing": "is missing; write it",
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
}
_EXPECTED = {
    "string": "text",
    "bool": "true or false",
    "int": "a whole number",
    "datetime": "a time such as 2026-01-31T12:00:00Z",
    "literal": "{expected}",
    "greater": "at least {ge}",
    "less": "at most {le}",
    "too": "at least one",
}


def build(model: type[M], data: Any, notes: Notes, loc: Loc = ()) -> M | None:
    """Read `data`, which stands at `loc`, as a model; None where `notes` now say why not."""
    try:
        return model.model_validate(without_nulls(data, model), by_alias=True, by_name=False)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            if error["type"] == "too_short" and error["input"]:
                continue  # its entries are bad, and have been complained of
            notes.refuse((*loc, *error["loc"]), sentence(error, model, notes.shown, loc))
    return None


def sentence(
    error: ErrorDetails, model: type[BaseModel], shown: Callable[[Any], str], base: Loc = ()
) -> str:
    """What `model`, which stands at `base`, does not take, and what to write instead."""
    kind, loc = error["type"], error["loc"]
    if kind == "extra_forbidden":
        return _unknown(model, loc, base)
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind in _PLAIN:
        return _PLAIN[kind]
    given = f"is {shown(error['input'])}"
    if kind == "string_type" and isinstance(error["input"], _SCALARS):
        return f"{given}, which is no text; put it in quotes"
    return f"{given}; write {_wanted(error)}"


def _wanted(error: ErrorDetails) -> str:
    kind, loc = error["type"], error["loc"]
    if kind == "string_pattern_mismatch":
        names = [key for key in loc if isinstance(key, str)]
        if names[-1] == "repoURL":
            return _REPOSITORIES.get(names[-2], "a URL") if names[1:] else "https://host/path"
        return _FORMS.get(names[-1], f"what matches {error['ctx']['pattern']}")
    expected = _EXPECTED.get(kind.partition("_")[0])
    return expected.format(**error.get("ctx", {})) if expected else error["msg"].lower()


def _unknown(model: type[BaseModel], loc: Loc, base: Loc) -> str:
    name = str(loc[-1])
    here = model_at(model, loc[:-1])
    known = [field for field in fields(here) if field != "status"] if here else []
    if close := _close(name, known):
        return f"there is no such field; did you mean {close}?"
    elsewhere = _nearest([key for key in loc if isinstance(key, str)], homes(model, name))
    if elsewhere:
        written = [path((*base, *home)) for home in elsewhere]
        return f"there is no such field here; {name} belongs to {' or '.join(written)}"
    return f"there is no such field; there are {', '.join(known)}"


def _close(name: str, known: list[str]) -> str:
    """The field that was probably meant; "" for none."""
    spelled = {field.lower(): field for field in known}
    close = get_close_matches(name.lower(), spelled, 1, 0.72)
    return spelled[close[0]] if close else ""


def _nearest(names: list[str], candidates: list[Names]) -> list[Names]:
    """Those that have the longest way from the root in common with `names`, at most three."""

    def shared(candidate: Names) -> int:
        return sum(1 for _ in takewhile(bool, map(eq, names, candidate)))

    best = max(map(shared, candidates), default=0)
    return [candidate for candidate in candidates if shared(candidate) == best][:3]
