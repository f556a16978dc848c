"""The host's prompt in a terminal: the room's events, and below them a line for commands.

prompt_toolkit's loop runs in the caller's thread and owns the console and the screen. A second thread,
`messango-host-events`, waits for events and passes them to the loop in batches.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from prompt_toolkit.formatted_text import ANSI, to_formatted_text

from messango.signals import on_stop_signal
from messango.terminal.chat.chat_state import Line
from messango.terminal.chat.event_bridge import EventBridge
from messango.terminal.chat.key_bindings import CompletionLike, LineCompleter, chat_keys
from messango.terminal.chat.layout import fit
from messango.terminal.chat.screen import Screen


class Console(Protocol):
    """What the prompt needs of a console; no method waits. The prompt does not look into the events."""

    @property
    def should_quit(self) -> bool:
        """Whether the host has asked to close the room."""
        ...

    def handle(self, event: Any) -> list[str]:
        """Return the lines to show for an event."""
        ...

    def submit_input(self, line: str) -> list[str]:
        """Run what was typed, and return lines to show at once."""
        ...

    @property
    def is_secret(self) -> bool:
        """Whether a password is typed now."""
        ...

    def on_interrupt(self) -> list[str]:
        """Handle Ctrl-C, and return lines to show at once."""
        ...

    def on_eof(self) -> list[str]:
        """Handle Ctrl-D, and return lines to show at once."""
        ...

    def complete(self, before: str) -> Sequence[CompletionLike]:
        """Return the choices for Tab after the text before the cursor."""
        ...

    def status_text(self) -> str:
        """Return the text above the line for commands."""
        ...


def run_host_prompt(console: Console, events: queue.SimpleQueue[Any], *, color: bool) -> None:
    """Show events and run commands until the console quits, Ctrl-C, a signal, or None among the events.

    Also until the terminal is gone. Call it in the main thread.
    """
    _HostPrompt(console, events, color=color).run()


class _HostPrompt:
    """One room at one terminal. All methods but `_on_stop_signal` belong to the thread that calls `run`."""

    def __init__(self, console: Console, events: queue.SimpleQueue[Any], *, color: bool) -> None:
        self._console = console
        self._events = events
        self._stop_requested = threading.Event()
        keys = chat_keys(
            on_enter=self._on_enter,
            on_leave=self._on_interrupt,
            on_end=self._on_eof,
            is_secret=self._is_secret,
        )
        self._screen = Screen(
            self._status_rows,
            LineCompleter(console.complete),
            keys,
            color=color,
            is_secret=self._is_secret,
        )
        self._bridge = EventBridge(
            events, self._on_events, lambda event: event is None, thread_name="messango-host-events"
        )

    def run(self) -> None:
        """Show events and run commands until the end."""
        try:
            # At once, not when its turn among the events comes: in a flood that may take seconds.
            with on_stop_signal(self._on_stop_signal):
                self._screen.run(self._on_start)
        finally:
            self._bridge.stop()
            self._events.put(None)
            self._bridge.join()

    def _on_start(self) -> None:
        self._bridge.start()

    def _on_stop_signal(self, _number: int) -> None:
        """Close the room. In the thread of the signals."""
        self._stop_requested.set()
        self._screen.call_soon(self._close)

    def _on_events(self, batch: list[Any]) -> None:
        self._show(line for event in batch if event is not None for line in self._console.handle(event))
        if None in batch:
            self._close()

    def _on_enter(self, line: str) -> bool:
        if self._stop_requested.is_set():
            return True  # A long paste must not hold up the end.
        if line.strip() and not self._is_secret():
            self._show([f"› {line}"], "class:own")
        self._show(self._console.submit_input(line))
        self._close_if_quitting()
        return True

    def _is_secret(self) -> bool:
        return self._console.is_secret

    def _on_interrupt(self) -> None:
        self._show(self._console.on_interrupt())
        self._close_if_quitting()

    def _on_eof(self) -> None:
        self._show(self._console.on_eof())
        self._close_if_quitting()

    def _close_if_quitting(self) -> None:
        if self._console.should_quit:
            self._close()

    def _close(self) -> None:
        self._bridge.stop()
        self._screen.close()

    def _show(self, lines: Iterable[str], style: str = "") -> None:
        shown = [_painted(line, style) for line in lines]
        if shown:
            self._screen.show(shown)
        self._screen.redraw()

    def _status_rows(self, columns: int) -> list[Line]:
        return [fit([("class:status", f" {self._console.status_text()} ")], columns)]


def _painted(line: str, style: str) -> Line:
    """Return a line for the screen; a QR code comes with its colors.

    Nothing else begins like this: what others have written has no escape sequences any more.
    """
    if not line.startswith("\x1b["):
        return [(style, line)]
    return [(color, text) for color, text, *_ in to_formatted_text(ANSI(line))]
