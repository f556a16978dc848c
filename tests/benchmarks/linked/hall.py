"""Three hundred members on six servers with one engine: what they wait for, and what they cost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.contestants import Messango, Tree
from tests.benchmarks.files.usage import status_mb
from tests.benchmarks.light import cpu_s
from tests.benchmarks.linked.contestants import LinkedServer
from tests.benchmarks.linked.crowd import Crowd
from tests.benchmarks.linked.engines import Engines
from tests.benchmarks.processes import RunningServer, running_in


class Shape(NamedTuple):
    """How many servers and members, and how much is said."""

    servers: int = 6
    members_each: int = 50
    singles: int = 30
    pack: int = 1_002
    packs: int = 10
    turns: int = 1_000


HALL: Final = Shape()
_SAID: Final = "s" * 100
_COUNTED: Final = "c" * 100
_BETWEEN_S: Final = 0.1
_LOOK_AGAIN_S: Final = 0.01
_CATCH_UP_TIMEOUT_S: Final = 300.0


class Place(NamedTuple):
    """A running server and its folder."""

    server: RunningServer
    folder: Path

    @property
    def history(self) -> Path:
        """Its conversation file."""
        (path,) = self.folder.rglob("rooms/*.sqlite")
        return path


def hall(tree: Tree, engines: Engines, shape: Shape = HALL) -> dict[str, float]:
    """Return the figures of the linked room, and of as many members on one server without a link."""
    figures: dict[str, float] = {}
    everybody = shape.servers * shape.members_each
    with contextlib.ExitStack() as stack:
        one = _start(stack, Messango(tree, tls=True, history=True), everybody)
        figures |= _named("one server", asyncio.run(_talk([one], everybody, [], shape)))
    with contextlib.ExitStack() as stack:
        link_file = engines.new_link("syncing")
        pids, store = engines.pids("syncing"), engines.stream_folder("syncing", link_file)
        places = [
            _start(stack, LinkedServer(tree, link_file), shape.members_each + 1) for _ in range(shape.servers)
        ]
        figures |= _named("six servers", asyncio.run(_talk(places, shape.members_each, pids, shape)))
        figures |= asyncio.run(_sizes(places, store, shape))
        figures |= _catch_up(stack, LinkedServer(tree, link_file), places[0])
    return figures


def _named(who: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{who}: {name}": figure for name, figure in figures.items()}


def _start(stack: contextlib.ExitStack, contestant: Messango, seats: int) -> Place:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
    return Place(stack.enter_context(running_in(folder, contestant, seats)), folder)


async def _talk(places: Sequence[Place], each: int, engines: Sequence[int], shape: Shape) -> dict[str, float]:
    """Let everybody join and talk; one member of each server talks."""
    pids = [place.server.pid for place in places]
    async with Crowd(_SAID) as crowd:
        begun_s = time.perf_counter()
        await crowd.join([place.server.port for place in places], each)
        joined_s = time.perf_counter() - begun_s
        times = []
        count = 0
        for _ in range(shape.singles):
            count += 1
            begun_s = time.perf_counter()
            crowd.members[count % len(crowd.members)].say([_SAID])
            await crowd.until_all_have(count)
            times.append((time.perf_counter() - begun_s) * 1_000)
            await asyncio.sleep(_BETWEEN_S)
        before = [cpu_s(pid) for pid in pids], sum(map(cpu_s, engines))
        begun_s = time.perf_counter()
        for _ in range(shape.packs):
            count += shape.pack
            for member in crowd.members[:: len(crowd.members) // 6]:
                member.say([_SAID] * (shape.pack // 6))
            await crowd.until_all_have(count)
        packs_s = time.perf_counter() - begun_s
        thousands = shape.pack * shape.packs / 1_000
        servers_s = [cpu_s(pid) - was for pid, was in zip(pids, before[0], strict=True)]
        figures = {
            "all join at once, s": joined_s,
            "one message, until everybody has it, median, ms": statistics.median(times),
            "1,000 messages to all, s": packs_s / thousands,
            "1,000 messages to all, CPU of a server, s": statistics.mean(servers_s) / thousands,
            "memory of a server, MB": statistics.mean(status_mb(pid, "VmRSS") for pid in pids),
        }
        if engines:
            engine_s = sum(map(cpu_s, engines)) - before[1]
            figures["1,000 messages to all, CPU of the engine, s"] = engine_s / thousands
            figures["memory of the engine, MB"] = sum(status_mb(pid, "VmRSS") for pid in engines)
        return figures


async def _sizes(places: Sequence[Place], store: Path, shape: Shape) -> dict[str, float]:
    """Return by how much the stream and a history grow: with single messages, and with many at once."""
    figures = {}
    async with Crowd(_COUNTED) as crowd:
        await crowd.join([places[1].server.port], 1)
        (member,) = crowd.members
        for what, turns, pack in (("one at a time", shape.turns, 1), ("many at once", 1, 10 * shape.turns)):
            before = _stream_bytes(store), _history_bytes(places[1].history)
            start = member.messages
            for turn in range(1, turns + 1):
                member.say([_COUNTED] * pack)
                await crowd.until_all_have(start + turn * pack)
            thousands = turns * pack / 1_000
            stream_kb = (_stream_bytes(store) - before[0]) / thousands / 1_000
            history_kb = (_history_bytes(places[1].history) - before[1]) / thousands / 1_000
            figures[f"1,000 messages {what}, the stream grows by, KB"] = stream_kb
            figures[f"1,000 messages {what}, a history grows by, KB"] = history_kb
    return figures


def _catch_up(stack: contextlib.ExitStack, contestant: Messango, teacher: Place) -> dict[str, float]:
    """Return how long a server that is new needs to read everything."""
    there = _standing(teacher)
    newcomer = _start(stack, contestant, 1)
    # It listens before it has opened its history.
    begun = _await_entries(newcomer, 1)
    begun_s = time.perf_counter()
    now = _await_entries(newcomer, there.entries)
    seconds = time.perf_counter() - begun_s
    return {
        "a new server: messages a second": (now.latest - begun.latest) / seconds,
        "a new server: entries a second": (now.entries - begun.entries) / seconds,
        "a new server: entries": there.entries,
    }


class Standing(NamedTuple):
    """The last number of a history, and how many entries of the stream are in it."""

    latest: int = 0
    entries: int = 0


def _await_entries(place: Place, entries: int) -> Standing:
    """Return where a server stands once it has so many entries; its file is all that tells."""
    deadline_s = time.monotonic() + _CATCH_UP_TIMEOUT_S
    while (standing := _standing(place)).entries < entries:
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"the new server has {standing.entries} of {entries} entries")
        time.sleep(_LOOK_AGAIN_S)
    return standing


def _standing(place: Place) -> Standing:
    try:
        uri = f"{place.history.as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            (latest,) = database.execute("SELECT COALESCE(MAX(seq), 0) FROM message").fetchone()
            row = database.execute("SELECT value FROM link_state WHERE key = 'place'").fetchone()
    except (ValueError, sqlite3.OperationalError):
        return Standing()
    return Standing(latest, json.loads(row[0])["place"][0] if row else 0)


def _history_bytes(path: Path) -> int:
    """Return the size of a history with all that is in its log."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    return int(pages * size)


def _stream_bytes(store: Path) -> int:
    return sum(file.stat().st_size for file in store.rglob("*.blk"))
