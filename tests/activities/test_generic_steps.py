"""Steps that use an artifact of a type of one's own."""

from __future__ import annotations

from ferryman.domain.candidate import candidate
from ferryman.domain.findings import together
from ferryman.domain.generic import AnsweredArtifact, discovered
from ferryman.domain.resource import Metadata
from ferryman.domain.warehouse import Warehouse
from tests.activities.conftest import Dock
from tests.activities.test_evaluation import ECHO
from tests.pipelines import NOW, PROJECT, project, stage

VALUE = "${{ artifactFrom('pad').Version }} of ${{ artifactFrom('pad').Metadata.package }}"


async def test_artifact_from(dock: Dock) -> None:
    """`artifactFrom` gives what the Promotion carries, by the subscription's name."""
    dock.kinds["echo"] = ECHO
    app = Warehouse(
        metadata=Metadata(name="app", namespace=PROJECT),
        spec={"subscriptions": [{"name": "pad", "npm": {}}]},
    )
    found = discovered("npm", "pad", [AnsweredArtifact(version="1.3.0", metadata={"package": "p"})])
    freight = candidate(app, together([found], at=NOW))
    dev = stage("dev", steps=[{"uses": "echo", "config": {"value": VALUE}}])
    await dock.crew.declare(project(), app, dev)
    await dock.crew.mint(freight)
    dock.promotion = await dock.crew.promote("dev", freight)
    assert (await dock.crew.admit(dock.promotion)).state == "admitted"
    assert (await dock.run()).status == "Succeeded"
    assert (await dock.record()).output == {"value": "1.3.0 of p"}
