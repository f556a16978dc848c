"""How long a message is under way to a member of the same server, and of another one."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Final, TypeAlias

from messango.protocol.frames import Message, Say
from tests.benchmarks.contestants import Messango, Tree
from tests.benchmarks.guests.talking import Delays
from tests.benchmarks.linked.contestants import running_servers
from tests.benchmarks.linked.engines import Engines
from tests.benchmarks.processes import running
from tests.support.raw_client import RawClient

_MESSAGES: Final = 200
_TEXT: Final = "x" * 100
_SEATS: Final = 5

#: Says something and waits until somebody reads it; returns after how many ms.
_Way: TypeAlias = Callable[[int], float]


def ways(tree: Tree, engines: Engines, messages: int = _MESSAGES) -> dict[str, float]:
    """Return the median and the 99th percentile of each way, and how many times the unlinked one it is.

    The ways take turns with each message.
    """
    with contextlib.ExitStack() as stack:
        room = stack.enter_context(running(Messango(tree, tls=True, history=True), _SEATS))
        link_file = engines.new_link("syncing")
        first, second = stack.enter_context(running_servers(tree, link_file, 2, _SEATS))
        every = {
            "not linked": _way(stack, room.port, room.port),
            "linked, same server": _way(stack, first.port, first.port),
            "linked, another server": _way(stack, first.port, second.port),
        }
        times: dict[str, list[float]] = {name: [] for name in every}
        for number in range(messages):
            for name, way in every.items():
                times[name].append(way(number))
    figures: dict[str, float] = {}
    unlinked = Delays.of(times["not linked"])
    for name, all_ms in times.items():
        delays = Delays.of(all_ms)
        figures |= delays.figures(name)
        if name != "not linked":
            figures[f"{name}, median, times not linked (goal: 3)"] = delays.median / unlinked.median
    return figures


def _way(stack: contextlib.ExitStack, from_port: int, to_port: int) -> _Way:
    """Let two members join; return what sends a message from one to the other."""
    sender, reader = (stack.enter_context(RawClient(port)) for port in (from_port, to_port))
    prefix = sender.join("Ann").session
    reader.join("Ben")

    def say(number: int) -> float:
        message_id = f"{prefix}-{number}"
        begun_s = time.perf_counter()
        sender.send(Say(message_id, _TEXT))
        _await_message(reader, message_id)
        elapsed_ms = (time.perf_counter() - begun_s) * 1_000
        # Its receipt: nothing of this is under way any more when the next one is.
        _await_message(sender, message_id)
        return elapsed_ms

    return say


def _await_message(client: RawClient, message_id: str) -> None:
    """Wait for this message; the others of the same room are not of interest."""
    while client.await_frame(Message).id != message_id:
        pass
