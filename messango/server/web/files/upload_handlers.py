"""Answers the requests by which a page sends a file: where to begin, the bytes from there on; or cancels."""

from __future__ import annotations

from typing import Final

from messango.protocol import error_codes
from messango.protocol.files.transfer_frames import Cancelled, Go, Put, Stored
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import FileRefused
from messango.room.files.shared_file import Uploader
from messango.server.files.store.file_store import FileStore
from messango.server.files.store.upload import Upload
from messango.server.files.transfers.receive_upload import pausing, read_prefix
from messango.server.files.transfers.transfer_stream import TransferStream
from messango.server.web.exchange import Exchange
from messango.server.web.files.file_answers import (
    admit,
    answers_problems,
    frame_response,
    stream_of,
    transfers_of,
)
from messango.web.files.file_requests import decode_cancel_request, decode_offset, decode_put
from messango.web.http.response import Response

#: The headers of a request that brings the bytes of an upload.
SESSION_HEADER: Final = "x-messango-session"
OFFSET_HEADER: Final = "x-messango-offset"

#: How long a browser that still sends may take to read why it is refused. It reads nothing before all that it
#: has on its way is taken, and shows a broken connection otherwise.
_GRACE_S: Final = 5.0


@answers_problems
def begin_upload(exchange: Exchange) -> Response:
    """Say from which byte on a file is to be sent, or that it is stored already, or why it is not taken."""
    put = decode_put(exchange.read_body())
    transfers, store, member = admit(exchange, put.session)
    transfers.take_over(member, put.upload)
    begun = _begin(exchange, store, member, put)
    if isinstance(begun, FileInfo):
        return frame_response(Stored(begun))
    begun.pause()
    return frame_response(Go(begun.offset))


def receive_rest(exchange: Exchange) -> Response | None:
    """Take the rest of a file. A browser that is refused has time to read why."""
    response = _store_rest(exchange)
    if exchange.body_left:
        _end_with(exchange, response)
        return None
    return response


@answers_problems
def cancel_upload(exchange: Exchange) -> Response:
    """Drop an upload that is not shared, also if there is none."""
    request = decode_cancel_request(exchange.read_body())
    transfers, store, member = admit(exchange, request.session)
    transfers.take_over(member, exchange.parts[0])
    store.cancel_upload(member, exchange.parts[0])
    return frame_response(Cancelled())


@answers_problems
def _store_rest(exchange: Exchange) -> Response:
    return frame_response(Stored(_receive(exchange)))


def _receive(exchange: Exchange) -> FileInfo:
    offset = decode_offset(exchange.request.header(OFFSET_HEADER) or "")
    session, upload = exchange.request.header(SESSION_HEADER) or "", exchange.parts[0]
    transfers, store, member = admit(exchange, session)
    transfers.take_over(member, upload)
    if (put := store.begun_upload(member, upload)) is None:
        raise _not_begun()
    transfers.begin(member, upload)
    try:
        begun = _begin(exchange, store, member, put)
        if isinstance(begun, FileInfo):
            return begun
        return _take_bytes(exchange, begun, offset, stream_of(exchange, transfers, session))
    finally:
        transfers.end()


def _begin(exchange: Exchange, store: FileStore, member: str, put: Put) -> Upload | FileInfo:
    return store.begin_upload(Uploader(member, exchange.peer.host), put)


def _take_bytes(exchange: Exchange, upload: Upload, offset: int, stream: TransferStream) -> FileInfo:
    with pausing(upload):
        if (offset, exchange.body_left) != (upload.offset, upload.size - upload.offset):
            raise _other_place()
        read_prefix(upload, stream)
        while exchange.body_left:
            upload.write(stream.receive())
        return upload.finish(upload.part.put.sha256)


def _end_with(exchange: Exchange, response: Response) -> None:
    connection = exchange.connection
    connection.send(exchange.http.respond(response))
    connection.shutdown()
    connection.linger(_GRACE_S, transfers_of(exchange).wait_for_talk)


def _not_begun() -> FileRefused:
    return FileRefused(
        error_codes.UNKNOWN_ENTRY,
        "The room does not know this upload, or not any more.",
        "Send the file again.",
    )


def _other_place() -> FileRefused:
    """Return the refusal of bytes that are not the missing ones; a page asks again where to go on."""
    return FileRefused(
        error_codes.OTHER_OFFSET, "These are not the bytes that are missing.", "Ask where the upload goes on."
    )
