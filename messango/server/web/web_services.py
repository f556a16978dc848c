"""What all browsers of a server share: the page, the event streams and the tickets."""

from __future__ import annotations

import functools

from messango.server.web.files.tickets import Tickets
from messango.server.web.streams.event_streams import EventStreams
from messango.storage import machine_name
from messango.web.http.host_rules import HTTP_PORT, HTTPS_PORT, HostRules
from messango.web.page_files import PageFiles, load_page


class WebServices:
    """Of one server. For any thread."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._computer_name = machine_name()
        self.streams = EventStreams()
        self.tickets = Tickets()

    @functools.cached_property
    def page(self) -> PageFiles:
        """The page and its files; two threads that ask first may both load them."""
        return load_page()

    def host_rules(self, address: str, *, clear: bool = False) -> HostRules:
        """Return the rules for connections that arrive at this address of ours; `clear`: not encrypted."""
        return HostRules(
            address, self._port, self._computer_name, default_port=HTTP_PORT if clear else HTTPS_PORT
        )
