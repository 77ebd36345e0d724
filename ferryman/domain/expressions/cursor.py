"""A place among the tokens, and the steps that every part of the parser takes from there."""

from __future__ import annotations

from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.lexer import Kind, Token


class Cursor:
    """Stands before `token`; the last token is the end, and is never passed."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self.token = tokens[0]

    def is_at(self, text: str) -> bool:
        """Whether the operator `text` comes next."""
        return self.token.kind is Kind.OPERATOR and self.token.text == text

    def following(self) -> Token:
        """Return the token after the next one."""
        return self._tokens[min(self._position + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Step over the next token, whatever it is, and return it."""
        taken = self.token
        self.token = self.following()
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return taken

    def skip(self, text: str) -> bool:
        """Step over the operator `text` if it comes next, and say whether it did."""
        if not self.is_at(text):
            return False
        self.take()
        return True

    def expect(self, text: str) -> int:
        """Step over the operator `text` and return its offset; raises `Fault` for another."""
        if not self.is_at(text):
            raise Fault(f"expected {text!r} here, not {self.token}", self.token.at)
        return self.take().at

    def expect_name(self) -> Token:
        """Step over a name and return it; raises `Fault` for anything else."""
        if self.token.kind is not Kind.NAME:
            raise Fault(f"expected a name here, not {self.token}", self.token.at)
        return self.take()

    def unexpected(self) -> Fault:
        """Return the fault that nothing can be made of the next token."""
        return Fault(f"did not expect {self.token} here", self.token.at)
