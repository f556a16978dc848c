"""Which `Host` and `Origin` a request may have: those of the page that we served, compared whole.

A page from elsewhere can make a browser send requests to a room (cross-site request forgery), or have its own
name resolve to the room's address (DNS rebinding). Either way one of the two headers shows the page's name.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Final

from messango.web.http.http_error import HttpError
from messango.web.http.request import Request

HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80

_WRONG_HOST: Final = "This room is not at that address. Open the address that the host shows."
_WRONG_ORIGIN: Final = "Another page asked for this. Open the room's own page."


class HostRules:
    """Holds the hosts of one address and port at which requests arrive, and checks requests against them."""

    def __init__(
        self, address: str, port: int, computer_name: str = "", *, default_port: int = HTTPS_PORT
    ) -> None:
        """`address` is the one at which the connection arrived; with `default_port`, hosts need no port."""
        names = [_as_in_url(address), "localhost"]
        if computer_name:
            names += [computer_name.lower(), f"{computer_name.lower()}.local"]
        self._port = port
        self._hosts: Collection[str] = {
            f"{name}{suffix}"
            for name in names
            for suffix in ((f":{port}", "") if port == default_port else (f":{port}",))
        }

    def check_host(self, request: Request) -> str:
        """Return the request's host; raises `HttpError` (421) if it is not ours."""
        host = (request.header("host") or "").lower()
        if host not in self._hosts:
            raise HttpError(421, _WRONG_HOST)
        return host

    def with_port(self, host: str) -> str:
        """Return a host that was checked with the port, which a browser leaves out for HTTP's own."""
        return host if host.endswith(f":{self._port}") else f"{host}:{self._port}"

    def check_origin(self, request: Request, host: str, *, required: bool) -> None:
        """Raise `HttpError` (403) if another page sends the request, or nobody says which.

        Browsers name the origin of every WebSocket and POST. They tell of other requests, such as those for
        pictures, in `Sec-Fetch-Site` only.
        """
        origin = request.header("origin")
        if origin is None:
            is_foreign = required or _is_embedded_elsewhere(request)
        else:
            is_foreign = origin != f"https://{host}"
        if is_foreign:
            raise HttpError(403, _WRONG_ORIGIN)


def _is_embedded_elsewhere(request: Request) -> bool:
    """Return whether another page loads this; a person who follows its link is welcome."""
    is_navigation = request.header("sec-fetch-mode") == "navigate"
    return request.header("sec-fetch-site") in ("cross-site", "same-site") and not is_navigation


def _as_in_url(address: str) -> str:
    """Return an address as browsers write it: without a scope, IPv6 in brackets and in its short form."""
    bare = address.partition("%")[0]
    try:
        parsed = ipaddress.ip_address(bare)
    except ValueError:
        return bare.lower()
    return f"[{parsed.compressed}]" if parsed.version == 6 else bare
