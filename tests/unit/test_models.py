"""Models: the users' names outside, and conditions that keep their time."""

from __future__ import annotations

from ferryman.domain.model import camel
from ferryman.domain.resource import Condition, with_condition
from tests.pipelines import HOUR, NOW, stage

WELL = Condition(type="Ready", status="True", reason="Well", last_transition_time=NOW)


def test_names_are_the_users() -> None:
    """camelCase, with Kubernetes' capitals in URL and TLS."""
    assert camel("requested_freight") == "requestedFreight"
    assert camel("insecure_skip_tls_verify") == "insecureSkipTLSVerify"
    assert camel("repo_url") == "repoURL"
    assert camel("repo_url_is_regex") == "repoURLIsRegex"
    assert camel("if_") == "if"


def test_reading_what_was_written() -> None:
    """A dump loads again as the same model, and holds no nulls."""
    written = stage("production", "staging", soak="3h").dump()
    assert stage("production").load(written) == stage("production", "staging", soak="3h")
    assert "None" not in str(written)


def test_a_condition_keeps_its_time_until_it_changes() -> None:
    """A new reason is no transition; a new status is."""
    later = NOW + HOUR
    same = WELL.model_copy(update={"reason": "Better", "last_transition_time": later})
    (kept,) = with_condition((WELL,), same)
    assert (kept.reason, kept.last_transition_time) == ("Better", NOW)
    ill = WELL.model_copy(update={"status": "False", "last_transition_time": later})
    assert with_condition((WELL,), ill) == (ill,)


def test_one_condition_of_each_type() -> None:
    """Others stay, in the order of their types."""
    alone = WELL.model_copy(update={"type": "Alone"})
    assert [c.type for c in with_condition((WELL,), alone)] == ["Alone", "Ready"]
