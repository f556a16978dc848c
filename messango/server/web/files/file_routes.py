"""The requests about files. What answers them is loaded with the first: most rooms have no files for long."""

from __future__ import annotations

from collections.abc import Sequence

from messango.protocol.limits import MAX_FILE_BYTES, MAX_TRANSFER_FRAME_BYTES
from messango.server.web.exchange import Answer, Exchange, Handler
from messango.web.http.route_table import Route


def create_file_routes() -> Sequence[Route[Handler]]:
    """Return the routes for files."""
    return (
        Route("POST", "/tickets", _issue_ticket, max_body=MAX_TRANSFER_FRAME_BYTES),
        Route("GET", "/files/*/*", _send_shared, allows_head=False),
        Route("POST", "/uploads", _begin_upload, max_body=MAX_TRANSFER_FRAME_BYTES),
        Route("POST", "/uploads/*", _receive_rest, max_body=MAX_FILE_BYTES),
        Route("POST", "/uploads/*/cancel", _cancel_upload, max_body=MAX_TRANSFER_FRAME_BYTES),
    )


def _issue_ticket(exchange: Exchange) -> Answer:
    from messango.server.web.files.download_handlers import issue_ticket

    return issue_ticket(exchange)


def _send_shared(exchange: Exchange) -> Answer:
    from messango.server.web.files.download_handlers import send_shared

    return send_shared(exchange)


def _begin_upload(exchange: Exchange) -> Answer:
    from messango.server.web.files.upload_handlers import begin_upload

    return begin_upload(exchange)


def _receive_rest(exchange: Exchange) -> Answer:
    from messango.server.web.files.upload_handlers import receive_rest

    return receive_rest(exchange)


def _cancel_upload(exchange: Exchange) -> Answer:
    from messango.server.web.files.upload_handlers import cancel_upload

    return cancel_upload(exchange)
