"""Finds the linked room's stream, or creates it, and looks whether it is the one that this server knows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

import nats.errors
from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from messango.link.fold.stream_entry import Place
from messango.link.nats.engine_connection import EngineConnection
from messango.link.nats.link_broken import (
    another_stream,
    beginning_missing,
    no_jetstream,
    no_stream,
    refused_request,
)

#: An engine stores a round once that is published again within this time. The fold knows it for ever.
_DUPLICATE_WINDOW_S: Final = 120.0

_Answer = TypeVar("_Answer")


async def find_stream(
    connection: EngineConnection, jetstream: JetStreamContext, place: Place, new_stream_replicas: int | None
) -> int:
    """Return the number of the stream's last entry; raises `LinkBroken`.

    A stream that is not there is created only for `new_stream_replicas`, and only if this server has had
    nothing of it yet.
    """
    name = connection.names.stream
    try:
        state = (await ask(connection, jetstream.stream_info(name))).state
    except NotFoundError:
        if new_stream_replicas is None or place.stream:
            raise no_stream(folded=place.stream > 0) from None
        await _create(connection, jetstream, new_stream_replicas)
        return 0
    if state.last_seq < place.stream:
        raise another_stream()
    if state.last_seq and state.first_seq > max(place.stream, 1):
        raise beginning_missing()
    return state.last_seq


async def ask(connection: EngineConnection, answer: Awaitable[_Answer]) -> _Answer:
    """Return what JetStream answers; raises `LinkBroken` if nobody does."""
    try:
        return await answer
    except NotFoundError:
        raise
    except (nats.errors.TimeoutError, ServiceUnavailableError, asyncio.TimeoutError):
        raise no_jetstream(connection.address) from None
    except APIError as error:
        raise refused_request(error.description or "no reason given") from error


async def _create(connection: EngineConnection, jetstream: JetStreamContext, replicas: int) -> None:
    config = api.StreamConfig(
        name=connection.names.stream,
        subjects=[connection.names.entries],
        storage=api.StorageType.FILE,
        num_replicas=replicas,
        duplicate_window=_DUPLICATE_WINDOW_S,
        # Without limits nothing is ever discarded; should somebody set some, then not what is old.
        discard=api.DiscardPolicy.NEW,
    )
    await ask(connection, jetstream.add_stream(config))
