"""Ports: free ones are found, taken ones are named."""

from __future__ import annotations

import asyncio
import socket

import pytest

from ferryman.domain.errors import PermanentError
from server import ports
from server.ports import LOOPBACK, free_port, require_free


async def test_a_port_in_use_is_named_with_the_option_that_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One sentence: which port, why, and how to choose another."""
    monkeypatch.setattr(ports, "_PATIENCE", 0.1)
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        sentence = rf"port {port} on 127\.0\.0\.1 cannot be used .*another with --port"
        with pytest.raises(PermanentError, match=sentence):
            await require_free(LOOPBACK, port, option="--port")


async def test_a_port_that_is_being_given_up_is_waited_for() -> None:
    """A start right after a kill meets children that are not gone yet."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        waiting = asyncio.create_task(
            require_free(LOOPBACK, listener.getsockname()[1], option="--port")
        )
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


def test_the_preferred_port_is_taken_only_when_it_is_free() -> None:
    """A demo keeps out of the way of what runs already."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        taken = listener.getsockname()[1]
        other = free_port(taken)
        assert other not in {0, taken}
    assert free_port(taken) == taken
