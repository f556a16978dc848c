"""The requests that a browser can make: method and path, and what answers them.

A handler gets an `Exchange` and returns

- a `Response` (`text_response`, `json_response`, `empty_response`),
- a `TalkChannel`, over which frames go from here on, or
- None after it has sent the response itself: `begin` with the `size`, `send_all` for each piece, `end`.

It raises `HttpError` for a status with a sentence, and lets `TimeoutError` and `ConnectionLost` pass, which
end the connection. The loop has checked `Host`, the origin (of `POST`, and with `needs_origin`), our own
header (of `POST`), and the length of the body (`max_body`). `read_body` returns a short body; for a long one,
an `Exchange` can take the place of a `Connection` in `TransferStream`. If a handler leaves some of the body
unread, the connection ends after the response.

`claim` counts the connection as a member's: call it as soon as the request has proved whose it is.
"""

from __future__ import annotations

from messango.protocol.limits import MAX_FRAME_BYTES
from messango.server.web.exchange import Handler
from messango.server.web.files.file_routes import create_file_routes
from messango.server.web.page_handlers import get_index, get_page_file
from messango.server.web.talk_handlers import begin_event_stream, begin_web_socket, take_frames
from messango.web.http.route_table import Route, RouteTable


def create_routes() -> RouteTable[Handler]:
    """Return the routes of a server."""
    return RouteTable[Handler](
        [
            Route("GET", "/", get_index),
            Route("GET", "/page/*/**", get_page_file),
            Route("GET", "/talk", begin_web_socket, needs_origin=True, allows_head=False),
            Route("GET", "/events", begin_event_stream, allows_head=False),
            Route("POST", "/frames", take_frames, max_body=MAX_FRAME_BYTES),
            *create_file_routes(),
        ]
    )
