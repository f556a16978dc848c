"""Answers requests for the page and its files."""

from __future__ import annotations

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


def get_index(exchange: Exchange) -> Response:
    """Return the page, or that the browser has it already."""
    page = exchange.services.page
    tag = f'"{page.version}"'
    headers = (
        (b"Cache-Control", _ASK_FIRST),
        (b"ETag", tag.encode()),
        (b"Content-Security-Policy", page_policy(exchange.host)),
    )
    known = exchange.request.header("if-none-match") or ""
    if tag in (other.strip().removeprefix("W/") for other in known.split(",")):
        return empty_response(304, headers)
    return _file_response(exchange, page.index, headers)


def get_page_file(exchange: Exchange) -> Response:
    """Return a file of the page."""
    file = exchange.services.page.find(*exchange.parts)
    if file is None:
        raise HttpError(404, "This file is of another version. Reload the page.")
    policy = page_policy(exchange.host)
    return _file_response(
        exchange, file, ((b"Cache-Control", _FOR_EVER), (b"Content-Security-Policy", policy))
    )


def _file_response(exchange: Exchange, file: PageFile, headers: HeaderPairs) -> Response:
    headers = ((b"Content-Type", file.content_type), (b"Vary", b"Accept-Encoding"), *headers)
    if _takes_gzip(exchange.request.header("accept-encoding") or ""):
        return Response(200, ((b"Content-Encoding", b"gzip"), *headers), file.compressed)
    return Response(200, headers, file.plain())


def _takes_gzip(accepted: str) -> bool:
    codings = [coding.strip().replace(" ", "") for coding in accepted.lower().split(",")]
    return any(coding == "gzip" or (coding.startswith("gzip;q=") and coding[7:] != "0") for coding in codings)
