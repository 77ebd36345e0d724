"""The store, made ready: its key, its schema and its admin."""

from __future__ import annotations

from sqlalchemy import make_url

from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.settings import Settings
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from server.folder import DataFolder
from server.login import admin_token


async def prepared_store(settings: Settings, folder: DataFolder) -> str:
    """Make the key if there is none, migrate, and return the admin's token.

    Raises PermanentError, with what to do, where the store does not answer or cannot be used.
    """
    settings.keys()  # before the children, which would each make their own
    database = Database(settings.store_url())
    try:
        await migrate(database)
        return await admin_token(settings, folder, database)
    except TemporaryError as error:
        where = make_url(settings.store_url()).render_as_string(hide_password=True)
        raise PermanentError(
            f"{error}; is the store {where} there, and may you use it? "
            "Otherwise give another --database-url"
        ) from error
    finally:
        await database.close()
