"""After a round was seen, the link may be left alone until something is offered."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from messango.link.fold.rounds import Round
from messango.link.nats import round_publisher
from messango.link.nats.engine_connection import EngineConnection
from messango.link.nats.link_broken import LinkBroken
from messango.link.nats.round_publisher import RoundPublisher
from messango.link.nats.stream_reader import StreamReader

ROUND = Round(1, b"{}")


class QuietRounds:
    """Nobody says that something has changed; the round is seen after so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def current_round(self) -> Round | None:
        self.looks -= 1
        return ROUND if self.looks >= 0 else None

    async def changed(self) -> None:
        await asyncio.get_running_loop().create_future()


async def wait_until_seen(rounds: QuietRounds) -> None:
    """Wait as if nothing came from the engine."""
    reader = SimpleNamespace(progress=(1, 1), waits_for_room=False)
    connection = SimpleNamespace()
    publisher = RoundPublisher(
        cast("EngineConnection", connection), cast("StreamReader", reader), rounds, "life", lambda _: None
    )
    await publisher._until_seen(ROUND)


def test_a_round_is_seen_while_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room does not wake the link for that, so it finds out when it looks."""
    monkeypatch.setattr(round_publisher, "NOT_SEEN_S", 0.01)
    asyncio.run(wait_until_seen(QuietRounds(looks=1)))


def test_a_round_that_never_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is not to be trusted any more."""
    monkeypatch.setattr(round_publisher, "NOT_SEEN_S", 0.01)
    with pytest.raises(LinkBroken):
        asyncio.run(wait_until_seen(QuietRounds(looks=1_000)))
