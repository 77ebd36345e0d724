"""Store: everything that is kept, behind one door."""

from __future__ import annotations

from ferryman.storage.database import Database
from ferryman.storage.discoveries import Discoveries
from ferryman.storage.documents import Documents
from ferryman.storage.dues import Dues
from ferryman.storage.events import Events
from ferryman.storage.freight import FreightRecords
from ferryman.storage.freight_removals import FreightRemovals
from ferryman.storage.gates import Gates
from ferryman.storage.lanes import Lanes
from ferryman.storage.logs import Logs
from ferryman.storage.promotions import Promotions
from ferryman.storage.receivers import Receivers
from ferryman.storage.resources import Resources
from ferryman.storage.retries import Retries
from ferryman.storage.rulings import Rulings
from ferryman.storage.settlements import Settlements
from ferryman.storage.sources import SourceRecords
from ferryman.storage.steps import Steps
from ferryman.storage.subscriptions import Subscriptions
from ferryman.storage.tokens import Tokens
from ferryman.storage.vault import Vault
from ferryman.storage.views import Views
from ferryman.storage.webhooks import Webhooks
from ferryman.storage.workers import Workers


class Store:
    """The records over one database; open it once per process, and close it."""

    def __init__(self, database: Database, vault: Vault, *, proof_required: bool = False) -> None:
        self.database = database
        self.events = Events(database)
        self.resources = Resources(database, vault)
        self.freight = FreightRecords(database)
        self.freight_removals = FreightRemovals(database, self.resources, self.freight)
        self.promotions = Promotions(database)
        self.steps = Steps(database, vault)
        self.logs = Logs(database, vault)
        self.tokens = Tokens(database)
        self.workers = Workers(database)
        self.discoveries = Discoveries(database, self.resources)
        self.sources = SourceRecords(database, vault)
        self.documents = Documents(database, vault)
        self.subscriptions = Subscriptions(database)
        self.receivers = Receivers(database, self.resources)
        self.webhooks = Webhooks(database)
        views = Views(self.resources, self.freight)
        self.gates = Gates(database, views, proof_required=proof_required)
        self.dues = Dues(database, views)
        self.lanes = Lanes(database, views)
        self.retries = Retries(database, vault, views)
        self.rulings = Rulings(database, vault, self.resources)
        self.settlements = Settlements(database, self.resources)

    async def close(self) -> None:
        """Give every connection back."""
        await self.documents.close()
        await self.database.close()
