"""What can go wrong, as one tree.

::

    FerrymanError               a sentence for people; everything we raise on purpose
    ├── TemporaryError          may go away by itself; `delay` says when to look again
    │   └── CredentialError     a credential is missing or was refused: applying one mends it
    └── PermanentError          will fail again in the same way
        ├── InvalidError        bad input: names the field, the value and what to do
        │   └── ExpressionError an expression does not parse or evaluate
        ├── NotFoundError       what was named does not exist
        ├── ConflictError       somebody else changed it first, or it exists already
        ├── DeniedError         the actor may not do this
        └── FencedError         another attempt owns this work now; stop without a trace

Whatever is not in the tree is a defect of ours and is reported as one.
"""

from __future__ import annotations

from datetime import timedelta


class FerrymanError(Exception):
    """A failure that we foresaw; `str(error)` is a sentence for people."""


class TemporaryError(FerrymanError):
    """May succeed when tried again after `delay`."""

    def __init__(self, message: str, *, delay: timedelta = timedelta(seconds=10)) -> None:
        super().__init__(message)
        self.delay = delay


class CredentialError(TemporaryError):
    """The credential for `url` is missing or was refused."""

    def __init__(self, message: str, *, url: str, delay: timedelta = timedelta(minutes=1)) -> None:
        super().__init__(message, delay=delay)
        self.url = url


class PermanentError(FerrymanError):
    """Will fail in the same way however often it is tried."""


class InvalidError(PermanentError):
    """Bad input; `field` is the path of the offending field, where there is one."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


class ExpressionError(InvalidError):
    """An expression does not parse or evaluate; the message shows it with a caret."""


class NotFoundError(PermanentError):
    """What was named does not exist."""


class ConflictError(PermanentError):
    """Somebody else changed it first, or it exists already."""


class DeniedError(PermanentError):
    """The actor may not do this."""


class FencedError(PermanentError):
    """Another attempt owns this work now."""
