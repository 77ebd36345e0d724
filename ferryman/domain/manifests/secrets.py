"""Secrets and ConfigMaps as people write them. No sentence here shows a value."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, get_args

from ferryman.domain.cloud_keys import cloud_key
from ferryman.domain.errors import InvalidError
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.patterns import compile_regex
from ferryman.domain.secret import CRED_TYPE, REDACTED, CredType

_PLACEHOLDER = re.compile(r"\$\{\w+\}")


def read_secret(data: dict[str, Any], notes: Notes) -> None:
    """Decode `data`, merge `stringData` into it (it wins, as in Kubernetes), check the rest."""
    data.pop("immutable", None)
    encoded, plain = data.pop("data", None) or {}, data.pop("stringData", None) or {}
    values: dict[str, str] = {}
    for section, given in (("data", encoded), ("stringData", plain)):
        if not isinstance(given, dict):
            notes.refuse((section,), "must be a mapping (lines of `key: value`)")
            continue
        for key, value in given.items():
            text = _text(value, section, key, notes)
            if text is not None:
                values[key] = text
                _check_value(text, section, key, notes)
    data["data"] = values
    _check_credential(data, values, notes)


def read_config_map(data: dict[str, Any], notes: Notes) -> None:
    """Refuse what is not text."""
    data.pop("immutable", None)
    if data.pop("binaryData", None):
        notes.refuse(("binaryData",), "is not kept; only text can be: write data")


def _text(value: Any, section: str, key: str, notes: Notes) -> str | None:
    if value is None:
        return ""
    if not isinstance(value, str):
        notes.refuse((section, key), f"is {notes.shown(value)}, not text; put it in quotes")
        return None
    if section == "stringData":
        return value
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        notes.refuse((section, key), "is not text in base64; write plain text under stringData")
        return None


def _check_value(value: str, section: str, key: str, notes: Notes) -> None:
    if value == REDACTED:
        notes.refuse((section, key), "is the mask that `get` shows; write the value itself")
    elif _PLACEHOLDER.search(value):
        notes.warn(
            (section, key),
            "holds a ${PLACEHOLDER}, and apply fills in none; if that is not the value itself, "
            "fill it in (envsubst does) and apply the result",
        )


def _check_credential(data: dict[str, Any], values: dict[str, str], notes: Notes) -> None:
    labels = data["metadata"].get("labels")
    kind = labels.get(CRED_TYPE) if isinstance(labels, dict) else None
    if kind is None:
        return
    if kind not in get_args(CredType):
        known = ", ".join(get_args(CredType))
        notes.refuse(("metadata", "labels", CRED_TYPE), f"is {kind!r}; write one of {known}")
    elif kind != "generic" and not values.get("repoURL"):
        notes.warn(("stringData", "repoURL"), "is missing, so that no repository gets it; write it")
    elif values.get("repoURLIsRegex", "").lower() == "true":
        try:
            compile_regex(values["repoURL"])
        except InvalidError as error:
            notes.refuse(("stringData", "repoURL"), str(error))
    if kind in {"image", "helm"}:
        _check_cloud_key(values, notes)


def _check_cloud_key(values: dict[str, str], notes: Notes) -> None:
    try:
        cloud_key(values)
    except InvalidError as error:
        problem = str(error).removeprefix(f"{error.field}: ")
        notes.warn(("stringData", error.field), f"{problem}; until then it opens nothing")
