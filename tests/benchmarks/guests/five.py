"""Rooms with five guests: what they cost while nobody speaks, and how quick they are while all do."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.contestants import Tree
from tests.benchmarks.guests.browsers import WAYS, Browsers, Way, guest_page
from tests.benchmarks.guests.room import GuestRoom, open_room
from tests.benchmarks.guests.talking import Delays, finish_talk, start_talk
from tests.benchmarks.light import MEMBERS, five_members, idling
from tests.benchmarks.load import Case, run_load
from tests.benchmarks.processes import running
from tests.support.browser.chromium import ChromiumPage

_ROOMS: Final[Mapping[str, Sequence[Way]]] = {
    "WebSocket": [WAYS[0]] * MEMBERS,
    "event stream": [WAYS[1]] * MEMBERS,
    "three WebSockets, two event streams": [WAYS[0]] * 3 + [WAYS[1]] * 2,
}
_NATIVE: Final = "native"

#: Messages a second, of all together.
_RATE: Final = 50.0
_TALK_S: Final = 3.0

#: After 30 s, the server closes a connection that a browser does not use. That comes before idling.
_CONNECTIONS_LAST_S: Final = 32.0


def five_guests(tree: Tree, browsers: Browsers, load: Path, idle_s: float) -> dict[str, float]:
    """Return the delays in one room after the other, and then what all of them cost while nobody speaks."""
    with contextlib.ExitStack() as stack:
        rooms = {name: stack.enter_context(open_room(tree)) for name in (_NATIVE, *_ROOMS)}
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        pages = {
            name: [
                stack.enter_context(guest_page(browser, rooms[name], f"Guest {number}", way))
                for number, (browser, way) in enumerate(zip(browsers.take(MEMBERS), ways, strict=True))
            ]
            for name, ways in _ROOMS.items()
        }
        stack.enter_context(five_members(rooms[_NATIVE].port, home))
        idle_at_s = time.monotonic() + _CONNECTIONS_LAST_S
        figures = _native_talk(tree, load).figures(f"50 messages/s, {_NATIVE}")
        for name, guests in pages.items():
            figures |= Delays.of(_talk(guests)).figures(f"50 messages/s, {name}")
        threading.Event().wait(max(0.0, idle_at_s - time.monotonic()))
        costs = idling([room.pid for room in rooms.values()], idle_s)
    for name, cost in zip(rooms, costs, strict=True):
        figures[f"idle, {name}, % of a core (goal: 0.3)"] = cost.cpu_percent
        figures[f"idle, {name}, wake-ups a second"] = cost.wakeups_per_s
    return figures


def _talk(pages: Sequence[ChromiumPage]) -> list[float]:
    """Have all guests talk at the same time, one shortly after the other; return the times of all."""
    every_ms = 1_000 * len(pages) / _RATE
    for number, page in enumerate(pages):
        page.cdp("Page.bringToFront")
        start_talk(
            page, str(number), int(_TALK_S * 1_000 / every_ms), every_ms, number * every_ms / len(pages)
        )
    return [one for page in pages for one in finish_talk(page)]


def _native_talk(tree: Tree, load: Path) -> Delays:
    """Return the same for native members, of a load program in C."""
    case = Case("five native members", MEMBERS, MEMBERS, rate=_RATE, seconds=_TALK_S)
    server = GuestRoom(tree)
    with running(server, MEMBERS) as room:
        outcome = run_load(load, server, room, case)
    return Delays(outcome.p50_ms, outcome.p99_ms)
