"""Secrets and ConfigMaps; no sentence shows a value."""

from __future__ import annotations

import base64

import pytest

from ferryman.domain.manifests import Item, dump, load
from ferryman.domain.resource import Resource
from ferryman.domain.secret import REDACTED, ConfigMap, Secret

HIDDEN = "hunter2"


def read(fields: str, cred_type: str = "git") -> Item:
    """Read a Secret."""
    (item,) = load(f"""\
apiVersion: v1
kind: Secret
metadata: {{name: s, namespace: shop, labels: {{kargo.akuity.io/cred-type: {cred_type}}}}}
{fields}
""").items
    return item


def secret(resource: Resource | None) -> Secret:
    """Return it as what it is."""
    assert isinstance(resource, Secret)
    return resource


def test_data_is_decoded_and_string_data_wins() -> None:
    """As in Kubernetes, where stringData is written over data."""
    encoded = base64.b64encode(b"old").decode()
    item = read(f"data: {{password: {encoded}, repoURL: {encoded}}}\nstringData: {{password: new}}")
    assert secret(item.resource).data == {"password": "new", "repoURL": "old"}
    assert secret(item.resource).cred_type == "git"
    assert not item.warnings


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("stringData: {password: 12345}", "stringData.password (line 4): is a number, not text"),
        ("stringData: {password: true}", "is a boolean, not text; put it in quotes"),
        (f"data: {{password: {HIDDEN}!}}", "is not text in base64; write plain text under string"),
        ("data: {password: /w==}", "is not text in base64"),
        (f"data: [{HIDDEN}]", "data (line 4): must be a mapping"),
        (f"password: {HIDDEN}", "password (line 4): there is no such field"),
        (f"type: [{HIDDEN}]", "type (line 4): is a list; write text"),
        (f"stringData: {{password: '{REDACTED}'}}", "is the mask that `get` shows"),
        ("stringData: {repoURL: '(', repoURLIsRegex: 'true'}", "is not a regular expression"),
    ],
)
def test_mistakes_are_told_without_their_values(fields: str, said: str) -> None:
    """The sentence names the key, never what stands there."""
    item = read(fields)
    assert item.resource is None
    assert said in item.errors[0]
    assert HIDDEN not in str(item.errors)
    assert "12345" not in str(item.errors)


def test_a_type_of_credential_that_is_none_is_refused() -> None:
    """A slip there would leave the credential unused for ever."""
    item = read("stringData: {repoURL: x}", cred_type="github")
    assert "is 'github'; write one of git, image, helm, generic" in item.errors[0]


def test_placeholders_are_not_filled_in() -> None:
    """Apply expands nothing, and says that something looks as if it should."""
    item = read("stringData: {repoURL: https://e.com/r, password: '${GITHUB_PAT}'}")
    assert secret(item.resource).data["password"] == "${GITHUB_PAT}"
    assert "stringData.password (line 4): holds a ${PLACEHOLDER}" in item.warnings[0]
    assert "GITHUB_PAT" not in item.warnings[0]


def test_a_credential_for_no_repository_is_told() -> None:
    """Nothing would ever use it; a generic Secret needs none."""
    assert "no repository gets it" in read("stringData: {username: a}").warnings[0]
    assert not read("stringData: {username: a}", cred_type="generic").warnings


def test_values_are_masked_when_written() -> None:
    """Addresses and names are shown, and what is shown cannot be applied by mistake."""
    item = read(f"stringData: {{repoURL: https://e.com/r, username: ann, password: {HIDDEN}}}")
    text = dump([secret(item.resource)])
    assert HIDDEN not in text
    assert "stringData:\n  repoURL: https://e.com/r\n  username: ann\n" in text
    (error,) = load(text).errors
    assert "stringData.password" in error


def test_config_maps_hold_text() -> None:
    """Binary data is not kept, and that is said."""
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\nimmutable: true\n"
    (config,) = load(f"{head}data: {{a: x}}\n").resources
    assert isinstance(config, ConfigMap)
    assert config.data == {"a": "x"}
    assert "data.a (line 5): is 1, which is no text" in load(f"{head}data: {{a: 1}}\n").errors[0]
    assert "is not kept" in load(f"{head}binaryData: {{a: AA==}}\n").errors[0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ("awsAccessKeyID: hunter2", "awsSecretAccessKey"),
        ("gcpServiceAccountKey: hunter2", "gcpServiceAccountKey"),
        ("azureTenantID: hunter2, azureClientSecret: hunter2", "azureClientID"),
    ],
)
def test_a_cloud_key_that_is_not_whole_is_told(fields: str, field: str) -> None:
    """By its field, without its value."""
    text = f"stringData: {{repoURL: x, {fields}}}"
    item = read(text, cred_type="image")
    assert item.resource
    (warning,) = item.warnings
    assert f"stringData.{field}" in warning
    assert "until then it opens nothing" in warning
    assert "hunter2" not in warning
    assert not read(text, cred_type="git").warnings
