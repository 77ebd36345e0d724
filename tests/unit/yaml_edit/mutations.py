"""Documents that have been damaged a little: most are not YAML any more, some are odd YAML."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.unit.yaml_edit.documents import documents, key_to

CHARACTERS = " \n:-#\"'[]{},&*!|>?%@`\\a1.\t\r~=\x00\x85\u2028\ufeff\x7f"
WORDS = [
    "\n  ",
    "- ",
    ": ",
    " #",
    "---\n",
    "...\n",
    "|\n",
    "|2-\n",
    ">\n ",
    "\r\n",
    "\n\n",
    "&a ",
    "*a",
]
PIECES = [
    "!t ",
    "!!str ",
    "a: ",
    "? ",
    "''",
    '""',
    "{}",
    "[]",
    "\t# c\n",
    "<<: *a\n",
    "%YAML 1.1\n",
]
SCRAPS = st.sampled_from([*CHARACTERS, *WORDS, *PIECES])
ODD_DOCUMENTS = st.sampled_from(
    [
        "base: &b\n  x: 1\n  <<: *c\ny: !t\n  z: 1\nq: !u\n- 1\n- &i 2\n",
        "? complex\n: a: 1\n? [b]\n: c\n'd': !!int 3\n",
        "%TAG ! tag:example.com,2000:\n---\na: !x\n  b: 1\n...\n---\nc\n",
        "a: |2\n    x\n   y\nb: [a: 1, ? c, {d, e: }]\nf: *g\n",
        'a:\n  - |+\n   one\n\n  - - >-\n      two\n    -\n  -\nb: "x\\\n  y"\n',
        "a: 1\na: 2\nb: x\ty\nc:\t1\t# d\n{e: 1}: f\n",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and a key that may lead somewhere in it."""
    if draw(st.booleans()):
        document = draw(documents())
        text, keys = document.text, [key_to(path) for path in document.paths]
    else:
        text, keys = draw(ODD_DOCUMENTS), []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        removed = draw(st.sampled_from([0, 0, 1, 2, 5]))
        text = text[:start] + draw(SCRAPS | st.just("")) + text[start + removed :]
    return text, draw(st.sampled_from([*keys, "a", "b", "a.b", "b.0", "q.1", "base.x", "a.1.0"]))
