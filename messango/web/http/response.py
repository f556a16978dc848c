"""One HTTP response, and those that have a short text or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

HeaderPairs: TypeAlias = Sequence[tuple[bytes, bytes]]

_TEXT: Final = b"text/plain; charset=utf-8"
_JSON: Final = b"application/json"


@dataclass(frozen=True, slots=True)
class Response:
    """A response; `HttpConnection` adds the security headers that `headers` does not name.

    `size` is the length of a body that follows in pieces; None if `body` is all of it.
    """

    status: int
    headers: HeaderPairs = field(default_factory=tuple)
    body: bytes = b""
    size: int | None = None


def text_response(status: int, text: str, headers: HeaderPairs = ()) -> Response:
    """Return a response that people read."""
    return Response(status, ((b"Content-Type", _TEXT), *headers), f"{text}\n".encode())


def json_response(status: int, encoded: bytes) -> Response:
    """Return a response that the page reads."""
    return Response(status, ((b"Content-Type", _JSON),), encoded)


def empty_response(status: int = 204, headers: HeaderPairs = ()) -> Response:
    """Return a response without a body."""
    return Response(status, headers)
