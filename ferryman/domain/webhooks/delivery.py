"""A delivery as it arrives, what is read from it, and how one is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from ferryman.domain.errors import PermanentError
from ferryman.domain.webhooks.hits import Hit


class RefusedDeliveryError(PermanentError):
    """The sender is told `status`, and a sentence that holds no secret."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Delivery:
    """One request of a sender."""

    headers: Mapping[str, Sequence[str]]
    """All values of each, under its name in lower case."""
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The first value of that header; "" for none."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> Sequence[str]:
        """Every value of that header."""
        return self.headers.get(name.lower(), ())


@dataclass(frozen=True)
class Reading:
    """What a delivery says: hits, or why there are none that concern anybody."""

    hits: tuple[Hit, ...] = ()
    note: str = ""


def unauthorised() -> RefusedDeliveryError:
    """The sender has not shown that it knows the secret."""
    return RefusedDeliveryError(
        HTTPStatus.UNAUTHORIZED,
        "the signature or token is missing or wrong: give the sender the receiver's secret",
    )


def malformed() -> RefusedDeliveryError:
    """The body is not what the event's is."""
    return RefusedDeliveryError(HTTPStatus.BAD_REQUEST, "the body is not what this event has")


def unsupported(
    what: str, given: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
) -> RefusedDeliveryError:
    """The sender should not send this; which status says so, is the provider's custom in Kargo."""
    return RefusedDeliveryError(status, f"{what} {given[:60]!r} is not one that is acted on")
