"""An HTTP request that gets an error: its status, and a sentence for people."""

from __future__ import annotations

from messango.web.http.response import HeaderPairs


class HttpError(Exception):
    """`text` says what happened and what to do; `headers` are added to the response."""

    def __init__(self, status: int, text: str, headers: HeaderPairs = ()) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers
