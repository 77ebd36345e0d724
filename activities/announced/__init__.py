"""Steps of Kargo that this release does not run; with their configs, manifests can be checked.

When a step is built, it moves from here to `activities/steps`.
"""

from __future__ import annotations

from typing import Final

from activities.announced import argocd, github_push, http, oci, pull_requests
from activities.announced.announced import Announced

ANNOUNCED: Final[dict[str, Announced]] = {
    announced.kind: announced
    for module in (argocd, pull_requests, github_push, http, oci)
    for announced in module.KINDS
}
