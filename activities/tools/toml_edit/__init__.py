"""Byte-exact edits of TOML: single values change, and nothing else in the file does.

::

    edit      update_toml
    ├── scanner   where every single value stands; `grammar` has the words
    ├── reading   the standard library's reading of the text, and what a key leads to in it
    └── render    the new value as text, in the notation that stands there if it fits
"""

from __future__ import annotations

from activities.tools.toml_edit.edit import update_toml
from activities.tools.toml_edit.reading import load

__all__ = ["load", "update_toml"]
