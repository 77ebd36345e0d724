"""Files too large for ruamel.yaml to judge each edit."""

from __future__ import annotations

import pytest

from activities.tools.yaml_edit import Update, update_yaml
from activities.tools.yaml_edit.check import JUDGED
from activities.tools.yaml_edit.event import UnsureError
from activities.tools.yaml_edit.scan import scan
from tests.unit.yaml_edit.oracle import load

pytestmark = pytest.mark.slow

ENTRY = """\
service{number}:
  image: {{repository: ghcr.io/acme/shop, tag: v1}}   # where
  ports:
  - name: http
    port: 80
  notes: |
    first: {number}
    # not a comment
"""
FILE = "".join(ENTRY.format(number=number) for number in range(500))


def test_edited() -> None:
    """Only the value changes, as ruamel.yaml sees it too."""
    assert len(FILE) > JUDGED
    after = update_yaml(FILE.encode(), [Update("service250.ports.0.port", 8080)]).decode()
    entry = ENTRY.format(number=250)
    assert after == FILE.replace(entry, entry.replace("80", "8080"))
    expected = load(FILE)
    expected["service250"]["ports"][0]["port"] = 8080
    assert load(after) == expected


def test_rare_words_cost_time_only() -> None:
    """A large file with something that our scanner leaves to ruamel.yaml is edited too."""
    file = f"{FILE}? complex\n: key\n"
    with pytest.raises(UnsureError):
        scan(file)
    after = update_yaml(file.encode(), [Update("complex", "value")])
    assert after == file.replace(": key\n", ": value\n").encode()
