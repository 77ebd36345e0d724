"""The `images` of a kustomization, set byte by byte: nothing else in the file changes.

As `kustomize edit set image` does it, an entry is replaced by what is given for its name (`*`
keeps what it has), and the entries end up sorted by name. Where values alone change, they are
updated in their places. Otherwise entries are taken apart as lines, so that each keeps its own
comments and style. Reading the result again proves that nothing else has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from activities.tools import lenient_yaml
from activities.tools.image_lines import ImageLines, appended
from activities.tools.yaml_edit import Update, update_yaml
from ferryman.domain.errors import InvalidError

KEEP = "*"
"""Stands for what an entry has already."""

_FIELDS = ("newName", "newTag", "digest")

Entry = dict[str, Any]


@dataclass(frozen=True)
class ImageChange:
    """What an entry shall say; "" for a field that it shall not have."""

    name: str
    new_name: str = ""
    new_tag: str = ""
    digest: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """By kustomize's names."""
        return dict(zip(_FIELDS, (self.new_name, self.new_tag, self.digest), strict=True))

    def over(self, entry: Entry) -> Entry:
        """The entry as it shall be."""
        result = {"name": self.name} | entry
        for field, value in self.fields.items():
            if value and value != KEEP:
                result[field] = value
            elif value != KEEP:
                result.pop(field, None)
        return result


def set_images(source: bytes, changes: Sequence[ImageChange]) -> bytes:
    """`source` with every change made.

    Raises InvalidError where it is not a kustomization in YAML, or cannot be edited without
    touching more than its images.
    """
    before = _data(source)
    entries = _entries(before)
    wanted = _merged(entries, changes)
    if wanted == entries:
        return source
    if [(e["name"], e.keys()) for e in wanted] == [(e["name"], e.keys()) for e in entries]:
        result = update_yaml(source, _updates(entries, wanted))
    else:
        result = _rewritten(source, entries, wanted)
    if not _holds(result, before | {"images": wanted}):
        raise InvalidError(
            "its images cannot be set without touching more of the file; write them as a list "
            "with one `- name:` line for each, below a line `images:` of its own",
            field="path",
        )
    return result


def _holds(result: bytes, data: dict[str, Any]) -> bool:
    try:
        return _data(result) == data
    except InvalidError:
        return False


def _merged(entries: Sequence[Entry], changes: Sequence[ImageChange]) -> list[Entry]:
    by_name = {entry["name"]: entry for entry in entries}
    for change in changes:
        by_name[change.name] = change.over(by_name.get(change.name, {}))
    return sorted(by_name.values(), key=lambda entry: str(entry["name"]))


def _updates(entries: Sequence[Entry], wanted: Sequence[Entry]) -> list[Update]:
    return [
        Update(f"images.{place}.{field}", new[field])
        for place, (old, new) in enumerate(zip(entries, wanted, strict=True))
        for field in _FIELDS
        if new.get(field) != old.get(field)
    ]


def _rewritten(source: bytes, entries: Sequence[Entry], wanted: Sequence[Entry]) -> bytes:
    """Lines for each entry, those of old ones kept as far as they can be."""
    text = source.decode()
    lines = ImageLines.find(text, len(entries)) if entries else None
    if lines is None:
        return appended(text, [_fresh(entry, "") for entry in wanted]).encode()
    by_name = {entry["name"]: place for place, entry in enumerate(entries)}
    items = []
    for entry in wanted:
        place = by_name.get(entry["name"])
        if place is None:
            items.append(_fresh(entry, lines.indent))
        elif entry == entries[place]:
            items.append(lines.items[place])
        else:
            items.append(_edited(lines.items[place], entries[place], entry, lines.indent))
    return lines.joined(items).encode()


def _edited(item: str, old: Entry, new: Entry, indent: str) -> str:
    """An entry's lines with fields removed, added and set."""
    if ImageLines.in_brackets(item):
        return _fresh(new, indent)
    for field in old.keys() - new.keys():
        item = ImageLines.without(item, field)
    for field in [field for field in _FIELDS if field in new and field not in old]:
        item = ImageLines.with_field(item, field, indent)
    updates = [Update(f"0.{f}", new[f]) for f in _FIELDS if f in new and new[f] != old.get(f)]
    return update_yaml(item.encode(), updates).decode() if updates else item


def _fresh(entry: Entry, indent: str) -> str:
    """Lines for an entry that is new."""
    lines = "".join(f"{indent}{'  ' if n else '- '}{f}: null\n" for n, f in enumerate(entry))
    updates = [Update(f"0.{field}", value) for field, value in entry.items()]
    return update_yaml(lines.encode(), updates).decode()


def _data(source: bytes) -> dict[str, Any]:
    data = lenient_yaml.read(source, "the kustomization")
    if data is not None and not isinstance(data, dict):
        raise InvalidError("the kustomization is no mapping of fields", field="path")
    return dict(data or {})


def _entries(data: dict[str, Any]) -> list[Entry]:
    images = data.get("images") or []
    if not isinstance(images, list) or not all(isinstance(i, dict) and "name" in i for i in images):
        raise InvalidError("its images are no list of entries with a name", field="path")
    return [dict(image) for image in images]
