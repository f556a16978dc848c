"""Publishes rounds, one at a time: the next gathers while one is under way, so order needs nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import nats.errors
from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NoStreamResponseError

from messango.link.fold.link import LinkState
from messango.link.fold.rounds import Round
from messango.link.nats.engine_connection import EngineConnection
from messango.link.nats.link_broken import UNCONFIRMED, out_of_step, refused_rounds
from messango.link.nats.link_ends import RoundSource
from messango.link.nats.pauses import Pauses
from messango.link.nats.stream_reader import StreamReader

#: For the engine's answer; a cluster that elects a leader takes longer, and is asked again.
ACK_TIMEOUT_S: Final = 2.0

#: What the engine has stored comes to us as well, or something is wrong.
NOT_SEEN_S: Final = 5.0


class RoundPublisher:
    """For one connection; belongs to the link's loop."""

    def __init__(
        self,
        connection: EngineConnection,
        reader: StreamReader,
        rounds: RoundSource,
        life: str,
        on_state: Callable[[LinkState], None],
    ) -> None:
        self._connection, self._reader, self._rounds = connection, reader, rounds
        self._life = life
        self._on_state = on_state

    async def publish_rounds(self, jetstream: JetStreamContext) -> None:
        """Publish what is offered, until something is wrong."""
        while True:
            current = self._rounds.current_round()
            if current is None:
                await self._rounds.changed()
                continue
            await self._store(jetstream, current)
            await self._until_seen(current)

    async def _store(self, jetstream: JetStreamContext, current: Round) -> None:
        """Publish until the engine has confirmed that it is stored."""
        pauses = Pauses()
        names = self._connection.names
        headers: dict[str, Any] = {
            api.Header.MSG_ID: f"{self._life}.{current.n}",
            api.Header.EXPECTED_STREAM: names.stream,
        }
        while True:
            try:
                await jetstream.publish(names.entries, current.data, timeout=ACK_TIMEOUT_S, headers=headers)
            except APIError as error:
                self._on_state(refused_rounds(error.description or "no reason given"))
            except (NoStreamResponseError, nats.errors.TimeoutError, asyncio.TimeoutError):
                self._on_state(UNCONFIRMED)
            else:
                self._on_state(LinkState(up=True))
                return
            # The same again under the same id: it may have been stored all the same.
            await asyncio.sleep(pauses.next_s())

    async def _until_seen(self, current: Round) -> None:
        """Wait until the round has come back, and the room has stored it."""
        while self._rounds.current_round() is current:
            before = self._reader.progress
            try:
                await asyncio.wait_for(self._rounds.changed(), NOT_SEEN_S)
            except asyncio.TimeoutError:
                if self._rounds.current_round() is not current:
                    return  # It was seen, and nothing more was offered since then.
                # The room may take its time with what it has got.
                if self._reader.progress == before and not self._reader.waits_for_room:
                    raise out_of_step() from None
