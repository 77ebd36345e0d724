"""What is wrong with expressions is said when a manifest is read, with field, line and caret."""

from __future__ import annotations

import json
from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from ferryman.domain.manifests import Item, load

HEAD = "apiVersion: kargo.akuity.io/v1alpha1\nkind: {}\nmetadata: {{name: it}}\nspec:\n"


def task(spec: str) -> Item:
    """Read a PromotionTask."""
    (item,) = load(HEAD.format("PromotionTask") + indent(dedent(spec), "  ")).items
    return item


def step(expression: str) -> str:
    """Return a template whose second step uses the expression."""
    config = json.dumps({"a": [{"b": expression}]})
    return dedent(f"""\
        vars: [{{name: early, value: "1"}}]
        promotionTemplate:
          spec:
            vars: [{{name: later, value: "${{{{ vars.early }}}}"}}]
            steps:
            - {{uses: git-clone, as: clone}}
            - {{uses: compose-output, vars: [{{name: own, value: x}}], config: {config}}}
            - {{uses: git-push, as: push}}
        """)


def test_the_sentence_names_field_and_line_and_shows_the_place(
    stage: Callable[[str], Item],
) -> None:
    """Object, path, line, what is wrong; under it the expression, and a caret under the spot."""
    item = stage(step("a ${{ 1 + vras.early }}"))
    assert item.resource is None
    (error,) = item.errors
    assert error == (
        "Stage/it: spec.promotionTemplate.spec.steps[1].config.a[0].b (line 12): "
        "there is no variable 'vras'; did you mean 'vars'?\n"
        "  |  1 + vras.early\n"
        "  |      ^"
    )


@pytest.mark.parametrize(
    "expression",
    [
        "${{ vars.early + vars.later + vars.own }}",
        "${{ ctx.targetFreight.origin.name + ctx.meta.promotion.actor }}",
        "${{ outputs.clone.commits['src'] }}",
        "${{ outputs['step-2'] ?? 1 }}",
        "${{ success() && status('clone') == 'Succeeded' }}",
        "${{ imageFrom('a/b', warehouse('w')).Tag }}",
        "${% quote(vars.own) %}",
        "${{ vars.missing ?? 'x' }}",
        "no expression",
    ],
)
def test_what_exists_may_be_named(stage: Callable[[str], Item], expression: str) -> None:
    """Vars of the Stage, the template and the step, the context, outputs of earlier steps."""
    item = stage(step(expression))
    assert (item.errors, item.warnings) == ((), ())


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("${{ 1 + }}", "did not expect the end"),
        ("${{ imageFrom() }}", "too few arguments"),
        ("${{ imagefrom('a') }}", "did you mean 'imageFrom'?"),
        ("${{ vars.earyl }}", "did you mean 'early'?"),
        ("${{ ctx.nmae }}", "there is no entry 'nmae'"),
        ("${{ task.outputs.a }}", "only known in the steps of a PromotionTask"),
        ("${{ item }}", "only known in the steps of a forEach"),
        ("${{ open", "is not closed"),
    ],
)
def test_what_cannot_work_is_refused(
    stage: Callable[[str], Item], expression: str, says: str
) -> None:
    """Syntax, arguments, functions, variables."""
    (error,) = stage(step(expression)).errors
    assert says in error


@pytest.mark.parametrize("alias", ["push", "nobody"])
def test_an_output_that_is_not_there_yet_is_doubtful(
    stage: Callable[[str], Item], alias: str
) -> None:
    """Kargo takes it, and the step would error: a warning."""
    item = stage(step(f"${{{{ outputs.{alias}.commit }}}}"))
    assert item.errors == ()
    assert "no step before this one is called so" in item.warnings[0]


def test_old_secrets_are_read_with_a_warning(stage: Callable[[str], Item]) -> None:
    """It says what to write."""
    item = stage(step("${{ secrets.slack.token }}"))
    assert item.errors == ()
    assert "write secret('name').key for secrets.name.key" in item.warnings[0]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("vars: [{name: a, value: '${{ outputs.x }}'}]", "no step has run yet"),
        ("vars: [{name: a, value: '${{ vars.b }}'}, {name: b}]", "there is no entry 'b'"),
        ("vars: [{name: a, value: '${{ status(1) }}'}]", "only known in a step's if and config"),
        ("verification: {args: [{name: a, value: '${{ outputs.x }}'}]}", "no step has run yet"),
        (
            "promotionTemplate: {spec: {steps: [{uses: fail, if: '${{ nope }}'}]}}",
            "steps[0].if (line 6): there is no variable 'nope'",
        ),
        (
            (
                "promotionTemplate: {spec: {steps: [{uses: fail, "
                "vars: [{name: a, value: '${{ success() }}'}]}]}}"
            ),
            "only known in a step's if and config",
        ),
    ],
)
def test_other_places_have_their_own_names(
    stage: Callable[[str], Item], spec: str, says: str
) -> None:
    """Vars, `if` and verification arguments."""
    (error,) = stage(spec).errors
    assert says in error


@pytest.mark.parametrize(
    ("uses", "config", "good"),
    [
        ("http", {"successExpression": "response.status == 200"}, True),
        ("http", {"successExpression": "response.header('a') == 'b'"}, True),
        ("http", {"successExpression": "reponse.status == 200"}, False),
        ("http", {"successExpression": "response.status == ${{ vars.early }}"}, True),
        ("http", {"outputs": [{"name": "a", "fromExpression": "response.body.x +"}]}, False),
        ("yaml-parse", {"outputs": [{"name": "a", "fromExpression": "image.tag"}]}, True),
        ("yaml-parse", {"outputs": [{"name": "a", "fromExpression": "upper()"}]}, False),
    ],
)
def test_raw_expressions_have_no_delimiters(
    stage: Callable[[str], Item], uses: str, config: dict[str, str], *, good: bool
) -> None:
    """Of http they see the response, of the parsing steps the document."""
    steps = json.dumps([{"uses": uses, "config": config}])
    item = stage(f"vars: [{{name: early}}]\npromotionTemplate: {{spec: {{steps: {steps}}}}}")
    assert bool(item.errors) != good


def test_a_task_knows_its_own_steps_and_is_given_vars() -> None:
    """`task.outputs` of the steps before; a var that it does not declare is a warning."""
    item = task("""\
        vars: [{name: a}]
        steps:
        - {uses: git-push, as: push}
        - {uses: git-clear, config: {path: "${{ task.outputs.push.commit + vars.a }}"}}
        - {uses: git-clear, config: {path: "${{ task.outputs.pull.commit + vars.b }}"}}
        - {uses: git-clear, config: {path: "${{ outputs.anything.at.all }}"}}
        """)
    assert item.errors == ()
    undeclared, unknown = item.warnings
    assert "there is no entry 'b'; known: a; declare it in spec.vars" in undeclared
    assert "there is no entry 'pull'" in unknown


def test_steps_inside_loops_and_groups_are_looked_at(stage: Callable[[str], Item]) -> None:
    """They see `item`, `key` and `index` of a loop, and the vars of what they stand in."""
    item = stage("""\
        promotionTemplate:
          spec:
            steps:
            - as: each
              forEach: "${{ ['a'] }}"
              vars: [{name: v, value: "${{ ctx.stage }}"}]
              steps:
              - uses: git-clear
                config: {path: "${{ item + key + vars.v }}", other: "${{ nope }}"}
            - as: both
              parallel:
              - {uses: git-clear, config: {path: "${{ outputs['each[a]::step-1'] }}"}}
              - {uses: git-clear, config: {path: "${{ item }}"}}
        """)
    first, second = item.errors
    assert "steps[0].steps[0].config.other (line 14): there is no variable 'nope'" in first
    assert "steps[1].parallel[1].config.path (line 18)" in second


@pytest.mark.parametrize(
    ("field", "expression", "good"),
    [
        ("freightCreationCriteria", "imageFrom('a/b').Tag == imageFrom('a/c').Tag", True),
        ("freightCreationCriteria", "imageFrom('a/b').Tag ==", False),
        ("freightCreationCriteria", "ctx.stage == 'x'", False),
        ("expressionFilter", "subject contains 'release' && author != 'bot'", True),
        ("expressionFilter", "tagger == 'x'", False),
    ],
)
def test_warehouses_have_raw_expressions(field: str, expression: str, *, good: bool) -> None:
    """The criteria look at what was discovered, a filter at one commit."""
    git = {"repoURL": "https://g.example/r.git", "branch": "main"}
    spec: dict[str, object] = {"subscriptions": [{"git": git}]}
    if field == "expressionFilter":
        git[field] = expression
    else:
        spec[field] = {"expression": expression}
    text = HEAD.format("Warehouse").replace("spec:\n", f"spec: {json.dumps(spec)}")
    (item,) = load(text).items
    assert bool(item.errors) != good
