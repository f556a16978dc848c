"""How long it takes from Enter until one's own message is in the conversation: by the page, and natively."""

from __future__ import annotations

import contextlib
import time
from typing import Final

from messango.protocol.frames import Message, Say
from tests.benchmarks.contestants import Tree
from tests.benchmarks.guests.browsers import WAYS, Browsers, guest_page
from tests.benchmarks.guests.room import open_room
from tests.benchmarks.guests.talking import Delays, say_in_turn
from tests.support.raw_client import RawClient

#: Messages of each way, in turns of so many, so that all have the same moods of the machine.
_TURNS: Final = 10
_EACH: Final = 20


def say_in_the_page(tree: Tree, browsers: Browsers) -> dict[str, float]:
    """Return the delays of a native member and of two guests in one room, who speak in turns."""
    times: dict[str, list[float]] = {"native": [], **{way: [] for way in WAYS}}
    with contextlib.ExitStack() as stack:
        room = stack.enter_context(open_room(tree))
        pages = {
            way: stack.enter_context(guest_page(browser, room, way, way))
            for way, browser in zip(WAYS, browsers.take(len(WAYS)), strict=True)
        }
        native = stack.enter_context(RawClient(room.port))
        native.join("native")
        for turn in range(_TURNS + 1):
            done = {"native": _native(native, turn)}
            for way, page in pages.items():
                page.cdp("Page.bringToFront")
                done[way] = say_in_turn(page, f"{way} {turn}", _EACH)
            if turn:  # At first, programs and pages load what they need.
                for who, some in done.items():
                    times[who] += some
    figures: dict[str, float] = {}
    for who, all_of_them in times.items():
        figures |= Delays.of(all_of_them).figures(who)
    return figures


def _native(client: RawClient, turn: int) -> list[float]:
    times = []
    for number in range(_EACH):
        begun_s = time.perf_counter()
        client.send(Say(said := f"{turn}-{number}", "native"))
        while client.await_frame(Message).id != said:
            pass
        times.append((time.perf_counter() - begun_s) * 1_000)
    return times
