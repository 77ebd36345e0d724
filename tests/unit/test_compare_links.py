"""Links to what changed between two revisions, for the hosts that have such pages."""

from __future__ import annotations

import pytest

from ferryman.domain.compare_links import compare_link

OLD, NEW = "a" * 40, "b" * 40


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://github.com/Acme/shop.git", "https://github.com/Acme/shop/compare/{o}...{n}"),
        ("git@github.com:Acme/shop.git", "https://github.com/Acme/shop/compare/{o}...{n}"),
        (
            "ssh://git@gitlab.example:2222/team/sub/shop/",
            "https://gitlab.example/team/sub/shop/-/compare/{o}...{n}",
        ),
        (
            "http://me:secret@gitea.example:3000/a/b",
            "http://gitea.example:3000/a/b/compare/{o}...{n}",
        ),
        ("https://codeberg.org/a/b.git", "https://codeberg.org/a/b/compare/{o}...{n}"),
        (
            "https://bitbucket.org/team/shop",
            "https://bitbucket.org/team/shop/branches/compare/{n}%0D{o}",
        ),
        (
            "https://bitbucket.example/scm/PR/shop.git",
            (
                "https://bitbucket.example/projects/PR/repos/shop/compare/commits"
                "?sourceBranch={n}&targetBranch={o}"
            ),
        ),
        (
            "https://me@dev.azure.com/org/My%20Project/_git/shop",
            (
                "https://dev.azure.com/org/My%20Project/_git/shop/branchCompare"
                "?baseVersion=GC{o}&targetVersion=GC{n}&_a=commits"
            ),
        ),
        (
            "git@ssh.dev.azure.com:v3/org/project/shop",
            (
                "https://dev.azure.com/org/project/_git/shop/branchCompare"
                "?baseVersion=GC{o}&targetVersion=GC{n}&_a=commits"
            ),
        ),
    ],
)
def test_each_hosts_own_page(url: str, link: str) -> None:
    """From the older to the newer, and never with a user or a password."""
    assert compare_link(url, OLD, NEW) == link.format(o=OLD, n=NEW)


@pytest.mark.parametrize(
    ("url", "before", "after"),
    [
        ("https://git.example/a/b", OLD, NEW),
        ("https://github.com/a/b", OLD, OLD),
        ("https://github.com/a/b", "", NEW),
        ("https://github.com/a/b", OLD, ""),
        ("https://github.com", OLD, NEW),
        ("https://github.com:port/a", OLD, NEW),
        ("https://github.com/a?b", OLD, NEW),
        ("not a url of github", OLD, NEW),
        ("", OLD, NEW),
    ],
)
def test_no_link_is_better_than_a_wrong_one(url: str, before: str, after: str) -> None:
    """Unknown hosts, nothing to compare, and what is no repository."""
    assert compare_link(url, before, after) == ""


def test_what_strangers_write_stays_a_link() -> None:
    """An image's annotation may say anything: what comes of it is an address, quoted."""
    link = compare_link("javascript://github/%0aalert(1)", 'x"onclick=', "<b>")
    assert link.startswith("https://github/")
    assert not set('"<> ') & set(link)
