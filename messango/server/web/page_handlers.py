"""Answers requests for the page and its files."""

from __future__ import annotations

import re
from typing import Final

from messango.server.web.exchange import Exchange
from messango.web.http.http_error import HttpError
from messango.web.http.response import HeaderPairs, Response, empty_response
from messango.web.http.security_headers import page_policy
from messango.web.page_files import PageFile

#: Files whose path names their content never change (RFC 8246).
_FOR_EVER: Final = b"public, max-age=31536000, immutable"

#: A browser asks whether it still has the present one.
_ASK_FIRST: Final = b"no-cache"

#: A cache must not give a compressed file to a browser that does not decompress.
_VARY: Final = (b"Vary", b"Accept-Encoding")

#: gzip among the codings that a browser takes, unless it says by the weight zero that it does not.
_GZIP: Final = re.compile(r"(?:^|,)gzip(?:;q=(?!0(?:\.0*)?(?:,|$))[^,]*)?(?:,|$)")


def get_index(exchange: Exchange) -> Response:
    """Return the page, or that the browser has it already."""
    page = exchange.services.page
    # Weak: the page is the same with other bytes if it is not compressed (RFC 9110, section 8.8.1).
    tag = f'W/"{page.version}"'
    headers = (
        _VARY,
        (b"Cache-Control", _ASK_FIRST),
        (b"ETag", tag.encode()),
        (b"Content-Security-Policy", page_policy(exchange.host)),
    )
    known = (exchange.request.header("if-none-match") or "").split(",")
    if any(other.strip() in (tag, tag.removeprefix("W/"), "*") for other in known):
        return empty_response(304, headers)
    return _file_response(exchange, page.index, headers)


def get_page_file(exchange: Exchange) -> Response:
    """Return a file of the page."""
    file = exchange.services.page.find(*exchange.parts)
    if file is None:
        raise HttpError(404, "This file is of another version. Reload the page.")
    policy = page_policy(exchange.host)
    return _file_response(
        exchange, file, (_VARY, (b"Cache-Control", _FOR_EVER), (b"Content-Security-Policy", policy))
    )


def _file_response(exchange: Exchange, file: PageFile, headers: HeaderPairs) -> Response:
    headers = ((b"Content-Type", file.content_type), *headers)
    if _takes_gzip(exchange.request.header("accept-encoding") or ""):
        return Response(200, ((b"Content-Encoding", b"gzip"), *headers), file.compressed)
    return Response(200, headers, file.plain())


def _takes_gzip(accepted: str) -> bool:
    return _GZIP.search("".join(accepted.lower().split())) is not None
