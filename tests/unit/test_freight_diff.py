"""What differs between two Freight, or what two Stages have."""

from __future__ import annotations

from typing import Any

from ferryman.domain.freight import FreightReference
from ferryman.domain.freight_diff import REVISION, SOURCE, Change, compare

HUB = "https://github.com/acme/shop"


def freight(name: str, origin: str = "app", **contents: Any) -> FreightReference:
    """A Freight with that in it."""
    return FreightReference.load({"name": name, "origin": {"name": origin}} | contents)


def image(tag: str, *, repo: str = "registry.example/web", **more: Any) -> dict[str, Any]:
    """An image, by its tag."""
    return {"repoURL": repo, "tag": tag, "digest": f"sha256:{tag}"} | more


def said(changes: tuple[Change, ...]) -> list[tuple[str, str, str, str]]:
    """Each change in short: repository, what, before, after."""
    return [
        (
            change.repo_url or change.name,
            change.change,
            change.before.version if change.before else "",
            change.after.version if change.after else "",
        )
        for change in changes
    ]


def test_repository_by_repository() -> None:
    """Changed, unchanged, added and removed; in the order of kinds and repositories."""
    old = freight(
        "a",
        images=[image("1.0.0"), image("1", repo="registry.example/same")],
        commits=[{"repoURL": "https://git.example/x.git", "id": "c" * 40}],
    )
    new = freight(
        "b",
        images=[image("1.1.0"), image("1", repo="registry.example/same")],
        charts=[{"repoURL": "https://charts.example", "name": "db", "version": "2"}],
        artifacts=[{"subscriptionName": "base", "version": "7"}],
    )
    told = compare("lucky-jaguar", [old], "busy-bee", [new])
    assert said(told.changes) == [
        ("base", "added", "", "7"),
        ("https://charts.example", "added", "", "2"),
        ("https://git.example/x.git", "removed", "c" * 40, ""),
        ("registry.example/same", "unchanged", "1", "1"),
        ("registry.example/web", "changed", "1.0.0", "1.1.0"),
    ]
    assert (told.before.title, told.before.freight) == ("lucky-jaguar", ("a",))
    assert (told.after.title, told.after.freight) == ("busy-bee", ("b",))


def test_another_spelling_is_the_same_repository() -> None:
    """URLs are compared as everywhere; a user in one is not shown."""
    old = freight("a", commits=[{"repoURL": "https://me:pw@git.example/X.git", "id": "1"}])
    new = freight("b", commits=[{"repoURL": "https://me:pw@git.example/x", "id": "2"}])
    (change,) = compare("a", [old], "b", [new]).changes
    assert (change.repo_url, change.change) == ("https://git.example/x", "changed")


def test_the_same_tag_of_another_digest_has_changed() -> None:
    """A tag that was moved is another version."""
    old, new = freight("a", images=[image("1")]), freight("b", images=[image("1", digest="x")])
    (change,) = compare("a", [old], "b", [new]).changes
    assert change.change == "changed"
    assert (change.before and change.before.id, change.after and change.after.id) == (
        "sha256:1",
        "x",
    )


def test_commits_have_links() -> None:
    """To the host's page with all commits in between."""
    old, new = (freight(i, commits=[{"repoURL": HUB, "id": i * 40, "tag": f"v{i}"}]) for i in "12")
    (change,) = compare("a", [old], "b", [new]).changes
    assert change.compare_url == f"{HUB}/compare/{'1' * 40}...{'2' * 40}"


def test_images_have_the_links_of_their_source() -> None:
    """Where their annotations say of which commit they were built, and of the same repository."""

    def built(revision: str, source: str = HUB) -> FreightReference:
        told = {SOURCE: source, REVISION: revision}
        return freight(revision, images=[image(revision, annotations=told)])

    (change,) = compare("a", [built("r1")], "b", [built("r2", f"{HUB}.git")]).changes
    assert change.compare_url == f"{HUB}/compare/r1...r2"
    (moved,) = compare("a", [built("r1")], "b", [built("r2", "https://github.com/o/x")]).changes
    assert moved.compare_url == ""


def test_a_stage_of_several_warehouses() -> None:
    """Beside a Freight only what it has of that origin counts; beside a Stage, each in its own."""
    web, base = (
        freight("w1", "web", images=[image("1")]),
        freight("b1", "base", images=[image("9")]),
    )
    newer = freight("w2", "web", images=[image("2")])
    assert said(compare("stage prod", [web, base], "w2", [newer]).changes) == [
        ("registry.example/web", "changed", "1", "2")
    ]
    both = compare("stage prod", [web, base], "stage dev", [newer, base]).changes
    assert [(c.origin, c.change) for c in both] == [
        ("Warehouse/base", "unchanged"),
        ("Warehouse/web", "changed"),
    ]


def test_a_stage_that_has_nothing() -> None:
    """All is added."""
    told = compare("stage prod", [], "a", [freight("a", images=[image("1")])])
    assert said(told.changes) == [("registry.example/web", "added", "", "1")]
    assert told.before.freight == ()
