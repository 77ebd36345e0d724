"""Reading an index.yaml: the usual shape fast, every other shape right."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ferryman.clients.charts.index import read_index
from ferryman.domain.errors import PermanentError

pytestmark = pytest.mark.slow

USUAL = """\
apiVersion: v1
entries:
  # the fleet
  app:
  - apiVersion: v2
    dependencies:
    - name: common
      version: 9.9.9
    description: |
      version: 8.8.8
    version: 1.2.0+build.7
  - version: "1.1.0"
    keywords: [version]
    description: "a long
      version: 7.7.7"
  web-site:
    - name: web-site
      version: 'v2.0.0'   # the newest
  none: []
generated: "2026-01-05T09:00:00Z"
"""
FOUND = {"app": ("1.2.0+build.7", "1.1.0"), "web-site": ("v2.0.0",), "none": ()}


def test_the_usual_shape() -> None:
    """Versions of charts count, not those of dependencies or in texts."""
    assert read_index(USUAL.encode(), source="x") == FOUND
    assert read_index(USUAL.replace("\n", "\r\n").encode(), source="x") == FOUND


def test_json() -> None:
    """An index may be JSON, as Helm reads it."""
    charts = {name: [{"version": v} for v in versions] for name, versions in FOUND.items()}
    assert read_index(json.dumps({"entries": charts}).encode(), source="x") == FOUND


@pytest.mark.parametrize(
    "text",
    [
        "entries: {app: [{version: 1.0.0}]}",
        "entries:\n  app:\n  - {version: 1.0.0}\n",
        "entries:\n  app: &a\n  - version: 1.0.0\n",
        "entries:\n  app:\n  - &a\n    version: 1.0.0\n",
        'entries:\n  app:\n  - "version": 1.0.0\n',
        "entries:\n  app:\n  - version: &v 1.0.0\n",
        "entries:\n  app:\n  -\n    version: 1.0.0\n",
        "entries:\n  ? app\n  : - version: 1.0.0\n",
        "entries:\n  app:\n  - version:\n      1.0.0\n",
        "'entries':\n  app:\n  - version: 1.0.0\n",
    ],
)
def test_other_shapes(text: str) -> None:
    """What is written otherwise is read by a YAML parser."""
    assert read_index(text.encode(), source="x") == {"app": ("1.0.0",)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<html>", "it has no entries"),
        ("{", "neither YAML nor JSON"),
        ("entries: 1", "it has no entries"),
        ("entries: {a: [" + "x" * 2**21, "too large to be read otherwise"),
    ],
)
def test_what_is_no_index(text: str, says: str) -> None:
    """The error names the place, and does not quote what is there."""
    with pytest.raises(PermanentError, match=says) as caught:
        read_index(text.encode(), source="https://charts/index.yaml")
    assert str(caught.value).startswith("https://charts/index.yaml ")


_TEXT = st.text(st.sampled_from("ab:-# \n'\"{}[]|>&*version"), max_size=30)
_CHART = st.fixed_dictionaries(
    {"version": st.sampled_from(["1.0.0", "v2", "1.10", "1.0.0+a.b", "0.1.0-rc.1"])},
    optional={
        "description": _TEXT,
        "keywords": st.lists(_TEXT, max_size=2),
        "dependencies": st.lists(st.fixed_dictionaries({"version": _TEXT}), max_size=2),
        "annotations": st.dictionaries(st.sampled_from(["version", "x"]), _TEXT, max_size=2),
    },
)


@given(
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.lists(_CHART)),
    st.sampled_from([(2, 0), (4, 2)]),
)
@settings(max_examples=60, deadline=None)
def test_as_a_parser_reads_it(
    entries: dict[str, list[dict[str, Any]]], indents: tuple[int, int]
) -> None:
    """Whatever a YAML library writes is read with the versions that were put in."""
    yaml = YAML(typ="rt")
    sequence, offset = indents
    yaml.indent(mapping=2, sequence=sequence, offset=offset)
    written = io.StringIO()
    yaml.dump({"apiVersion": "v1", "entries": entries, "generated": "now"}, written)
    expected = {name: tuple(c["version"] for c in charts) for name, charts in entries.items()}
    assert read_index(written.getvalue().encode(), source="x") == expected
