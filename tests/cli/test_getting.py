"""`ferryman get`: tables as kubectl prints them, and data for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from ruamel.yaml import YAML

from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.samples import AUTO_PROMOTION, POLICY, SECRET, freight, together


def _rows(out: str) -> list[list[str]]:
    return [line.split() for line in out.splitlines()]


def test_stages_have_the_columns_that_people_know(shop: Ferryman) -> None:
    """Three spaces between columns, the last one not padded."""
    lines = shop("get", "stages").out.splitlines()
    assert lines[0] == "NAME   SHARD   CURRENT FREIGHT   HEALTH   PHASE   AGE"
    assert lines[1].startswith("dev" + " " * (len("NAME   SHARD   CURRENT FREIGHT   ") - 3))
    assert all(line == line.rstrip() for line in lines)


def test_freight_and_promotions_have_theirs(shop: Ferryman) -> None:
    """The name is the hash; the alias has a column; a Promotion names Stage and Freight."""
    shop("apply", "-f", "-", stdin=freight("1.0.0", "lucky-jaguar"))
    shop("promote", "--stage", "dev", "--freight-alias", "lucky-jaguar")
    headers, row = _rows(shop("get", "freight").out)
    assert headers == ["NAME", "ALIAS", "ORIGIN", "AGE"]
    assert row[1:3] == ["lucky-jaguar", "Warehouse/images"]
    assert len(row[0]) == 40
    headers, promotion = _rows(shop("get", "promotions").out)
    assert headers == ["NAME", "SHARD", "STAGE", "FREIGHT", "PHASE", "AGE"]
    assert promotion[1:4] == ["dev", row[0], "Pending"]
    wide = _rows(shop("get", "promotions", "-o", "wide").out)[1]
    assert wide[2] == "lucky-jaguar"


def test_projects_and_warehouses_likewise(shop: Ferryman) -> None:
    """Singular and plural are the same."""
    assert _rows(shop("get", "project").out)[0] == ["NAME", "AGE"]
    assert _rows(shop("get", "warehouses").out)[0] == ["NAME", "SHARD", "AGE"]
    wide = shop("get", "warehouse", "-o", "wide").out.splitlines()[0]
    assert wide.split() == ["NAME", "SHARD", "AGE", "LAST", "FREIGHT", "NEWEST", "TROUBLE"]


def test_events_tell_who_and_why(shop: Ferryman) -> None:
    """Oldest first, with reason, object, actor and message; a name narrows to that object."""
    lines = shop("get", "events", "dev").out.splitlines()
    assert lines[0].split("   ")[0] == "LAST SEEN"
    assert len(lines) == 2
    for part in ("Normal", "Created", "stage/dev", "admin", "Stage dev was created"):
        assert part in lines[1]


def test_ages_are_told_by_the_servers_clock(shop: Ferryman, api: LiveApi) -> None:
    """A wrong clock here does not make ages wrong."""
    api.date = datetime.now(UTC) + timedelta(days=3, hours=1, minutes=1)
    assert shop("get", "projects", "--no-headers").out.split() == ["shop", "3d1h"]


def test_programs_get_json_yaml_and_names(shop: Ferryman) -> None:
    """One object alone, several as a List; YAML holds the same."""
    one = json.loads(shop("get", "stage", "dev", "-o", "json").out)
    assert (one["kind"], one["metadata"]["name"]) == ("Stage", "dev")
    listed = json.loads(shop("get", "stages", "-o", "json").out)
    assert (listed["kind"], listed["items"][0]) == ("List", one)
    assert YAML(typ="safe").load(shop("get", "stage", "dev", "-o", "yaml").out) == one
    assert shop("get", "stages", "-o", "name").out.splitlines() == [
        "stage.kargo.akuity.io/dev",
        "stage.kargo.akuity.io/prod",
    ]


def test_what_was_read_can_be_applied(shop: Ferryman) -> None:
    """`get -o yaml` of a Stage, unchanged, changes nothing."""
    text = shop("get", "stage", "dev", "-o", "yaml").out
    assert shop("apply", "-f", "-", stdin=text).out == "stage.kargo.akuity.io/dev unchanged\n"


def test_freight_and_promotions_can_be_narrowed_to_a_stage(shop: Ferryman) -> None:
    """`get freight --stage` is what may enter it now."""
    shop("apply", "-f", "-", stdin=freight("1.0.0", "lucky-jaguar"))
    assert "lucky-jaguar" in shop("get", "freight", "--stage", "dev").out
    said = shop("get", "freight", "--stage", "prod")
    assert (said.code, said.out) == (0, "")
    assert said.err == "There are no freight in project shop.\n"


def test_the_smaller_nouns_can_be_seen(shop: Ferryman) -> None:
    """Policies and credentials, whose values stay where they are."""
    shop("apply", "-f", "-", stdin=together(POLICY, SECRET, AUTO_PROMOTION))
    assert _rows(shop("get", "promotion-policies").out)[1][0] == "ask"
    shown = shop("get", "repo-credentials", "repo", "-o", "yaml").out
    assert "hunter2" not in shown
    assert "username: ferry" in shown


def test_an_unknown_noun_names_those_that_there_are(shop: Ferryman) -> None:
    """Exit code 2."""
    said = shop("get", "pods")
    assert said.code == 2
    assert "there are projects, warehouses, stages" in said.err


def test_names_are_taken_as_names(shop: Ferryman) -> None:
    """A name cannot lead to another path of the API."""
    said = shop("get", "stage", "../warehouses/images")
    assert said.code == 1
    assert "nothing at" in said.err
    assert shop("get", "stage", "..").code == 2


def test_control_characters_do_not_reach_the_terminal(shop: Ferryman) -> None:
    """What somebody wrote into a comment cannot steer the reader's terminal."""
    shop("apply", "-f", "-", stdin=freight("1.0.0", "lucky-jaguar"))
    shop("approve", "freight", "lucky-jaguar", "--stage", "dev", "--comment", "a\x1b[31mb\nc")
    events = shop("get", "events").out
    assert "\x1b" not in events
    assert "[31mb c" in events
