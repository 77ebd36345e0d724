"""Search attributes: what workflows can be found by in the Temporal UI."""

from __future__ import annotations

from temporalio.common import SearchAttributeKey

PROJECT = SearchAttributeKey.for_keyword("FerrymanProject")
STAGE = SearchAttributeKey.for_keyword("FerrymanStage")
WAREHOUSE = SearchAttributeKey.for_keyword("FerrymanWarehouse")
FREIGHT = SearchAttributeKey.for_keyword("FerrymanFreight")
PHASE = SearchAttributeKey.for_keyword("FerrymanPhase")

ALL = (PROJECT, STAGE, WAREHOUSE, FREIGHT, PHASE)
