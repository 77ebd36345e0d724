"""The OpenAPI document and its page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import httpx
import pytest

from api.app import routed

KARGO = """
POST   /v1beta1/login                                              AdminLogin
POST   /v1beta1/resources                                          CreateResource
PUT    /v1beta1/resources                                          UpdateResource
DELETE /v1beta1/resources                                          DeleteResource
GET    /v1beta1/projects                                           ListProjects
GET    /v1beta1/projects/{project}                                 GetProject
DELETE /v1beta1/projects/{project}                                 DeleteProject
GET    /v1beta1/projects/{project}/config                          GetProjectConfig
DELETE /v1beta1/projects/{project}/config                          DeleteProjectConfig
GET    /v1beta1/projects/{project}/stages                          ListStages
GET    /v1beta1/projects/{project}/stages/{stage}                  GetStage
DELETE /v1beta1/projects/{project}/stages/{stage}                  DeleteStage
POST   /v1beta1/projects/{project}/stages/{stage}/refresh          RefreshStage
POST   /v1beta1/projects/{project}/stages/{stage}/promotions       PromoteToStage
POST   /v1beta1/projects/{project}/stages/{stage}/promotions/downstream PromoteDownstream
GET    /v1beta1/projects/{project}/warehouses                      ListWarehouses
GET    /v1beta1/projects/{project}/warehouses/{warehouse}          GetWarehouse
DELETE /v1beta1/projects/{project}/warehouses/{warehouse}          DeleteWarehouse
POST   /v1beta1/projects/{project}/warehouses/{warehouse}/refresh  RefreshWarehouse
GET    /v1beta1/projects/{project}/freight                         QueryFreightsRest
GET    /v1beta1/projects/{project}/freight/{freight}               GetFreight
DELETE /v1beta1/projects/{project}/freight/{freight}               DeleteFreight
PATCH  /v1beta1/projects/{project}/freight/{freight}/alias         PatchFreightAlias
POST   /v1beta1/projects/{project}/freight/{freight}/approve       ApproveFreight
GET    /v1beta1/projects/{project}/promotions                      ListPromotions
GET    /v1beta1/projects/{project}/promotions/{promotion}          GetPromotion
POST   /v1beta1/projects/{project}/promotions/{promotion}/abort    AbortPromotion
POST   /v1beta1/projects/{project}/promotions/{promotion}/refresh  RefreshPromotion
GET    /v1beta1/projects/{project}/promotion-tasks                 ListPromotionTasks
GET    /v1beta1/projects/{project}/promotion-tasks/{task}          GetPromotionTask
GET    /v1beta1/shared/cluster-promotion-tasks                     ListClusterPromotionTasks
GET    /v1beta1/shared/cluster-promotion-tasks/{task}              GetClusterPromotionTask
GET    /v1beta1/projects/{project}/events                          ListProjectEvents
GET    /v1beta1/projects/{project}/repo-credentials                ListProjectRepoCredentials
GET    /v1beta1/projects/{project}/repo-credentials/{secret}       GetProjectRepoCredentials
GET    /v1beta1/projects/{project}/configmaps                      ListProjectConfigMaps
GET    /v1beta1/projects/{project}/configmaps/{configmap}          GetProjectConfigMap
GET    /v1beta1/system/cluster-config                              GetClusterConfig
DELETE /v1beta1/system/cluster-config                              DeleteClusterConfig
GET    /v1beta1/system/server-version                              GetVersionInfo
GET    /v1beta1/system/public-server-config                        GetPublicConfig
"""

OURS = """
GET    /healthz                                                    Healthz
GET    /v1beta1/steps                                              ListSteps
GET    /v1beta1/shared/subscription-kinds                          ListSubscriptionKinds
GET    /v1beta1/shared/subscription-kinds/{kind}                   GetSubscriptionKind
GET    /v1beta1/steps/{kind}/schema                                GetStepSchema
GET    /v1beta1/projects/{project}/promotions/{promotion}/explain  ExplainPromotion
POST   /v1beta1/projects/{project}/promotions/{promotion}/approve  ApprovePromotion
POST   /v1beta1/projects/{project}/promotions/{promotion}/reject   RejectPromotion
POST   /v1beta1/projects/{project}/promotions/{promotion}/retry    RetryPromotion
GET    /v1beta1/projects/{project}/promotions/{promotion}/logs     GetPromotionLogs
GET    /v1beta1/projects/{project}/promotions/{promotion}/steps/{step}/logs GetPromotionStepLogs
POST   /v1beta1/projects/{project}/promotions/{promotion}/steps/{step}/skip SkipPromotionStep
POST  /v1beta1/projects/{project}/promotions/{promotion}/steps/{step}/override OverridePromotionStep
POST   /v1beta1/projects/{project}/freight                         PickFreight
GET    /v1beta1/projects/{project}/freight/{freight}/diff/{other}  DiffFreight
GET    /v1beta1/projects/{project}/webhooks                        ListWebhooks
GET    /v1beta1/projects/{project}/webhooks/{webhook}              GetWebhook
GET    /v1beta1/projects/{project}/webhook-deliveries              ListWebhookDeliveries
GET    /v1beta1/projects/{project}/promotion-policies              ListPromotionPolicies
GET    /v1beta1/projects/{project}/promotion-policies/{policy}     GetPromotionPolicy
"""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document, which takes a while to write."""
    return routed().openapi()


def test_paths_and_operations_are_kargos_and_ours(document: dict[str, Any]) -> None:
    """Method, path and operation id of everything that is served."""
    served = {
        (method.upper(), path, operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert served == {tuple(line.split()) for line in (KARGO + OURS).strip().splitlines() if line}


def test_every_operation_says_what_it_does_and_needs(document: dict[str, Any]) -> None:
    """A sentence each, and the bearer scheme where a token is needed."""
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["description"].endswith("."), path
            public = path in {"/healthz", "/v1beta1/system/public-server-config"}
            assert ("security" in operation) != public, path


def test_every_reference_in_the_document_resolves(document: dict[str, Any]) -> None:
    """Generators of clients can follow all of them."""
    schemas = document["components"]["schemas"]
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)))
    assert references == {f"#/components/schemas/{name}" for name in schemas}


def test_the_document_can_be_exported(document: dict[str, Any]) -> None:
    """`python -m api --openapi` prints it, and needs no store, no Temporal and no settings."""
    printed = subprocess.run(
        [sys.executable, "-m", "api", "--openapi"],
        capture_output=True,
        text=True,
        check=True,
        env={"FERRYMAN_PORT": "not a port"},
    ).stdout
    assert json.loads(printed) == document


async def test_the_page_loads_nothing_from_elsewhere(stranger: httpx.AsyncClient) -> None:
    """It is one file that reads our own openapi.json, so that it works without internet."""
    page = await stranger.get("/docs")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "https://" not in page.text
    assert "http://" not in page.text
    assert (await stranger.get("/openapi.json")).status_code == 200
    assert (await stranger.get("/")).headers["Location"] == "/docs"
