"""What is found while objects are read; `apply` says the same."""

from __future__ import annotations

from collections.abc import Iterator

from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given
from ferryman.domain.manifests.together import validate_together

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
NOT_YAML = "yaml"
LEFT_ALONE = "left-alone"


def _together(given: Given) -> Iterator[Found]:
    about = {subject.item.about: subject for subject in given.subjects}
    for error in validate_together([subject.item for subject in given.subjects]):
        name, _, text = error.partition(": ")
        field, _, sentence = text.partition(": ")
        if subject := about.get(name):
            loc = subject.loc_of(field)
            yield Found(subject, loc, sentence if loc else text)


def _not_acted_on(given: Given) -> Iterator[Found]:
    for subject in given.subjects:
        for field in subject.item.unsupported:
            loc = subject.loc_of(field.partition(" ")[0])
            text = "kept, but not acted on yet"
            yield Found(subject, loc, text if loc else f"{text}: {field}")


RULES = (
    Rule(NOT_YAML, ERROR, "The text is not YAML, or too large."),
    Rule("kind", ERROR, "The document is no object of a known kind."),
    Rule(LEFT_ALONE, NOTE, "The object is of another tool's kind, or a template to be filled in."),
    Rule("schema", ERROR, "A field is unknown, is missing, or does not hold what it should."),
    Rule("meaning", ERROR, "A value cannot be meant so, or does not do what it looks like."),
    Rule("together", ERROR, "Two entries, or two objects, cannot be side by side.", _together),
    Rule("duplicate-key", WARNING, "A key is given twice; the last one holds."),
    Rule("old-form", WARNING, "A field or form is from an older Kargo; the new one is said."),
    Rule("not-acted-on", WARNING, "A field is kept, but nothing acts on it yet.", _not_acted_on),
    Rule("expression-syntax", ERROR, "An expression cannot be read."),
    Rule("expression-type", ERROR, "An expression cannot work with such values or arguments."),
    Rule("expression-unknown-function", ERROR, "There is no such function, or not here."),
    Rule("expression-unknown-variable", ERROR, "There is no such variable, or not here."),
    Rule("expression-old-form", WARNING, "An expression has a form that Kargo gave up."),
    Rule("undeclared-var", WARNING, "A task uses a var that it does not declare."),
    Rule("unknown-output", WARNING, "An output is used of a step that there is not before."),
)
