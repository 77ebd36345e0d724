"""What tables show of commits, images and charts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cli.columns import FREIGHT_WIDE, WAREHOUSE_WIDE, Columns, Facts

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
COMMIT = "1234567890" * 4


def shown(columns: Columns, thing: dict[str, Any]) -> dict[str, str]:
    """The cells of a row, by title."""
    return {title: cell(thing, Facts(NOW)) for title, cell in columns}


def test_freight() -> None:
    """Commits by tag or short id, images by tag, charts by version."""
    freight = {
        "commits": [{"repoURL": "https://g/a", "id": COMMIT}, {"repoURL": "b", "tag": "v1"}],
        "images": [{"repoURL": "web", "tag": "1.0"}],
        "charts": [
            {"repoURL": "https://c", "name": "app", "version": "2"},
            {"repoURL": "oci://c/d", "version": "3"},
        ],
        "artifacts": [{"artifactType": "npm", "subscriptionName": "pad", "version": "1.3"}],
    }
    told = "https://g/a@1234567,b@v1,web:1.0,https://c/app:2,oci://c/d:3,pad@1.3"
    assert shown(FREIGHT_WIDE, freight) == {"CONTENTS": told}


def test_warehouse() -> None:
    """The newest of each subscription, and why there is no Freight, in one line."""
    found = {
        "git": [{"repoURL": "g", "commits": [{"id": COMMIT}]}, {"repoURL": "none"}],
        "images": [{"repoURL": "web", "references": [{"tag": "1.0"}]}],
        "charts": [{"repoURL": "oci://c/d", "versions": ["3", "2"]}],
        "results": [
            {"artifactReferences": [{"subscriptionName": "pad", "version": "1.3"}]},
            {"artifactReferences": []},
        ],
    }
    conditions = [
        {"type": "Healthy", "status": "False", "message": "git none:\n   gone"},
        {"type": "Ready", "status": "False", "message": "git none:\n   gone"},
        {"type": "FreightCreated", "status": "False", "message": "lucky-jaguar"},
    ]
    row = shown(
        WAREHOUSE_WIDE, {"status": {"discoveredArtifacts": found, "conditions": conditions}}
    )
    assert row["NEWEST"] == "g@1234567,web:1.0,oci://c/d:3,pad@1.3"
    assert row["TROUBLE"] == "git none: gone"
