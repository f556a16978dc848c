"""WebDriver's commands over HTTP: one request, one answer, as the W3C describes them."""

from __future__ import annotations

import http.client
import json
from typing import Any, Final

#: More than the slowest command takes on a busy computer, the start of a browser.
COMMAND_TIMEOUT_S: Final = 90.0

#: Under this key WebDriver passes an element as JSON.
ELEMENT_KEY: Final = "element-6066-11e4-a52e-4f735466cecf"


class BrowserProblem(Exception):
    """The driver refused a command: `code` is WebDriver's own word for why."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the first line of the message; the others are the driver's own addresses."""
        super().__init__(f"{code}: {message.partition(chr(10))[0]}")
        self.code = code


class Commands:
    """Sends commands to the driver at a port of loopback.

    Each on a connection of its own, so that no socket stays open between two of them.
    """

    def __init__(self, port: int) -> None:
        """The driver must be listening."""
        self._port = port

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the value that the driver answers with."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=COMMAND_TIMEOUT_S)
        headers = {"Content-Type": "application/json; charset=utf-8", "Connection": "close"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            value = json.loads(response.read())["value"]
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise BrowserProblem(value["error"], value["message"])
        return value
