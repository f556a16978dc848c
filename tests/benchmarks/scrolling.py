"""`python -m tests.benchmarks.scrolling`: a real window scrolls through all that a real room keeps.

The room is a process of its own, with a history of many messages. Somebody holds Page Up until the first
message, then Page Down until the newest. A stop is the time that the main thread takes for one event of the
screen, in its own processor time and by the clock; what else the machine does counts only in the second.
Needs a display (xvfb-run).
"""

from __future__ import annotations

import dataclasses
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import click

from messango.gui.background.gc_guard import gc_in_main_thread
from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.window import Window
from messango.protocol.frames import Message
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.transport.addresses import Address
from tests.benchmarks.contestants import OURS, Messango
from tests.benchmarks.processes import running_in
from tests.benchmarks.transcript import resident_mb
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import NOON, FakeServices

_BATCH: Final = 10_000
_PEOPLE: Final = ("Ann", "Ben", "Chiara", "Deniz")
_TEXT: Final = (
    "and then we take the early train to the lake because the late one is always full of people "
    "http://example.org/tickets *really* 🥭 好的 the picture is from yesterday, so what do you think?"
)
_TIMEOUT_S: Final = 600.0

#: Tk's flag that means: handle one event if there is one, but do not wait.
_DONT_WAIT: Final = 2


class _Kitchen(Messango):
    """A room with a history in a file."""

    def __init__(self, history: Path) -> None:
        super().__init__(OURS, tls=True, history=True)
        self._history = history

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        return [*super().command(port, folder, clients), "--history", str(self._history)]


class Stops:
    """How long the main thread was away from the screen, in milliseconds, and for how long in all."""

    def __init__(self) -> None:
        self.cpu_ms: list[float] = []
        self.wall_ms: list[float] = []
        self.total_s = 0.0

    def until(self, window: Window, condition: Callable[[], bool]) -> None:
        """Handle events until a condition holds."""
        began = time.perf_counter()
        while not condition():
            if time.perf_counter() > began + _TIMEOUT_S:
                raise RuntimeError("the window did not get there in time")
            cpu, wall = time.thread_time(), time.perf_counter()
            handled = window.root.tk.dooneevent(_DONT_WAIT)
            self.cpu_ms.append((time.thread_time() - cpu) * 1e3)
            self.wall_ms.append((time.perf_counter() - wall) * 1e3)
            if not handled:
                time.sleep(0.001)
        self.total_s += time.perf_counter() - began

    def __str__(self) -> str:
        """Return the longest, and how many were longer than a few limits."""
        over = ", ".join(f"{sum(one > limit for one in self.cpu_ms):,} over {limit} ms" for limit in (16, 30))
        longest = f"{max(self.cpu_ms):.1f} ms of processor time, {max(self.wall_ms):.1f} ms by the clock"
        return f"longest stop {longest} ({over}); {self.total_s:.1f} s"


class _Reader:
    """Holds a key down in a window."""

    def __init__(self, window: Window, every_ms: int) -> None:
        self._window, self._every_ms = window, every_ms
        self._pages = 0

    @property
    def view(self) -> ConversationView:
        """The page with the conversation."""
        assert self._window.conversation_view is not None
        return self._window.conversation_view

    def hold(self, pages: int) -> None:
        """Scroll by pages again and again; 0 lets the key go."""
        is_held, self._pages = self._pages != 0, pages
        if not is_held:
            self._repeat()

    def _repeat(self) -> None:
        if self._pages:
            self.view.transcript.page_scroll(self._pages)
            self._window.root.after(self._every_ms, self._repeat)


def write_history(path: Path, count: int) -> None:
    """Write a file with so many messages of four people, over some months."""
    rng = random.Random(count)  # noqa: S311 (texts to scroll through)
    with closing(SqliteHistory(path, NOON)) as history:
        for first in range(1, count + 1, _BATCH):
            history.append(
                [_message(rng, seq, count) for seq in range(first, min(first + _BATCH, count + 1))]
            )


def _message(rng: random.Random, seq: int, count: int) -> Message:
    name = _PEOPLE[(seq // 3) % len(_PEOPLE)]
    text = f"{seq}: {' '.join(rng.choices(_TEXT.split(), k=rng.randint(1, 25)))}"
    if seq % 500 == 0:
        text = "\n".join([text[:100]] * 40)
    return Message(seq, f"m{seq}", f"member-{name}", NOON - 60.0 * (count - seq), name, text)


@click.command()
@click.option("--messages", type=click.IntRange(1_000, 2_000_000), default=100_000, show_default=True)
@click.option("--every-ms", type=click.IntRange(1, 1_000), default=10, show_default=True, help="A page.")
def main(*, messages: int, every_ms: int) -> None:
    """Measure the stops and the memory while one scrolls through everything."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        os.environ["MESSANGO_HOME"] = str(folder / "home")
        os.environ["MESSANGO_INTERFACES"] = "127.0.0.1"
        history = folder / "kitchen.messango"
        write_history(history, messages)
        with running_in(folder, _Kitchen(history), 5) as server, gc_in_main_thread():
            _scroll(server.port, messages, every_ms)


def _scroll(port: int, messages: int, every_ms: int) -> None:
    driver = WindowDriver()
    services = dataclasses.replace(FakeServices().services(), join=real_services().join)
    target = JoinTarget("Kitchen", (Address("127.0.0.1", port),))
    window = driver.open(services, target=target, name="Eve")
    reader = _Reader(window, every_ms)
    driver.until(lambda: f"{messages}: " in _shown(reader))
    opened_mb = resident_mb()
    most_mb = opened_mb

    def is_at_first() -> bool:
        nonlocal most_mb
        most_mb = max(most_mb, resident_mb())
        return "This is the beginning of Benchmark" in _shown(reader)

    def is_at_last() -> bool:
        nonlocal most_mb
        most_mb = max(most_mb, resident_mb())
        return reader.view.transcript.at_end

    for title, pages, is_done in (("up", -1, is_at_first), ("down", 1, is_at_last)):
        stops = Stops()
        reader.hold(pages)
        stops.until(window, is_done)
        reader.hold(0)
        click.echo(f"{messages:,} messages {title}: {stops}")
    click.echo(f"memory: window {opened_mb:.0f} MB, at most {most_mb:.0f} MB")
    driver.close_all()


def _shown(reader: _Reader) -> str:
    text = reader.view.transcript.text
    return text.get("@0,0", "@0,99999 lineend")


if __name__ == "__main__":
    main()
