"""Sends a browser that does not encrypt to where it does."""

from __future__ import annotations

from messango.web.http.host_rules import HostRules
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request
from messango.web.http.response import Response, text_response


def redirect(request: Request, rules: HostRules) -> Response:
    """Return the response to a request in the clear; raises `HttpError` unless it can be redirected."""
    host = rules.check_host(request)
    if request.method not in ("GET", "HEAD"):
        raise HttpError(405, "That can't be done here.", ((b"Allow", b"GET, HEAD"),))
    address = f"https://{rules.with_port(host)}{request.target}"
    # Temporary: tomorrow something else may listen here.
    return text_response(307, f"This room encrypts: {address}", ((b"Location", address.encode("latin-1")),))
