"""Byte-exact edits of JSON: single values change or are added, and nothing else in the file does.

::

    edit      update_json
    ├── place     from `image.tag` to the characters that change
    │   ├── scanner   where the entries of an object or list stand
    │   └── layout    how the file writes its entries, for those that are added
    ├── render    the new value as text
    └── check     the standard library's reading of the result: did only that value change? (`load`)
"""

from __future__ import annotations

from activities.tools.json_edit.check import load
from activities.tools.json_edit.edit import update_json

__all__ = ["load", "update_json"]
