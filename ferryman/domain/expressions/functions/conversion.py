"""Functions from one type to another (expr-lang's "Type Conversion Functions")."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from typing import Any, Final

from ferryman.domain.expressions.arithmetic import fit, whole
from ferryman.domain.expressions.coercion import read_json
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import define
from ferryman.domain.expressions.numerals import read_float, read_integer
from ferryman.domain.expressions.values import Context, Struct, adopted, kind_of
from ferryman.domain.expressions.writing import display, to_json


def _type(value: Any) -> str:
    return value.go_type if isinstance(value, Struct) else kind_of(value)


def _int(value: Any) -> int:
    if not isinstance(value, str):
        return whole(value.plain() if isinstance(value, Struct) else value)
    number = read_integer(value)
    if number is None:
        raise Fault("int cannot read the string as a decimal integer")
    return fit(number)


def _as_float(value: Any) -> float:
    if not isinstance(value, str):
        return float(value)
    number = read_float(value)
    if number is None:
        raise Fault("float cannot read the string as a number")
    return number


def _string(context: Context, value: Any) -> str:
    return display(value, context)


def _to_json(context: Context, value: Any) -> str:
    return to_json(value, context, indented=True)


def _from_json(context: Context, text: str) -> Any:
    context.spend(len(text))
    try:
        return adopted(read_json(text), json_numbers=True)
    except ValueError:
        raise Fault("fromJSON cannot read the string as JSON") from None


def _to_base64(text: str) -> str:
    return b64encode(text.encode(errors="replace")).decode()


def _from_base64(text: str) -> str:
    try:
        data = b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Fault("fromBase64 cannot read the string as base64") from None
    return data.decode(errors="replace")


FUNCTIONS: Final = (
    define("type(any) string", _type),
    define("int(int|float|string|duration|month|weekday) int", _int),
    define("float(int|float|string) float", _as_float),
    define("string(any) string", _string, contextual=True),
    define("toJSON(any) string", _to_json, contextual=True),
    define("fromJSON(string) any", _from_json, contextual=True),
    define("toBase64(string) string", _to_base64),
    define("fromBase64(string) string", _from_base64),
)
