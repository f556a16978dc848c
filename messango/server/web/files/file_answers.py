"""What the answers to requests about files have in common: whose they are, and why they are refused."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final, TypeVar

from messango.errors import RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.files.transfer_codec import encode_transfer
from messango.protocol.files.transfer_frames import TransferReply
from messango.room.files.refusals import FileRefused
from messango.server.files.store.file_store import FileStore
from messango.server.files.transfers.client_transfers import ClientTransfers
from messango.server.files.transfers.transfer_stream import TransferStream
from messango.server.web.exchange import Answer, Exchange
from messango.web.files.problem_status import status_of
from messango.web.http.response import Response, json_response

A = TypeVar("A", bound=Answer)

#: After so many seconds, a page may try again what passes.
_RETRY_AFTER: Final = ((b"Retry-After", b"1"),)


def answers_problems(handler: Callable[[Exchange], A]) -> Callable[[Exchange], A | Response]:
    """Return the handler, for which what can't be done becomes a `problem` with a fitting status."""

    @functools.wraps(handler)
    def answer(exchange: Exchange) -> A | Response:
        try:
            return handler(exchange)
        except RemoteProtocolError as error:
            return problem_response(FileRefused(error_codes.BAD_FRAME, str(error), error.hint))
        except FileRefused as refused:
            return problem_response(refused)

    return answer


def problem_response(refused: FileRefused) -> Response:
    """Return the response that says why something about a file can't be done."""
    response = frame_response(refused.to_problem(), status_of(refused.code))
    if response.status != 503:
        return response
    return Response(response.status, (*response.headers, *_RETRY_AFTER), response.body)


def frame_response(frame: TransferReply, status: int = 200) -> Response:
    """Return the response that has a frame of a file connection."""
    return json_response(status, encode_transfer(frame))


def admit(exchange: Exchange, session: str) -> tuple[ClientTransfers, FileStore, str]:
    """Return the connection's transfers, the store, and the member with this session; refuses others.

    The connection counts as this member's from here on. Raises `FileRefused`.
    """
    transfers = transfers_of(exchange)
    store = transfers.store()
    member = transfers.admit(session)
    seated_id, peer = exchange.context.seated_id, exchange.peer
    exchange.claim(lambda: seated_id(session, peer))
    return transfers, store, member


def transfers_of(exchange: Exchange) -> ClientTransfers:
    """Return the transfers of the browser's connection."""
    return ClientTransfers(exchange.client, exchange.context)


def stream_of(exchange: Exchange, transfers: ClientTransfers, session: str) -> TransferStream:
    """Return the stream for the body of the request or of the response."""
    return transfers.stream(exchange, session, exchange.closing)
