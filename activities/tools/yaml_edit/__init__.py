"""Byte-exact edits of YAML: single values change, and nothing else in the file does.

::

    edit      update_yaml, read_scalar, read_scalars
    ├── reading      where all nodes stand: by `scan` (ours, fast), else by `parse` (ruamel.yaml)
    │   └── scan         runs the `scanner`, whose parts are `flow` and `block`
    ├── path         from `image.tag` to one of those places
    ├── render       the new value as text; `scalar` knows what readers take a text for
    └── check        reads the result again: did only that value change?
"""

from __future__ import annotations

from activities.tools.updates import Update
from activities.tools.yaml_edit.edit import read_scalar, read_scalars, update_yaml
from activities.tools.yaml_edit.scalar import plain_meaning

__all__ = ["Update", "plain_meaning", "read_scalar", "read_scalars", "update_yaml"]
