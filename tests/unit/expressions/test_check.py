"""What is found in expressions before they run."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import (
    Code,
    Finding,
    Scope,
    check_config,
    check_expression,
    check_template,
    kargo,
)

SCOPE = Scope(
    variables={
        "ctx": {"stage": None, "targetFreight": {"name": None}},
        "vars": {"repo": None, "tags": None},
        "outputs": {"clone": None},
    },
    functions=kargo.kargo_functions(kargo.World()),
)


def found(source: str, scope: Scope = SCOPE) -> list[tuple[Code, int]]:
    """Check one expression."""
    return [(finding.code, finding.at) for finding in check_expression(source, scope)]


@pytest.mark.parametrize(
    "source",
    [
        "ctx.stage + vars['repo']",
        "vars.tags[0].anything.at.all",
        "outputs.clone.commits['./src']",
        "vars.missing ?? 'default'",
        "vars.missing?.field",
        "outputs.missing?.x ?? 'n/a'",
        "vars.missing == nil or nil != vars.other",
        "missing ?? 1",
        "let x = vars.repo; x + x",
        "map(vars.tags, .name + #.tag)",
        "imageFrom(vars.repo, warehouse('main')).Tag",
        "semverParse(vars.repo).IncMinor().String()",
        "status('clone') == 'Succeeded' and success()",
        "$env.vars == null",
        "date('2024-01-01').Format('2006')",
    ],
)
def test_nothing_to_say(source: str) -> None:
    """What exists, or may be missing because the expression says so, is no finding."""
    assert found(source) == []


@pytest.mark.parametrize(
    ("source", "code", "at"),
    [
        ("vars.repo +", Code.SYNTAX, 11),
        ("1 + 'a'", Code.TYPE, 2),
        ("imageFrom(1)", Code.TYPE, 10),
        ("imageFrom(vars.repo).tag", Code.TYPE, 21),
        ("commitFrom(vars.repo).ID.x", Code.TYPE, 25),
        ("semverParse('1.0.0').Bump()", Code.TYPE, 21),
        ("imagefrom(vars.repo)", Code.UNKNOWN_FUNCTION, 0),
        ("vars.tags | maap(#)", Code.SYNTAX, 17),
        ("var.repo", Code.UNKNOWN_VARIABLE, 0),
        ("vars.rpeo", Code.UNKNOWN_VARIABLE, 5),
        ("vars['rpeo']", Code.UNKNOWN_VARIABLE, 4),
        ("vars.rpeo.x ?? 1", Code.UNKNOWN_VARIABLE, 5),
        ("ctx.targetFreight.nmae", Code.UNKNOWN_VARIABLE, 18),
        ("let x = 1; y", Code.UNKNOWN_VARIABLE, 11),
        ("map(vars.tags, # + sufix)", Code.UNKNOWN_VARIABLE, 19),
        ("vars.tags[indx]", Code.UNKNOWN_VARIABLE, 10),
        ("secrets.slack.token", Code.OLD_FORM, 0),
        ("freightMetadata(ctx.targetFreight.name, 'key')", Code.OLD_FORM, 0),
    ],
)
def test_findings(source: str, code: Code, at: int) -> None:
    """A finding has a kind and a place."""
    assert found(source) == [(code, at)]


def test_several_findings_come_in_order() -> None:
    """All are told at once, in the order of the text."""
    assert found("imagefrom(vars.rpeo) + var.x + upper(1)") == [
        *((Code.UNKNOWN_FUNCTION, 0), (Code.UNKNOWN_VARIABLE, 15)),
        *((Code.UNKNOWN_VARIABLE, 23), (Code.TYPE, 37)),
    ]


def test_a_finding_says_what_was_meant() -> None:
    """With the field, the likely name, and a caret under the spot."""
    [finding] = check_template("a ${{ vars.rpeo }}", SCOPE, field="config.path")
    assert finding == Finding(
        code=Code.UNKNOWN_VARIABLE,
        message="there is no entry 'rpeo'; did you mean 'repo'?",
        field="config.path",
        at=11,
        excerpt="  |  vars.rpeo\n  |       ^",
    )
    assert str(finding).startswith("config.path: there is no entry 'rpeo'")


def test_a_structure_is_checked_throughout() -> None:
    """Every template in it, with the path of its field; keys and plain text are left alone."""
    config = {
        "a": ["${{ vars.repo }}", {"b.c": "${{ upper( }} "}],
        "d": "${{ 1 }} ${{ 2",
        "${{ x": "{{ y }}",
        "quoted": "${{ quote(vars.repo) }} ${% asYAML(vars) %}",
        "n": 5,
    }
    findings = check_config(config, SCOPE, field="config")
    assert [(f.field, f.code, f.at) for f in findings] == [
        *(("config.a[1]['b.c']", Code.SYNTAX, 11), ("config.d", Code.SYNTAX, 9)),
    ]


def test_a_structure_that_never_ends_is_refused() -> None:
    """As when it is rendered."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ExpressionError, match="nested more than 100 deep"):
        check_config(endless, SCOPE)


def test_an_expression_that_was_cut_short_is_explained() -> None:
    """The first closing braces end an expression."""
    [finding] = check_template("${{ {'a': {'b': 1}} }}", SCOPE)
    assert "the first '}}' ends an expression" in finding.message


def test_template_functions_exist_in_templates_only() -> None:
    """`quote` means nothing where no template takes its quotes off."""
    assert check_template("${{ quote(1) }}", SCOPE) == []
    assert found("quote(1)") == [(Code.UNKNOWN_FUNCTION, 0)]


def test_an_open_scope_knows_no_bounds() -> None:
    """Where nothing is known of a variable, nothing in it is missed."""
    assert found("response.body.items[0].id + other", Scope({"response": None})) == [
        (Code.UNKNOWN_VARIABLE, 28)
    ]
