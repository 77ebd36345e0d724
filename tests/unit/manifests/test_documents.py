"""YAML text → documents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.domain.errors import InvalidError
from ferryman.domain.manifests.documents import MAX_CHARACTERS, MAX_DEPTH, documents

YAML_PIECES = (
    *("a", "1", ":", " ", "\n", "- ", "? ", "[", "]", "{", "}", ",", "&a", "*a", "!!int ", "!t "),
    *("<<: ", "|", ">", "'", '"', "%YAML 1.1\n", "%YAML 9.9\n", "---\n", "...\n", "#", "0x", "é"),
    *("1e5", ".nan", "\t", "\\u12", "\r", "\x85", "\ufeff", "@", "!!float nan", "2001-01-01"),
)


def test_each_document_knows_the_lines_of_its_fields() -> None:
    """Every field has the line of its key, also in the second document."""
    first, second = documents("a: 1\n---\nb:\n- c: 2\n  d: 3\n")
    assert (first.data, first.line(("a",))) == ({"a": 1}, 1)
    assert second.data == {"b": [{"c": 2, "d": 3}]}
    assert [second.line(loc) for loc in [(), ("b",), ("b", 0, "d")]] == [3, 3, 5]
    assert second.line(("b", 0, "missing", "below")) == 4
    assert second.where("x.yaml") == "x.yaml:3"


def test_empty_documents_are_passed_over() -> None:
    """A separator too many, or a comment alone, is no document."""
    assert list(documents("---\n# nothing\n---\n")) == []


def test_timestamps_and_keys_stay_text() -> None:
    """As in JSON, there are no dates, and keys are text."""
    (document,) = documents("at: 2026-01-31T12:00:00Z\n1: x\non: y\n")
    assert document.data == {"at": "2026-01-31T12:00:00Z", "1": "x", "on": "y"}


def test_merges_and_aliases_expand() -> None:
    """`<<` brings in what is not given beside it, and of several the first one holds."""
    text = "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b], y: 3}\nd: *a\n"
    (document,) = documents(text)
    assert document.data["c"] == {"x": 1, "y": 3, "z": 2}
    assert document.data["d"] == {"x": 1, "y": 1}


def test_a_key_given_twice_is_told() -> None:
    """The last one holds, as for kubectl, and the lines of both are named."""
    (document,) = documents("a: 1\nb: 2\na: 3\n")
    assert document.data == {"a": 3, "b": 2}
    assert document.warnings == (
        (("a",), "is given twice (lines 1 and 3); the last one holds: remove the other"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c\n", "x.yaml:1:5: not YAML: mapping values are not allowed here"),
        ("a: [1\n", "x.yaml:2:1: not YAML: "),
        ("a: *b\n", "x.yaml:1:4: not YAML: an alias (*…) that nothing defines"),
        ("a: \x00\n", "x.yaml:1:4: not YAML: a character that YAML does not allow"),
        ("a: !python/object x\n", "x.yaml:1:4: a tag (!…) is not read"),
        ("? [a]\n: b\n", "x.yaml:1:3: a key must be text"),
        (
            "a: {{ .Values.name }}\n",
            "a key must be text; if this is a Helm template, render it first",
        ),
        ("mode: 0644\n", "x.yaml:1:7: not every reader takes this for the same value"),
        ("a: .inf\n", "x.yaml:1:4: not every reader"),
        ("a: 1e999\n", "x.yaml:1:4: not every reader"),
        ("a: {{ .Values.a }}-b\n", "not YAML: expected <block end>"),
        ("a: {{ .Values.a }}-b\n", "if this is a Helm template, render it first"),
        ("%YAML 9.9\n---\na: 1\n", "not YAML: found incompatible YAML document"),
        ("<<: 1\n", "<< takes a mapping"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, said: str) -> None:
    """Line, column and what to do."""
    with pytest.raises(InvalidError) as error:
        list(documents(text, "x.yaml"))
    assert said in str(error.value)


def test_a_text_without_a_name_says_line_and_column() -> None:
    """Input from a pipe has no name to put before the line."""
    with pytest.raises(InvalidError, match=r"^line 1, column 5: not YAML"):
        list(documents("a: b: c\n"))


@pytest.mark.parametrize("text", ["password: *hunter2\n", "password: !hunter2 x\n"])
def test_what_stands_there_is_not_shown(text: str) -> None:
    """It may be a password that lacks quotes."""
    with pytest.raises(InvalidError) as error:
        list(documents(text))
    assert "hunter2" not in str(error.value)


def test_a_billion_laughs_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Aliases are counted while they expand."""
    monkeypatch.setattr("ferryman.domain.manifests.documents.MAX_VALUES", 10_000)
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    with pytest.raises(InvalidError, match="aliases expand to more than"):
        list(documents("a0: &a0 ha\n" + laughs))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("&a [*a]\n", "or contains itself"),
        ("[" * (MAX_DEPTH + 2), "maximum depth"),
        ("#" * (MAX_CHARACTERS + 1), f"apply at most {MAX_CHARACTERS} at once"),
    ],
)
def test_each_limit_is_an_error_that_names_it(text: str, said: str) -> None:
    """Depth, size and self-reference."""
    with pytest.raises(InvalidError, match=said):
        list(documents(text))


def test_the_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops there, not after."""
    monkeypatch.setattr("ferryman.domain.manifests.documents.MAX_VALUES", 100)
    with pytest.raises(InvalidError, match="more than 100 values; split it"):
        list(documents("[" + "1, " * 200 + "]"))


@settings(max_examples=400)
@given(st.lists(st.sampled_from(YAML_PIECES), max_size=14).map("".join) | st.text(max_size=40))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    """Whatever the text, it is read or refused by InvalidError."""
    try:
        list(documents(text))
    except InvalidError:
        return
