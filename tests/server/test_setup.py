"""Setup: once before the parts run alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ferryman.domain.errors import TemporaryError
from ferryman.settings import Settings, TemporalSettings
from ferryman.storage.database import Database
from ferryman.storage.tokens import Tokens
from server import setup
from server.folder import opened
from server.ports import LOOPBACK
from server.program import kept
from server.setup import set_up
from server.temporal import embedded_address, temporal_program
from starter.connection import connect
from tests.ports import fresh_port
from workflows import attributes


async def test_setup_makes_the_schema_the_admin_and_the_search_attributes(tmp_path: Path) -> None:
    """Afterwards API and worker find all they need; a second time changes nothing."""
    usual = Settings(data=tmp_path, temporal_port=fresh_port(), temporal_ui_port=fresh_port())
    given = {"temporal": embedded_address(usual), "admin_token": "t0ken"}
    settings = Settings.model_validate(usual.model_dump() | given)
    with opened(tmp_path / "temporal") as folder:
        async with kept(temporal_program(usual, folder), folder, print) as ready:
            await ready
            await set_up(settings)
            await set_up(settings)
            client = await connect(settings.temporal)
            found = [w async for w in client.list_workflows(f"{attributes.STAGE.name} = 'dev'")]
            assert not found
    database = Database(settings.store_url())
    assert (await Tokens(database).actor("t0ken")).admin
    await database.close()


async def test_setup_gives_up_on_a_temporal_that_stays_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for, but not for ever."""
    monkeypatch.setattr(setup, "_PATIENCE", 0)
    temporal = TemporalSettings(address=f"{LOOPBACK}:{fresh_port()}")
    with pytest.raises(TemporaryError, match="does not answer"):
        await set_up(Settings(data=tmp_path, temporal=temporal))
