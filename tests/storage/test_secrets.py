"""Secrets: sealed before they are stored, opened by those who have the key."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from ferryman.domain.errors import InvalidError, PermanentError
from ferryman.domain.secret import Secret
from ferryman.domain.step import StepStatus
from ferryman.settings import new_key
from ferryman.storage.database import Database
from ferryman.storage.logs import Said
from ferryman.storage.steps import StepEnd
from ferryman.storage.store import Store
from ferryman.storage.tables import metadata
from ferryman.storage.vault import Vault
from tests.crew import Crew
from tests.pipelines import NOW, PROJECT, freight, project, secret

HUSH = "hunter2-and-then-some"
GIT = secret(username="ferry", password=HUSH)


async def test_a_secret_comes_back(crew: Crew) -> None:
    """Its values and type are as they were; applying it again is no change."""
    typed = GIT.model_copy(update={"type": "kubernetes.io/basic-auth"})
    await crew.declare(project(), typed)
    read = await crew.store.resources.get(Secret, PROJECT, "git")
    assert (read.data, read.type, read.cred_type) == (typed.data, typed.type, "git")
    assert [a.outcome for a in await crew.declare(typed)] == ["unchanged"]
    (applied,) = await crew.declare(typed.model_copy(update={"data": {"password": "new"}}))
    assert (applied.outcome, applied.resource.metadata.generation) == ("configured", 2)


async def test_no_clear_text_in_the_database(line: Crew) -> None:
    """Neither a Secret's values nor a step's config, output, pins or log can be read there."""
    await line.mint(freight(1))
    await line.declare(GIT)
    name = await line.promote("development", freight(1))
    await line.admit(name)
    config, pins = {"token": HUSH}, {"pinned": HUSH}
    end = StepEnd(
        StepStatus.SUCCEEDED, output=[HUSH], config=config, pins=pins, lines=(Said(NOW, HUSH),)
    )
    await line.step(name, end)
    await line.claim(name, number=2)
    await line.store.steps.confirm(line.key(name, number=2), config=config, pins=pins)
    for value in await _everything(line.store.database):
        assert HUSH not in value


async def test_no_clear_text_in_the_file(tmp_path: Path, line: Crew) -> None:
    """Nor in SQLite's files, its log included."""
    await line.declare(GIT)
    assert HUSH.encode() not in _files(tmp_path)


async def test_another_key_opens_nothing(store_url: str, crew: Crew) -> None:
    """A server with the wrong key says so, instead of failing obscurely."""
    await crew.declare(project(), GIT)
    other = Store(Database(store_url), Vault(new_key()))
    with pytest.raises(PermanentError, match="start with the encryption key that this database"):
        await other.resources.get(Secret, PROJECT, "git")
    await other.close()


async def test_keys_are_changed_by_adding_one(store_url: str) -> None:
    """What an older key sealed is opened as long as that key is among them."""
    old, new = new_key(), new_key()
    crew = Crew(Store(Database(store_url), Vault(old)))
    await crew.declare(project(), GIT)
    rotated = Store(Database(store_url), Vault(new, old))
    assert (await rotated.resources.get(Secret, PROJECT, "git")).data == GIT.data
    await crew.store.close()
    await rotated.close()


async def test_repr_and_dump_of_a_redacted_secret() -> None:
    """Nothing that prints a Secret prints its values."""
    assert HUSH not in repr(GIT)
    assert HUSH not in str(GIT.redacted().dump())
    assert GIT.redacted().data["username"] == "ferry"


async def test_errors_do_not_quote_what_was_written(store: Store) -> None:
    """A statement that fails does not carry its parameters into the message."""
    with pytest.raises(Exception, match="nowhere") as failed:
        async with store.database.write() as connection:
            await connection.execute(text("insert into nowhere values (:value)"), {"value": HUSH})
    assert HUSH not in str(failed.value)


def test_a_key_that_is_none() -> None:
    """The message says what a key looks like."""
    with pytest.raises(InvalidError, match="encryption key: is not 32 bytes in URL-safe base64"):
        Vault("not a key")


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def _everything(database: Database) -> list[str]:
    """Every value of every table, as text."""
    found: list[str] = []
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(table.select())).all()
            found.extend(str(value) for row in rows for value in row)
    assert found
    return found
