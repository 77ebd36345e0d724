"""YAML files laid over one another.

ruamel.yaml's round trip keeps comments, quotes, anchors and order of the first file, and those
of what the later ones bring in whole. Indentation becomes even, and blanks before comments may
change: this is not an edit. If the result does not read as it should, which happens where
mappings with anchors are merged into, the plain data are written, without comments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

from activities.tools.text_files import BYTE_ORDER_MARK, decoded
from activities.tools.yaml_data import read_yaml
from activities.tools.yaml_edit import plain_meaning
from activities.tools.yaml_edit.parse import REFUSALS
from ferryman.domain.errors import InvalidError

_COLLECTIONS: Final = (CommentedMap, CommentedSeq)
_WIDEST: Final = 1 << 30
"""Columns of a line; a shorter one would break lines that are long in the files."""
_STEP: Final = re.compile(r"^[^\s#-][^\n]*:[ ]*\n(?P<indent> +)[^\s#-]", re.MULTILINE)
_DEEPER_LIST: Final = re.compile(r"^(?P<key> *)[^\s#-][^\n]*:[ ]*\n(?P=key)  +- ", re.MULTILINE)


def merge_yaml(sources: Sequence[bytes]) -> bytes:
    """The first documents of all files as one: mappings are joined, anything else is replaced.

    What comes later wins, null included. Files without a document do not count; where no file
    has one, the result is empty, and where one file has, it is that file as it is.

    Raises `InvalidError` where a file is not YAML in UTF-8, or exceeds a limit.
    """
    read = [(source, read_yaml(source)) for source in sources]
    said = [(source, data) for source, data in read if data is not None]
    if len(said) < 2:  # noqa: PLR2004 - nothing to merge
        return said[0][0] if said else b""
    texts = [decoded(source).removeprefix(BYTE_ORDER_MARK) for source, _ in said]
    line_break = "\r\n" if "\r\n" in texts[0] else "\n"
    try:
        wanted = reduce(_joined, (data for _, data in said))
        merged = _with_comments([text.replace("\r\n", "\n") for text in texts], wanted)
        merged = merged or _dumped(_quoted(wanted), texts[0])
    except RecursionError:
        raise InvalidError(
            "the files are nested too deep to be merged; make them flatter"
        ) from None
    return merged.replace("\n", line_break).encode()


def _joined(below: Any, above: Any) -> Any:
    """Plain data over plain data; neither is changed."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    both = {key: _joined(below[key], above[key]) for key in above if key in below}
    return below | above | both


def _with_comments(texts: Sequence[str], wanted: Any) -> str | None:
    """The merged text with its comments, if it reads as `wanted`."""
    try:
        documents = [next(iter(_yaml(text).load_all(text))) for text in texts]
        result = _dumped(reduce(_laid_over, documents), texts[0])
        return result if repr(read_yaml(result.encode())) == repr(wanted) else None
    except (*REFUSALS, AttributeError, InvalidError):
        return None


def _laid_over(below: Any, above: Any) -> Any:
    """ruamel.yaml's data over ruamel.yaml's data; `below` is changed."""
    if not isinstance(below, CommentedMap) or not isinstance(above, CommentedMap):
        return above
    new = [key for key in above if key not in below]
    for key in above:
        if key in below:
            below[key] = _laid_over(below[key], above[key])
    foot = _foot_taken(below) if below and new else ""
    for key in new:
        below[key] = above[key]
    if foot:
        _put_foot(below, foot)
    return below


def _foot_taken(node: Any) -> str:
    """What stands below the last line of `node`: remarks on what follows it. It is removed."""
    owner, key, slot = _last_place(node)
    remarks = owner.ca.items.get(key)
    if not remarks or not remarks[slot]:
        return ""
    beside, _, foot = remarks[slot].value.partition("\n")
    column = remarks[slot].start_mark.column
    remarks[slot] = _remark(f"{beside}\n", column) if beside else None
    return str(foot)


def _put_foot(node: Any, foot: str) -> None:
    owner, key, slot = _last_place(node)
    remarks = owner.ca.items.setdefault(key, [None] * 4)
    beside = remarks[slot]
    remarks[slot] = (
        _remark(beside.value + foot, beside.start_mark.column) if beside else _remark(f"\n{foot}")
    )


def _last_place(node: Any) -> tuple[Any, Any, int]:
    """The innermost collection at the end of `node`, its last key, and the slot for remarks."""
    while True:
        is_list = isinstance(node, CommentedSeq)
        key = len(node) - 1 if is_list else next(reversed(node))
        inside = node[key]
        if not isinstance(inside, _COLLECTIONS) or not inside or inside.fa.flow_style():
            return node, key, 0 if is_list else 2
        node = inside


def _remark(text: str, column: int = 0) -> CommentToken:
    return CommentToken(text, CommentMark(column), None)


def _quoted(data: Any) -> Any:
    """Plain data with quotes around strings that some reader would take for something else."""
    if isinstance(data, dict):
        return {_quoted(key): _quoted(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_quoted(item) for item in data]
    is_disputed = isinstance(data, str) and plain_meaning(data) != data
    return DoubleQuotedScalarString(data) if is_disputed else data


def _dumped(data: Any, like: str) -> str:
    written = StringIO()
    _yaml(like).dump(data, written)
    return written.getvalue()


def _yaml(like: str) -> YAML:
    """A reader and writer that indents as the text `like` does."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = True
    yaml.width = _WIDEST
    step = _STEP.search(like)
    indent = len(step["indent"]) if step else 2
    offset = 2 if _DEEPER_LIST.search(like) else 0
    yaml.indent(mapping=indent, sequence=2 + offset, offset=offset)
    return yaml
