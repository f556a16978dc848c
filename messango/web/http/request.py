"""One HTTP request, without its body."""

from __future__ import annotations

from dataclasses import dataclass

from messango.web.http.response import HeaderPairs


@dataclass(frozen=True, slots=True)
class Request:
    """The names of `headers` are in lower case. `path` is the target without its query, not decoded."""

    method: str
    target: str
    headers: HeaderPairs
    #: Bytes in the body.
    body_bytes: int = 0
    #: Then the browser takes no chunks, and can't change the protocol.
    is_http_1_0: bool = False

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str | None:
        """Return the value of a header, None if it is missing.

        The values of one that is repeated are joined, as RFC 9110 has it (section 5.2): no rule accepts such
        a Host or Origin.
        """
        wanted = name.lower().encode()
        values = [value.decode("latin-1") for field, value in self.headers if field == wanted]
        return ", ".join(values) if values else None
