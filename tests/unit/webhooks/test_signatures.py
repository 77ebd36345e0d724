"""Who does not know the secret is refused, and before the body is read."""

from __future__ import annotations

import pytest

from ferryman.domain.webhooks.delivery import Delivery, RefusedDeliveryError
from ferryman.domain.webhooks.signatures import is_same, is_signed
from tests.unit.webhooks.senders import SECRET, delivery, hexdigest, read

NO_JSON = b"{"
RIGHT = hexdigest(NO_JSON)
WRONG = "0" * 64


def test_a_signature_is_of_these_very_bytes() -> None:
    """One more space makes it wrong; upper case does not."""
    assert is_signed(NO_JSON, SECRET, f"sha256={RIGHT}")
    assert is_signed(NO_JSON, SECRET, f"SHA256={RIGHT.upper()}")
    assert not is_signed(NO_JSON + b" ", SECRET, f"sha256={RIGHT}")
    assert not is_signed(NO_JSON, SECRET, RIGHT)
    assert not is_signed(NO_JSON, SECRET, "")
    assert not is_signed(NO_JSON, SECRET, "sha256=ü")


def test_nothing_is_no_secret() -> None:
    """An empty token does not open what has none."""
    assert is_same("a", "a")
    assert not is_same("", "")


@pytest.mark.parametrize(
    ("kind", "headers", "signature", "prefix"),
    [
        ("github", {"X_GitHub_Event": "push"}, "X_Hub_Signature_256", "sha256="),
        ("gitea", {"X_Gitea_Event": "push"}, "X_Hub_Signature_256", "sha256="),
        ("bitbucket", {"X_Event_Key": "repo:push"}, "X_Hub_Signature", "sha256="),
        ("artifactory", {}, "X_JFrog_Event_Auth", ""),
    ],
)
def test_a_wrong_signature_is_told_before_a_bad_body(
    kind: str, headers: dict[str, str], signature: str, prefix: str
) -> None:
    """401 without one or with another's; with the right one, 400 for what is no JSON."""
    for given in ({}, {signature: prefix + WRONG}):
        assert _refusal(kind, delivery(NO_JSON, **headers, **given)) == 401
    right = {signature: prefix + RIGHT}
    assert _refusal(kind, delivery(NO_JSON, **headers, **right)) == 400


@pytest.mark.parametrize(
    ("kind", "headers", "token"),
    [
        ("gitlab", {"X_Gitlab_Event": "Push Hook"}, "X_Gitlab_Token"),
        ("harbor", {}, "Authorization"),
    ],
)
def test_a_wrong_token_is_told_before_a_bad_body(
    kind: str, headers: dict[str, str], token: str
) -> None:
    """The token is compared as it is; a scheme before it would be another token."""
    for given in ({}, {token: f"Bearer {SECRET}"}):
        assert _refusal(kind, delivery(NO_JSON, **headers, **given)) == 401
    assert _refusal(kind, delivery(NO_JSON, **headers, **{token: SECRET})) == 400


def test_of_gitlab_the_token_comes_before_the_event() -> None:
    """Who has no token does not learn which events there are."""
    assert _refusal("gitlab", delivery({}, X_Gitlab_Event="Issue Hook")) == 401


def _refusal(kind: str, sent: Delivery) -> int:
    with pytest.raises(RefusedDeliveryError) as refused:
        read(kind, sent)
    assert SECRET not in str(refused.value)
    return refused.value.status
