"""Repositories of Helm charts: which versions of a chart there are.

`client` is the port. OCI repositories are asked through the port `Registry`; for classic ones,
`download` fetches the index and `index` reads it.
"""

from ferryman.clients.charts.client import HelmCharts
from ferryman.clients.charts.options import ChartOptions

__all__ = ["ChartOptions", "HelmCharts"]
