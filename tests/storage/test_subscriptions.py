"""Who is subscribed to what: kept beside the Warehouses, and never behind them."""

from __future__ import annotations

from ferryman.domain.webhooks.hits import ArtifactPushed, Hit, RefsPushed, git_sources, oci_sources
from ferryman.domain.webhooks.selecting import Candidate, Selection
from ferryman.storage.store import Store
from ferryman.storage.subscriptions import WarehouseAt
from tests.crew import Crew
from tests.post_office import project, warehouse

SHOP = {"image": {"repoURL": "ghcr.io/acme/shop"}}
DEPLOY = {"git": {"repoURL": "https://git.example/Acme/Deploy.git"}}
CHART = {"chart": {"repoURL": "oci://ghcr.io/acme/shop"}}
PUSHED = ArtifactPushed(oci_sources("ghcr.io/acme/shop"))


async def _names(store: Store, of: str = "shop") -> list[str]:
    return [f"{at.project}/{at.name}" for at in await store.subscriptions.concerned(of, [PUSHED])]


async def test_a_warehouse_is_found_as_long_as_it_subscribes(crew: Crew) -> None:
    """From its first apply, through every change, until it is deleted."""
    crew.project = "shop"
    await crew.declare(project(), warehouse("a", DEPLOY, SHOP), warehouse("b", CHART))
    assert await _names(crew.store) == ["shop/a", "shop/b"]
    await crew.declare(warehouse("a", DEPLOY))
    assert await _names(crew.store) == ["shop/b"]
    await crew.delete("Warehouse", "b")
    assert await _names(crew.store) == []
    await crew.declare(warehouse("b", CHART))
    assert await _names(crew.store) == ["shop/b"]


async def test_projects_are_apart(crew: Crew) -> None:
    """Of one Project, or of all; what goes with a Project is forgotten."""
    await crew.declare(project(), project("depot"))
    await crew.declare(warehouse("a", SHOP), warehouse("b", SHOP, project="depot"))
    assert await _names(crew.store) == ["shop/a"]
    assert await _names(crew.store, "") == ["depot/b", "shop/a"]
    await crew.delete("Project", "depot")
    assert await _names(crew.store, "") == ["shop/a"]


async def test_each_hit_is_asked_of_each_subscription(crew: Crew) -> None:
    """A Warehouse with two is found by either, once; nothing is found by what nobody watches."""
    await crew.declare(project(), warehouse("a", DEPLOY, SHOP))
    moved = RefsPushed(git_sources(["https://git.example/acme/deploy"]), ("refs/heads/main",))
    other = RefsPushed(git_sources(["https://git.example/acme/deploy"]), ("refs/heads/other",))
    cases: list[tuple[list[Hit], int]] = [([moved, PUSHED], 1), ([moved], 1), ([other], 0), ([], 0)]
    for hits, found in cases:
        assert len(await crew.store.subscriptions.concerned("shop", hits)) == found


async def test_what_no_database_takes_is_nobodys(crew: Crew) -> None:
    """A URL of a sender's may hold anything; one that is too long is not indexed."""
    long = {"git": {"repoURL": "https://git.example/" + "a" * 3000}}
    await crew.declare(project(), warehouse("a", long))
    for url in ("nul\0", "\ud800", long["git"]["repoURL"], "'; drop table subscription"):
        hit = RefsPushed(git_sources([url]))
        assert await crew.store.subscriptions.concerned("shop", [hit]) == []


async def test_selecting_sees_names_labels_and_urls(crew: Crew) -> None:
    """Also Warehouses that are subscribed to nothing with a URL."""
    generic = {"crane": {"config": {}}, "name": "c"}
    await crew.declare(project(), warehouse("a", DEPLOY, SHOP), warehouse("b", generic))
    seen: dict[str, frozenset[str]] = {}

    def look(candidate: Candidate) -> bool:
        seen[candidate.name] = candidate.urls
        return True

    found = await crew.store.subscriptions.selected("shop", Selection((look,)))
    assert found == [WarehouseAt("shop", "a"), WarehouseAt("shop", "b")]
    assert seen == {"a": {"https://git.example/acme/deploy", "ghcr.io/acme/shop"}, "b": set()}
