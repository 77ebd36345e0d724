"""The API's page, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.live_api import TOKEN, live_api

pytestmark = pytest.mark.servers

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def page() -> Iterator[Page]:
    """A tab of Chromium."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs the Debian package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser.new_page()
        browser.close()


def test_every_operation_stands_on_the_page_and_nothing_comes_from_elsewhere(
    page: Page, tmp_path: Path
) -> None:
    """The page lists the operations by noun, and works without internet."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with live_api(tmp_path) as api:
        page.goto(f"{api.url}/docs")
        page.get_by_text("/v1beta1/projects/{project}/stages", exact=True).first.wait_for()
        assert page.get_by_role("heading", name="Promotions").count() == 1
        assert all(url.startswith(api.url) for url in asked)
        assert TOKEN not in page.content()
