"""What holds of every update, for the tests and the fuzzer alike."""

from __future__ import annotations

from activities.tools.yaml_edit import Update, update_yaml
from activities.tools.yaml_edit.event import UnsureError
from activities.tools.yaml_edit.parse import parse
from activities.tools.yaml_edit.reading import content
from activities.tools.yaml_edit.scan import scan
from ferryman.domain.errors import InvalidError
from tests.unit.yaml_edit.oracle import facts


def changed_or_refused(before: str, key: str, value: object) -> None:
    """An update changes one scalar, by ruamel.yaml's reading, or is refused by `InvalidError`."""
    try:
        after = update_yaml(before.encode(), [Update(key, value)]).decode()
    except InvalidError:
        return
    was, now = facts(before), facts(after)
    if was is None:
        # ruamel.yaml does not read every tab that YAML allows; we do.
        assert "\t" in before
        return
    assert now is not None
    changed = [(old, new) for old, new in zip(was, now, strict=True) if old != new]
    assert len(changed) <= 1
    for old, new in changed:
        assert old[:3] == new[:3]
        assert new[3] == value or not isinstance(value, str)


def scanner_agrees_or_is_silent(text: str) -> None:
    """Where our scanner answers at all, ruamel.yaml gives the same events at the same places."""
    try:
        scanned, _ = scan(text)
    except UnsureError:
        return
    parsed = parse(text)
    assert [event._replace(value=None) for event in parsed] == scanned
    for ours, theirs in zip(scanned, parsed, strict=True):
        if theirs.value is not None:
            assert content(text, ours) == theirs.value
