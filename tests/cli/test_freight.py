"""Freight by hand: created, renamed, compared, narrowed and deleted."""

from __future__ import annotations

import json

import pytest
from ruamel.yaml import YAML

from tests.api.discovered import REPO, discovered
from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.promotions import carry
from tests.samples import freight


@pytest.fixture
def yard(shop: Ferryman, api: LiveApi) -> Ferryman:
    """The example pipeline, whose Warehouse has discovered two tags."""
    api.run(discovered(api.store, "1.1.0", "1.0.0"))
    return shop


def test_create(yard: Ferryman) -> None:
    """What is not named is the newest; the same contents change nothing, and that is said."""
    said = yard(
        "create", "freight", "--warehouse", "images", "--image", f"{REPO}:1.0.0", "--alias", "one"
    )
    assert said.code == 0
    name = said.out.split()[0].rpartition("/")[2]
    assert said.out == f"freight.kargo.akuity.io/{name} created (one)\n"
    again = yard(
        "create", "freight", "--warehouse", "images", "--image", f"{REPO}:1.0.0", "--alias", "uno"
    )
    assert again.out == f"freight.kargo.akuity.io/{name} unchanged (one)\n"
    assert "`ferryman update freight one --new-alias uno`" in again.err
    assert " created (" in yard("create", "freight", "--warehouse", "images").out
    assert "1.1.0" in yard("get", "freight", "-o", "wide").out


def test_create_what_is_not_there(yard: Ferryman) -> None:
    """The refusal names what there is."""
    said = yard("create", "freight", "--warehouse", "images", "--image", f"{REPO}:9.9.9")
    assert said.code == 1
    assert f"{REPO}:9.9.9 was not discovered; there are: 1.1.0, 1.0.0" in said.err
    assert yard("create", "freight").code == 2


def test_update(yard: Ferryman) -> None:
    """By name or alias, in Kargo's words too; a taken alias names who has it."""
    yard("apply", "-f", "-", stdin=freight("1.0.0", "one"))
    yard("apply", "-f", "-", stdin=freight("1.1.0", "two"))
    said = yard("update", "freight", "one", "--new-alias", "uno")
    assert said.out.endswith(" is now called uno\n")
    assert yard("update", "freight", "--old-alias", "uno", "--new-alias", "one").code == 0
    taken = yard("update", "freight", "--name", "one", "--new-alias", "two")
    assert taken.code == 1
    assert "two is taken" in taken.err
    assert yard("update", "freight", "--new-alias", "x").code == 2
    assert yard("update", "freight", "one", "--name", "two", "--new-alias", "x").code == 2


def test_delete(yard: Ferryman, api: LiveApi) -> None:
    """What is in use says by whom; the rest goes."""
    yard("apply", "-f", "-", stdin=freight("1.0.0", "one"))
    yard("apply", "-f", "-", stdin=freight("1.1.0", "two"))
    promoted = yard("promote", "--stage", "dev", "--freight-alias", "one").out
    api.run(carry(api.store, "shop", promoted.split()[0].rpartition("/")[2]))
    used = yard("delete", "freight", "one")
    assert used.code == 1
    assert "is in use: stage dev has it" in used.err
    assert yard("delete", "freight", "two").out.endswith(" deleted\n")
    assert yard("delete", "freight", "two").code == 1


def test_diff(yard: Ferryman, api: LiveApi) -> None:
    """A table of versions with links, and the same for programs."""
    for tag, alias in (("1.0.0", "one"), ("1.1.0", "two")):
        yard("apply", "-f", "-", stdin=freight(tag, alias))
    headers, row = yard("diff", "freight", "one", "two").out.splitlines()
    assert headers.split() == ["REPOSITORY", "ONE", "TWO", "CHANGE", "COMPARE"]
    assert row.split() == [
        REPO,
        "1.0.0",
        "1.1.0",
        "changed",
        "https://github.com/acme/shop/compare/r-1.0.0...r-1.1.0",
    ]
    promoted = yard("promote", "--stage", "dev", "--freight-alias", "one").out
    api.run(carry(api.store, "shop", promoted.split()[0].rpartition("/")[2]))
    assert "-   " in yard("diff", "freight", "stage:prod", "stage:dev").out
    told = json.loads(yard("diff", "freight", "stage:dev", "two", "-o", "json").out)
    assert told["before"]["title"] == "stage dev"
    same = yard("diff", "freight", "stage:dev", "two", "-o", "yaml").out
    assert YAML(typ="safe").load(same) == told
    assert yard("diff", "freight", "one", "nothing").code == 1
    assert yard("diff", "stages", "one", "two").code == 2


def test_get_narrowed(yard: Ferryman) -> None:
    """To a Warehouse's, and to the newest few; that there is more is said."""
    for tag in ("1.0.0", "1.1.0"):
        yard("apply", "-f", "-", stdin=freight(tag))
    assert (
        len(yard("get", "freight", "--warehouse", "images", "--no-headers").out.splitlines()) == 2
    )
    assert yard("get", "freight", "--warehouse", "other").out == ""
    few = yard("get", "freight", "--limit", "1", "-o", "wide", "--no-headers")
    assert few.out.count(f"{REPO}:1.1.0") == 1
    assert "1.0.0" not in few.out
    assert few.err == "These are the newest 1; there is more: see --limit.\n"
    assert "more" not in yard("get", "freight", "--limit", "2").err


def test_one_with_its_metadata(yard: Ferryman) -> None:
    """`get freight NAME -o yaml` shows all that is known of it."""
    yard("apply", "-f", "-", stdin=freight("1.0.0", "one"))
    yard("approve", "freight", "one", "--stage", "prod")
    shown = YAML(typ="safe").load(yard("get", "freight", "one", "-o", "yaml").out)
    assert shown["images"][0]["digest"] == "sha256:1.0.0"
    assert list(shown["status"]["approvedFor"]) == ["prod"]
