"""Clouds' keys, as Secrets hold them."""

from __future__ import annotations

import base64
import json

import pytest

from ferryman.domain.cloud_keys import AwsKey, AzureKey, GoogleKey, cloud_key
from ferryman.domain.errors import InvalidError

AWS = {"awsAccessKeyID": "AKID", "awsSecretAccessKey": "hunter2", "awsRegion": "eu-west-1"}
AZURE = {"azureTenantID": "shop.dev", "azureClientID": "app", "azureClientSecret": "hunter2"}
ACCOUNT = {"client_email": "a@b", "private_key": "hunter2", "private_key_id": "k", "type": "x"}
FILE = json.dumps(ACCOUNT)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (AWS, AwsKey("AKID", "hunter2")),
        (AZURE, AzureKey("shop.dev", "app", "hunter2")),
        ({"gcpServiceAccountKey": FILE}, GoogleKey("a@b", "hunter2", "k")),
        (
            {"gcpServiceAccountKey": f"{base64.b64encode(FILE.encode()).decode()}\n"},
            GoogleKey("a@b", "hunter2", "k"),
        ),
        ({"username": "ann", "password": "hunter2"}, None),
        ({"awsAccessKeyID": "", "awsSecretAccessKey": ""}, None),
    ],
)
def test_read(data: dict[str, str], key: object) -> None:
    """Kargo's fields are read; what is none of a cloud's is none."""
    assert cloud_key(data) == key
    assert "hunter2" not in repr(cloud_key(data))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (AWS | {"awsSecretAccessKey": " "}, "awsSecretAccessKey"),
        ({"awsSecretAccessKey": "hunter2"}, "awsAccessKeyID"),
        (AZURE | {"azureClientID": ""}, "azureClientID"),
        (AZURE | {"azureTenantID": "../common"}, "azureTenantID"),
        ({"gcpServiceAccountKey": "hunter2"}, "gcpServiceAccountKey"),
        ({"gcpServiceAccountKey": "[]"}, "gcpServiceAccountKey"),
        (
            {"gcpServiceAccountKey": json.dumps(ACCOUNT | {"private_key": 7})},
            "gcpServiceAccountKey",
        ),
        ({"gcpServiceAccountKey": '{"a":' * 100_000}, "gcpServiceAccountKey"),
    ],
)
def test_refused(data: dict[str, str], field: str) -> None:
    """What is missing or wrong is named, and no value is shown."""
    with pytest.raises(InvalidError) as caught:
        cloud_key(data)
    assert caught.value.field == field
    assert "hunter2" not in str(caught.value)
