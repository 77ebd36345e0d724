"""The expression language of templates: `${{ imageFrom(vars.repo).Tag }}`.

It is expr-lang, as Kargo has it: syntax, operators, built-in functions and predicates of
expr-lang 1.17, and Kargo's functions and type rules (reference §4). Where the two differ from
us on purpose stands in `docs/known-limits.md`. ::

    environment = kargo.environment({"ctx": …, "vars": …, "outputs": …}, world)
    render("stage/${{ ctx.stage }}", environment)           one template
    render_config(step.config, environment, field="config") all templates in a structure
    evaluate("response.status == 200", environment)         an expression without delimiters
    check_config(step.config, scope, field="config")        what is wrong with it already now

Text becomes tokens (`lexer`), these a tree (`parser`, `operands`), which is checked
(`typecheck`), compiled to closures (`compiler`) and kept (`program`). Values are plain data and
structs of ours, so that nothing of Python can be reached; `limits` bound work, depth and size.
Everything raises `ExpressionError`, which shows the expression with a caret and never a value.
"""

from __future__ import annotations

from ferryman.domain.expressions.check import (
    Code,
    Finding,
    Names,
    Scope,
    check_config,
    check_expression,
    check_template,
)
from ferryman.domain.expressions.environment import Environment
from ferryman.domain.expressions.evaluation import evaluate
from ferryman.domain.expressions.function import Function, define
from ferryman.domain.expressions.template import has_expressions, render, render_config

__all__ = [
    "Code",
    "Environment",
    "Finding",
    "Function",
    "Names",
    "Scope",
    "check_config",
    "check_expression",
    "check_template",
    "define",
    "evaluate",
    "has_expressions",
    "render",
    "render_config",
]
