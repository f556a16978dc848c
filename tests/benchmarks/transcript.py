"""`python -m tests.benchmarks.transcript`: how a window handles a burst and a long conversation.

A stop is the main thread's time between two looks at the events of the screen, in its own processor time
and by the clock; what else the machine does counts only in the second. Needs a display (xvfb-run).
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.window import Window
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined, received
from tests.gui.sessions import TARGET

BURST: Final = 10_000
LONG: Final = 100_000

_PAGE_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Stalls:
    """How long the main thread was blocked at a time, and in total, in milliseconds."""

    longest_cpu_ms: float
    longest_ms: float
    total_s: float


class Bench:
    """A window in a room with a lot of messages."""

    def __init__(self) -> None:
        self.driver, self._fakes = WindowDriver(), FakeServices()
        self.window: Window = self.driver.open(self._fakes.services(), target=TARGET)
        self._events = self._fakes.clients[0].events
        self._events.put(joined("Ben", "Ann"))
        self._sent = 0
        self.driver.until(lambda: self.window.root.title().startswith("Office"))

    @property
    def view(self) -> ConversationView:
        """The view of the conversation."""
        assert self.window.conversation_view is not None
        return self.window.conversation_view

    def burst(self, count: int) -> Stalls:
        """Let this many messages arrive at once, and wait until the last one is shown."""
        first, self._sent = self._sent, self._sent + count
        events = [
            received(
                seq, "Ben" if seq % 3 else "Chiara", f"{seq}: what people write, about so long", after_s=seq
            )
            for seq in range(first, first + count)
        ]
        for event in events:
            self._events.put(event)
        return self._busy_until(f"{self._sent - 1}: what")

    def _busy_until(self, last_words: str) -> Stalls:
        text, cpu_ms, wall_ms = self.view.transcript.text, [0.0], [0.0]
        began = wall = time.perf_counter()
        cpu = time.thread_time()
        while last_words not in text.get("end - 3 lines", "end"):
            self.window.root.tk.dooneevent(0)
            cpu_ms.append((time.thread_time() - cpu) * 1e3)
            wall_ms.append((time.perf_counter() - wall) * 1e3)
            cpu, wall = time.thread_time(), time.perf_counter()
        return Stalls(max(cpu_ms), max(wall_ms), time.perf_counter() - began)


def resident_mb() -> float:
    """Return the memory of this process, in MB (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES / 1e6


@click.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=3, show_default=True)
def main(*, rounds: int) -> None:
    """Measure bursts, memory, and how soon an old message is shown."""
    before = resident_mb()
    bench = Bench()
    opened = resident_mb()
    bursts = [bench.burst(BURST) for _ in range(rounds)]
    rest = bench.burst(LONG - rounds * BURST)
    view = bench.view.transcript
    began = time.thread_time()
    view.scroll_to(view.transcript.first + 50)
    bench.window.root.update_idletasks()
    shown_ms = (time.thread_time() - began) * 1e3
    median = statistics.median
    click.echo(f"{BURST:,} messages at once, {rounds} times:")
    click.echo(f"  longest stop, processor time    {max(one.longest_cpu_ms for one in bursts):7.1f} ms")
    click.echo(f"  longest stop, by the clock      {max(one.longest_ms for one in bursts):7.1f} ms")
    click.echo(f"  until the last is shown, median {median(one.total_s for one in bursts):7.2f} s")
    click.echo(f"{LONG:,} messages:")
    click.echo(f"  longest stop, processor time    {rest.longest_cpu_ms:7.1f} ms")
    click.echo(f"  memory: {before:.0f} MB, window {opened:.0f} MB, with all of them {resident_mb():.0f} MB")
    click.echo(f"  to the first of them            {shown_ms:7.1f} ms")
    bench.driver.close_all()


if __name__ == "__main__":
    main()
