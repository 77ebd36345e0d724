"""`ferryman retry`, `skip`, `override`, `logs`, and what `explain` says of several steps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ferryman.domain.step import StepStatus
from ferryman.storage.claims import StepFacts, StepKey
from ferryman.storage.logs import Said
from ferryman.storage.steps import StepEnd
from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.samples import freight

WAITS = StepEnd(StepStatus.RUNNING, message="waits for a Secret")
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def _step(api: LiveApi, name: str, end: StepEnd, number: int = 1) -> None:
    key = StepKey("shop", name, 1, str(number), attempt=1)
    facts = StepFacts(str(number), "clone" if number == 1 else f"step-{number}", "git-clone")
    await api.store.steps.claim(key, facts, worker="w1", now=AT)
    await api.store.logs.append(key, [Said(AT, f"line of {number}")])
    await api.store.steps.end(key, end, now=AT)


@pytest.fixture
def name(shop: Ferryman, api: LiveApi) -> str:
    """A Promotion whose first step waits."""
    assert shop("apply", "-f", "-", stdin=freight("1.0.0", "lucky-jaguar")).code == 0
    said = shop("promote", "--stage", "dev", "--freight", "lucky-jaguar").out
    name = said.removeprefix("promotion.kargo.akuity.io/").partition(" ")[0]
    api.run(api.store.gates.admit("shop", name, now=datetime.now(UTC)))
    api.run(_step(api, name, WAITS))
    api.forget()
    return name


def test_skip_and_override(shop: Ferryman, api: LiveApi, name: str) -> None:
    """A step that waits ends as somebody says, and the Promotion is woken to go on."""
    full = f"promotion.kargo.akuity.io/{name}"
    assert shop("skip", name, "clone").code == 2
    said = shop("skip", name, "clone", "--reason", "not today")
    assert said.out == f"{full}: step clone skipped\n"
    assert api.woken() == [("promotion", "shop", name)]
    again = shop("skip", name, "clone", "--reason", "not today")
    assert (again.code, again.err) == (1, "Error: step clone has ended already: Skipped\n")
    told = shop("explain", "promotion", name).out
    assert 'said: admin skip "not today"' in told


def test_outputs_are_text_or_json(shop: Ferryman, api: LiveApi, name: str) -> None:
    """KEY=VALUE is text, so that versions stay what they are; KEY:=JSON is anything else."""
    given = ("--output", "tag=1.10", "--output", "count:=3")
    said = shop("override", "promotion", name, "clone", *given, "--reason", "by hand")
    assert said.out.endswith("step clone counts as Succeeded\n")
    records = api.run(api.store.steps.recorded("shop", name, 1))
    assert records["1"].output == {"tag": "1.10", "count": 3}
    for wrong in ("tag", "=x", "n:=x"):
        refused = shop("override", name, "clone", "--output", wrong, "--reason", "r")
        assert refused.code == 2, wrong


def test_retry(shop: Ferryman, api: LiveApi, name: str) -> None:
    """What has ended goes again; the table says in which run it is."""
    early = shop("retry", name)
    assert (early.code, "abort it first" in early.err) == (1, True)
    api.run(api.store.settlements.settle("shop", name, now=datetime.now(UTC)))
    api.forget()
    said = shop("retry", "promotion", name, "--from", "clone", "--reason", "the server is back")
    assert said.out == f"promotion.kargo.akuity.io/{name} tried again, run 2\n"
    assert api.woken() == [("promotion", "shop", name)]
    header, row = (
        line.split() for line in shop("get", "promotions", "-o", "wide").out.splitlines()
    )
    assert (header[-1], row[-1]) == ("RUN", "2")
    assert "PromotionRetried" in shop("get", "events").out


def test_skipping_what_has_ended_needs_a_retry(shop: Ferryman, api: LiveApi, name: str) -> None:
    """The sentence says how; with --retry, the Promotion goes on behind the step."""
    api.run(api.store.settlements.settle("shop", name, now=datetime.now(UTC)))
    refused = shop("skip", name, "clone", "--reason", "r")
    assert (refused.code, "with --retry it goes on" in refused.err) == (1, True)
    assert shop("skip", name, "clone", "--reason", "r", "--retry").code == 0
    promotion = api.run(api.store.promotions.get("shop", name))
    assert promotion.status.run == 2


def test_logs(shop: Ferryman, api: LiveApi, name: str) -> None:
    """Of all steps with their names, or of one; followed until it has ended."""
    api.run(_step(api, name, WAITS, number=2))
    lines = [line.split("  ", 1)[1] for line in shop("logs", name).out.splitlines()]
    assert lines == ["clone: line of 1", "step-2: line of 2"]
    assert shop("logs", name, "step-2").out.split("  ", 1)[1] == "line of 2\n"
    assert shop("logs", name, "--run", "2").out == ""
    api.run(api.store.settlements.settle("shop", name, now=datetime.now(UTC)))
    assert shop("logs", name, "1", "-f").out.split("  ", 1)[1] == "line of 1\n"
    unknown = shop("logs", name, "nope")
    assert (unknown.code, "there is no step 'nope'" in unknown.err) == (1, True)
    assert shop("logs", name, "a", "b").code == 2


def test_explain_names_every_running_step(shop: Ferryman, api: LiveApi, name: str) -> None:
    """Two branches that wait are both told."""
    api.run(_step(api, name, StepEnd(StepStatus.RUNNING, message="for a pull request"), number=2))
    told = shop("explain", "promotion", name).out
    assert "runs: git-clone (clone): waits for a Secret" in told
    assert "runs: git-clone (step-2): for a pull request" in told


def test_abort_needs_no_noun(shop: Ferryman, name: str) -> None:
    """`abort NAME` is `abort promotion NAME`."""
    assert shop("abort", name).out == f"promotion.kargo.akuity.io/{name} asked to end\n"
