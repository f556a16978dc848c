"""A browser that a driver has started, and its tabs."""

from __future__ import annotations

from typing import Any

from tests.support.browser.commands import Commands


class Session:
    """One browser with one profile. Remembers the tab that the driver takes commands for."""

    def __init__(self, commands: Commands, capabilities: dict[str, Any]) -> None:
        """Start a browser with these capabilities."""
        started = commands.send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._commands = commands
        self.id: str = started["sessionId"]
        self.capabilities: dict[str, Any] = started["capabilities"]
        self._current = self.command("GET", "window")
        self.command("POST", "timeouts", {"script": 60_000, "pageLoad": 60_000, "implicit": 0})

    def command(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a command about the current tab."""
        return self._commands.send(method, f"/session/{self.id}/{path}", body)

    def first_window(self) -> Window:
        """Return the tab that the browser began with."""
        return Window(self, self._current)

    def new_window(self) -> Window:
        """Open another tab."""
        return Window(self, self.command("POST", "window/new", {"type": "tab"})["handle"])

    def windows(self) -> list[Window]:
        """Return all tabs, also those that pages opened."""
        return [Window(self, handle) for handle in self.command("GET", "window/handles")]

    def switch(self, handle: str) -> None:
        """Have the driver take commands for a tab."""
        if handle != self._current:
            self.command("POST", "window", {"handle": handle})
            self._current = handle

    def close(self) -> None:
        """End the browser."""
        self._commands.send("DELETE", f"/session/{self.id}")


class Window:
    """A tab, as the driver knows it."""

    def __init__(self, session: Session, handle: str) -> None:
        """`handle` is the driver's name for it."""
        self.session = session
        self.handle = handle

    def command(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a command about this tab."""
        self.session.switch(self.handle)
        return self.session.command(method, path, body)
