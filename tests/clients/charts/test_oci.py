"""Charts in a real OCI registry."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest

from ferryman.clients.charts import HelmCharts
from ferryman.clients.registry import HttpRegistry
from ferryman.domain.errors import CredentialError, NotFoundError
from ferryman.domain.ports import ChartRepository
from tests.servers.chart_repository import push_chart
from tests.servers.registry import CREDENTIAL, running_registry

pytestmark = pytest.mark.servers


async def test_versions(tmp_path: Path) -> None:
    """Tags are versions, with `+` where a tag has `_`; refusals ask for a helm credential."""
    with running_registry(tmp_path, password=True) as running:
        await push_chart(running, "charts/app", "1.0.0")
        await push_chart(running, "charts/app", "1.1.0+build.7")
        url = f"oci://{running.host}/charts/app"
        async with aclosing(HttpRegistry()) as registry, aclosing(HelmCharts(registry)) as charts:
            found = await charts.index(ChartRepository(url, credential=CREDENTIAL))
            assert sorted(found.versions[""]) == ["1.0.0", "1.1.0+build.7"]
            with pytest.raises(CredentialError, match=r"cred-type: helm, repoURL: oci://"):
                await charts.index(ChartRepository(url))
            missing = ChartRepository(url.replace("/app", "/none"), credential=CREDENTIAL)
            with pytest.raises(NotFoundError, match="charts/none does not exist"):
                await charts.index(missing)
