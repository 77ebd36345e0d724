"""`ferryman promote`, `approve`, `reject`, `abort`, `explain`, `refresh`."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from cli import render
from ferryman.domain.promotion import Phase
from ferryman.domain.resource import Condition
from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.promotions import carry
from tests.samples import POLICY, freight, stage, together
from tests.stores import keep, restored


@pytest.fixture
def stocked(shop: Ferryman, api: LiveApi) -> Ferryman:
    """The pipeline with one Freight, and a policy that asks before prod."""
    if not restored(api.store, "stocked"):
        text = together(POLICY, freight("1.0.0", "lucky-jaguar"))
        assert shop("apply", "-f", "-", stdin=text).code == 0
        keep(api.store, "stocked")
    return shop


async def _created(api: LiveApi) -> str:
    """The name of the Promotion, once there is one."""
    return str((await api.nudges.sent.first(lambda nudge: nudge[0] == "promotion"))[2])


async def _looked_at(api: LiveApi, name: str) -> None:
    """Return once the command asks for the Promotion again."""
    await api.requests.first(lambda path: path.endswith(name), after=len(api.requests))


def _promoted(said_out: str) -> str:
    line = said_out.splitlines()[0].removeprefix("promotion.kargo.akuity.io/")
    name, _, rest = line.partition(" ")
    assert rest == "promotion created"
    return name


@pytest.mark.parametrize(
    "by",
    [("--freight-alias", "lucky-jaguar"), ("--freight", "lucky-jaguar"), ("--warehouse", "images")],
)
def test_the_freight_can_be_named_in_three_ways(
    stocked: Ferryman, api: LiveApi, by: tuple[str, str]
) -> None:
    """And the line says which Promotion was created."""
    name = _promoted(stocked("promote", "--stage", "dev", *by).out)
    assert name.startswith("dev.01")
    assert ("promotion", "shop", name) in api.woken()


def test_promote_says_what_it_needs(stocked: Ferryman) -> None:
    """No Freight, two of them, no Stage: exit code 2."""
    for arguments in (
        ("--stage", "dev"),
        ("--stage", "dev", "--freight", "a", "--warehouse", "b"),
        ("--freight", "lucky-jaguar"),
    ):
        assert stocked("promote", *arguments).code == 2


def test_what_may_not_enter_is_said(stocked: Ferryman) -> None:
    """Exit code 1, with every unmet condition."""
    said = stocked("promote", "--stage", "prod", "--freight", "lucky-jaguar")
    assert said.code == 1
    assert "not verified in stage dev" in said.err


def test_waiting_shows_the_steps_and_the_end(stocked: Ferryman, api: LiveApi) -> None:
    """Each step once it ended, then the phase; 0 when it succeeded."""

    async def worker() -> None:
        await carry(api.store, "shop", await _created(api))

    api.begin(worker())
    said = stocked("promote", "--stage", "dev", "--freight", "lucky-jaguar", "--wait")
    lines = said.out.splitlines()
    assert said.code == 0, said.err
    assert any(line.startswith("  git-clone (clone) Succeeded in ") for line in lines)
    assert lines[-1] == f"promotion.kargo.akuity.io/{_promoted(said.out)} Succeeded"


def test_waiting_fails_as_the_promotion_does(stocked: Ferryman, api: LiveApi) -> None:
    """The exit code is 1 and the reason is told, when it did not get there."""
    stocked("approve", "freight", "lucky-jaguar", "--stage", "prod")

    async def worker() -> None:
        name = await _created(api)
        await api.store.gates.admit("shop", name, now=datetime.now(UTC))
        await _looked_at(api, name)
        await _looked_at(api, name)
        await carry(api.store, "shop", name, end=(Phase.FAILED, "rejected by ann: not today"))

    api.begin(worker())
    said = stocked("promote", "--stage", "prod", "--freight", "lucky-jaguar", "--wait")
    assert said.code == 1
    assert "  waits: approval 0 of 1" in said.out
    assert "rejected by ann: not today" in said.err
    assert said.out.endswith(" Failed\n")


def test_waiting_outlives_the_api(
    stocked: Ferryman, api: LiveApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that goes away and comes back is waited for, and that is said once."""
    noticed, note = threading.Event(), render.note

    def noting(text: str) -> None:
        note(text)
        noticed.set()

    async def outage() -> None:
        name = await _created(api)
        await _looked_at(api, name)
        await api.stop()
        await carry(api.store, "shop", name)
        await asyncio.to_thread(noticed.wait, 20)
        await api.start()

    monkeypatch.setattr(render, "note", noting)

    api.begin(outage())
    said = stocked("promote", "--stage", "dev", "--freight", "lucky-jaguar", "--wait")
    assert said.code == 0, said.err
    assert said.err.count("waiting for it") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("freight", "lucky-jaguar", "--stage", "prod"),
        ("--freight", "lucky-jaguar", "--stage", "prod"),
        ("--freight-alias", "lucky-jaguar", "--stage", "prod"),
    ],
)
def test_freight_is_approved_for_a_stage(
    stocked: Ferryman, api: LiveApi, arguments: tuple[str, ...]
) -> None:
    """Our words and Kargo's flags mean the same; the comment is kept."""
    said = stocked("approve", *arguments, "--comment", "hotfix")
    assert said.out.endswith(" approved for stage prod\n")
    kept = api.run(api.store.freight.get("shop", "lucky-jaguar"))
    assert kept.status.approved_for["prod"].comment == "hotfix"


def test_approve_says_what_it_needs(stocked: Ferryman) -> None:
    """Nothing, a name without its kind, no Stage, a Stage too many: exit code 2."""
    for arguments in (
        (),
        ("freight", "lucky-jaguar"),
        ("freight", "lucky-jaguar", "--freight", "x", "--stage", "prod"),
        ("promotion", "x", "--stage", "prod"),
        ("elephant", "x"),
    ):
        assert stocked("approve", *arguments).code == 2


def test_promotions_are_decided_about(stocked: Ferryman) -> None:
    """approve, reject and abort name the Promotion, and explain shows who said what."""
    name = _promoted(stocked("promote", "--stage", "dev", "--freight", "lucky-jaguar").out)
    full = f"promotion.kargo.akuity.io/{name}"
    assert stocked("approve", "promotion", name, "--comment", "ok").out == f"{full} approved\n"
    twice = stocked("approve", "promotion", name)
    assert twice.code == 1
    assert "admin approved it already" in twice.err
    assert stocked("reject", "promotion", name, "--comment", "no").out == f"{full} rejected\n"
    told = stocked("explain", "promotion", name).out.splitlines()
    assert told[0] == f"{name}: Pending"
    assert told[1].startswith("  waits: no worker has taken it up yet")
    assert told[2].startswith('  said: admin approve "ok", ')
    assert "did not count: admin approved it already" in told[3]
    assert told[4].startswith('  said: admin reject "no", ')
    assert stocked("abort", "promotion", name).out == f"{full} asked to end\n"


def test_refreshing_a_stage_and_a_warehouse(shop: Ferryman, api: LiveApi) -> None:
    """Each is woken, and the line says so."""
    assert shop("refresh", "stage", "dev").out == "stage.kargo.akuity.io/dev refreshed\n"
    assert shop("refresh", "warehouse", "images").code == 0
    assert api.woken() == [("stage", "shop", "dev"), ("warehouse", "shop", "images")]
    assert shop("refresh", "promotion", "x").code == 2


def test_waiting_for_a_stage_ends_once_its_lane_has_looked(shop: Ferryman, api: LiveApi) -> None:
    """--wait ends when what the Stage is now has been seen."""

    async def lane() -> None:
        await api.nudges.sent.first(lambda nudge: nudge[0] == "stage")
        await api.store.lanes.decide("shop", "dev", now=datetime.now(UTC))

    api.begin(lane())
    assert shop("refresh", "stage", "dev", "--wait").code == 0


def test_waiting_for_a_discovery_tells_its_trouble(shop: Ferryman, api: LiveApi) -> None:
    """--wait ends with the discovery, and fails as it did."""

    async def discovery(healthy: str) -> None:
        await api.nudges.sent.first(lambda nudge: nudge[0] == "warehouse")
        message = "registry.example does not answer"
        condition = Condition(type="Healthy", status=healthy, reason="Discovery", message=message)
        now = datetime.now(UTC)
        await api.store.discoveries.record(
            "shop", "images", found=None, freight="", conditions=[condition], now=now
        )

    api.begin(discovery("False"))
    said = shop("refresh", "warehouse", "images", "--wait")
    assert said.code == 1
    assert "registry.example does not answer" in said.err
    api.forget()
    api.begin(discovery("True"))
    assert shop("refresh", "warehouse", "images", "--wait").code == 0


def test_to_all_that_come_after(stocked: Ferryman, api: LiveApi) -> None:
    """`--downstream-from` creates a Promotion for each; who does not let it in says why."""
    stocked("apply", "-f", "-", stdin=stage("qa", after="dev"))
    arguments = ("--downstream-from", "dev", "--freight", "lucky-jaguar")
    refused = stocked("promote", *arguments)
    assert refused.code == 1
    assert "not verified in stage dev" in refused.err
    stocked("approve", "freight", "lucky-jaguar", "--stage", "qa")
    some = stocked("promote", *arguments)
    assert (some.code, len(some.out.splitlines())) == (1, 1)
    assert "stage prod: " in some.err
    name = _promoted(stocked("promote", "--stage", "dev", *arguments[2:]).out)
    api.run(carry(api.store, "shop", name))
    done = stocked("promote", *arguments)
    assert (done.code, len(done.out.splitlines())) == (0, 2)


def test_kargos_way_to_abort(stocked: Ferryman) -> None:
    """`promote --name P --abort` is `abort promotion P`."""
    name = _promoted(stocked("promote", "--stage", "dev", "--freight", "lucky-jaguar").out)
    assert stocked("promote", "--name", name, "--abort").out.endswith(" asked to end\n")
    assert stocked("promote", "--name", name).code == 2
    assert stocked("promote", "--abort").code == 2
    assert stocked("promote", "--name", name, "--abort", "--stage", "dev").code == 2
