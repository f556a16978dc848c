"""Answers requests for tickets and for files. A ticket stands for a session, which is in no address."""

from __future__ import annotations

from messango.errors import ConnectionLost
from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import FileRefused
from messango.server.files.transfers.send_file import OpenFile, send_file
from messango.server.files.transfers.transfer_stream import TransferStream
from messango.server.web.exchange import Exchange
from messango.server.web.files.file_answers import admit, answers_problems, stream_of
from messango.web.files.file_headers import file_headers
from messango.web.files.file_requests import decode_ticket_request, encode_ticket
from messango.web.http.response import Response, json_response


@answers_problems
def issue_ticket(exchange: Exchange) -> Response:
    """Give a member a ticket for a shared file, or say at once why it can't be had."""
    request = decode_ticket_request(exchange.read_body())
    transfers, _store, member = admit(exchange, request.session)
    _file, stored = transfers.open_shared(request.file)
    stored.close()
    transfers.require_free(member)
    return json_response(
        200, encode_ticket(exchange.services.tickets.issue(member, request.session, request.file))
    )


@answers_problems
def send_shared(exchange: Exchange) -> None:
    """Send a file to the holder of a ticket; the name in the path is only for the browser."""
    ticket = exchange.services.tickets.redeem(exchange.parts[0])
    if ticket is None:
        raise _used_ticket()
    transfers, _store, member = admit(exchange, ticket.session)
    file, stored = transfers.open_shared(ticket.file)
    with stored:
        transfers.begin(member, ticket.file)
        try:
            _send(exchange, file, stored, stream_of(exchange, transfers, ticket.session))
        finally:
            transfers.end()


def _send(exchange: Exchange, file: FileInfo, stored: OpenFile, stream: TransferStream) -> None:
    exchange.begin(Response(200, file_headers(file.name), size=file.size))
    try:
        send_file(stored, stream.send)
    except FileRefused as refused:
        # Where bytes are expected, nothing can be said: the browser notices that some are missing.
        raise ConnectionLost(refused.reason, refused.hint) from refused
    exchange.end()


def _used_ticket() -> FileRefused:
    return FileRefused(
        error_codes.UNKNOWN_ENTRY,
        "This link to a file has been used, or is too old.",
        "Go back to the room, and get the file there again.",
    )
