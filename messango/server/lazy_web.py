"""What all browsers of a server share, from the start: nothing is loaded before the first one comes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Most rooms never see a browser.
    from messango.server.web.web_services import WebServices


class LazyWeb:
    """Owns what browsers share, and the lock that creates it once. For any thread."""

    def __init__(self, port: int = 0) -> None:
        """`port` is the one of the server."""
        self._port = port
        self._lock = threading.Lock()
        self._services: WebServices | None = None

    def get(self) -> WebServices:
        """Return what browsers share, once the extra is known to be installed."""
        with self._lock:
            if self._services is None:
                from messango.server.web.web_services import WebServices

                self._services = WebServices(self._port)
            return self._services
