"""A terminal whose keys a test types in advance or when a text appears."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable

from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput
from prompt_toolkit.output.vt100 import Vt100_Output

from messango.terminal.chat.chat import run_chat
from tests.support.escapes import without_escapes
from tests.terminal.fake_client import FakeClient

CTRL_C, CTRL_D, ALT_ENTER, TAB = "\x03", "\x04", "\x1b\r", "\t"
ALT_UP, BACKSPACE = "\x1b\x1b[A", "\x7f"
UP, RIGHT, DELETE = "\x1b[A", "\x1b[C", "\x1b[3~"


class _Screen(io.StringIO):
    """The output; calls `on_draw` with all of it, without escape sequences, at each draw."""

    on_draw: Callable[[str], None] = staticmethod(lambda _: None)

    def flush(self) -> None:
        self.on_draw(without_escapes(self.getvalue()))


class Terminal:
    """A terminal of 80 columns."""

    def __init__(self, keyboard: PipeInput) -> None:
        self.keyboard = keyboard
        self.written = _Screen()
        self.written.on_draw = self._react
        self._planned: list[tuple[str, int, Callable[[], None]]] = []
        self.output = Vt100_Output(self.written, lambda: Size(rows=24, columns=80), enable_cpr=False)

    def chat(self, client: FakeClient, keys: str = "", *, color: bool = False) -> int:
        """Run a chat and type these keys."""
        self.keyboard.send_text(keys)
        return run_chat(client, color=color)

    def type_when(self, seen: str, keys: str, times: int = 1) -> None:
        """Type keys once `seen` is on the screen that many times; plans run in order."""
        self.do_when(seen, lambda: self.keyboard.send_text(keys), times)

    def do_when(self, seen: str, act: Callable[[], None], times: int = 1) -> None:
        """Call `act` once `seen` is on the screen that many times; plans run in order."""
        self._planned.append((seen, times, act))

    def _react(self, shown: str) -> None:
        if self._planned and shown.count(self._planned[0][0]) >= self._planned[0][1]:
            self._planned.pop(0)[2]()

    def lose(self) -> None:
        """From now on the terminal is gone: writing to it fails."""

        def fail(_: str) -> None:
            raise OSError(errno.EIO, "Input/output error")

        self.written.on_draw = fail

    @property
    def shown(self) -> str:
        """All output so far, without escape sequences."""
        return without_escapes(self.written.getvalue())

    def count_lines(self, text: str) -> int:
        """Count the lines that end with a text; redraws of the prompt do not count."""
        return sum(line.rstrip().endswith(text) for line in self.shown.split("\r\n"))
