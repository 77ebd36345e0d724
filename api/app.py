"""The application: routes over parts that were put together elsewhere."""

from __future__ import annotations

from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse

from api import problems
from api.context import Clock, Context, utc_now
from api.limits import BodyLimit
from api.routes import (
    cluster_config,
    configmaps,
    events,
    freight,
    login,
    policies,
    projects,
    promotion_steps,
    promotions,
    resources,
    secrets,
    stages,
    subscription_kinds,
    system,
    tasks,
    warehouses,
    webhooks,
)
from api.version import VersionHeader
from ferryman import __version__
from ferryman.domain.ports import Nudges
from ferryman.settings import Settings
from ferryman.storage.store import Store

ROUTERS = tuple(
    module.router
    for module in (
        login,
        resources,
        projects,
        warehouses,
        subscription_kinds,
        webhooks,
        freight,
        stages,
        promotions,
        promotion_steps,
        tasks,
        events,
        policies,
        secrets,
        configmaps,
        cluster_config,
        system,
    )
)


def create_app(
    store: Store, nudges: Nudges, settings: Settings, *, now: Clock = utc_now
) -> FastAPI:
    """The API over an open store; who opened it closes it."""
    app = routed()
    app.state.context = Context(store, nudges, settings, now)
    return app


def routed() -> FastAPI:
    """The routes without the parts that answer: enough to describe them."""
    app = FastAPI(
        title="Ferryman",
        version=__version__,
        summary="Carries a release from where it is built to where it runs.",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(VersionHeader)
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/docs", _docs, include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/", _home, include_in_schema=False, response_class=RedirectResponse)
    return app


async def _docs() -> str:
    """The page that shows openapi.json; it loads nothing from elsewhere."""
    return files("api").joinpath("pages", "docs.html").read_text()


async def _home() -> str:
    return "/docs"
