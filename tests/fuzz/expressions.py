"""Coverage-guided fuzzing of expressions: `python -m tests.fuzz.expressions`.

It needs `pip install atheris`, which is not in our locks; the tests call the entry without it.
Arguments are libFuzzer's: `-max_total_time=600`, a folder with a corpus, and so on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Scope, check_template, evaluate, kargo, render
from tests.fuzz import atheris

VARIABLES: Final = {"vars": {"a": "x", "n": [1, 2.5, None, {"b": "c"}]}, "outputs": {}, "s": "abc"}
ENVIRONMENT: Final = kargo.environment(VARIABLES, kargo.World())
SCOPE: Final = Scope({"vars": None}, kargo.kargo_functions(kargo.World()))


def survives(source: str) -> None:
    """Whatever the text, it is evaluated or refused, as an expression and as a template."""
    template = source if "${" in source else f"${{{{{source}}}}}"
    attempts: tuple[Callable[[], Any], ...] = (
        partial(evaluate, source, ENVIRONMENT),
        partial(render, template, ENVIRONMENT),
    )
    for attempt in attempts:
        error = refusal(attempt)
        assert error is None or "\n  | " in str(error)
    check_template(template, SCOPE)


def refusal(attempt: Callable[[], Any]) -> ExpressionError | None:
    """Return the error that the attempt ended with, if it did."""
    try:
        attempt()
    except ExpressionError as error:
        return error
    return None


if __name__ == "__main__":
    atheris.run(lambda data: survives(data.decode(errors="ignore")))
