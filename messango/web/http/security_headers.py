"""The headers of every response: the page loads from its own room and nothing else, and nobody embeds it."""

from __future__ import annotations

from typing import Final

from messango.web.http.response import HeaderPairs

#: For all that is not a page: nothing may be loaded, and scripts do not run.
NOTHING_ALLOWED: Final = (
    b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)

_ALWAYS: Final[HeaderPairs] = (
    (b"X-Content-Type-Options", b"nosniff"),
    (b"Referrer-Policy", b"no-referrer"),
    (b"Cross-Origin-Resource-Policy", b"same-origin"),
    (b"Cross-Origin-Opener-Policy", b"same-origin"),
)
_UNLESS_NAMED: Final[HeaderPairs] = (
    (b"Cache-Control", b"no-store"),
    (b"Content-Security-Policy", NOTHING_ALLOWED),
)


def page_policy(host: str) -> bytes:
    """Return the Content-Security-Policy of the page at this `Host`, which was checked."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"connect-src 'self' wss://{host}; img-src 'self' blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ).encode()


def with_security_headers(headers: HeaderPairs) -> HeaderPairs:
    """Return the headers with those of every response; a response may name its own caching and policy."""
    named = {name.lower() for name, _ in headers}
    missing = [pair for pair in _UNLESS_NAMED if pair[0].lower() not in named]
    return (*headers, *_ALWAYS, *missing)
