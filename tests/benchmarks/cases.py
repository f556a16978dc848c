"""The cases of the benchmark: the questions that users ask."""

from __future__ import annotations

from typing import Final

from tests.benchmarks.load import MAX_UNDER_WAY_BYTES, Case

#: Clients and, among them, senders.
_ROOMS: Final = ((5, 5), (100, 10), (500, 5))

#: Messages of each sender that are under way; 0 stands for 256 KB.
_UNDER_WAY: Final = (1, 8, 64, 512, 0)

_SIZES: Final = (100, 4_096)

#: In the short form: clients and messages under way, in batches.
_SHORT: Final = ((5, 1), (5, 8), (5, 64), (100, 64), (500, 64))

_LATENCY_RATES: Final = (10, 200, 2_000)

#: How many messages a latency is measured with, but for no longer than some seconds.
_LATENCY_MESSAGES: Final = 1_000
_LATENCY_MAX_S: Final = 4.0

_VISITS: Final = 15


def short_cases(seconds: float) -> list[Case]:
    """Return the shapes that matter."""
    senders = dict(_ROOMS)
    return [
        *(_fan_out(clients, senders[clients], 100, count, seconds=seconds) for clients, count in _SHORT),
        _latency(5, 200),
        _joining(5),
        _storm(200),
    ]


def long_cases(seconds: float) -> list[Case]:
    """Return all of them."""
    fan_outs = [
        _fan_out(clients, senders, size, count, batches=batches, seconds=seconds)
        for size in _SIZES
        for clients, senders in _ROOMS
        for count in _UNDER_WAY
        for batches in (True, False)
        # One message is no batch, and no more than 256 KB are under way.
        if not (count == 1 and batches) and count * size < MAX_UNDER_WAY_BYTES
    ]
    latencies = [_latency(clients, rate) for clients in (5, 100) for rate in _LATENCY_RATES]
    return [*fan_outs, *latencies, *map(_joining, (5, 100, 500)), _storm(200)]


def _fan_out(
    clients: int, senders: int, size: int, count: int, *, batches: bool = True, seconds: float
) -> Case:
    how = "" if count == 1 else ", in batches" if batches else ", one at a time"
    what = f"{count:,}" if count else "256 KB"
    return Case(
        f"{_room(clients, senders)}, {size:,} B, {what} under way{how}",
        clients,
        senders,
        size=size,
        under_way=count,
        batches=batches and count != 1,
        seconds=seconds,
    )


def _room(clients: int, senders: int) -> str:
    return f"{clients} clients" if clients == senders else f"{clients} clients, {senders} send"


def _latency(clients: int, rate: int) -> Case:
    seconds = min(_LATENCY_MAX_S, _LATENCY_MESSAGES / rate)
    return Case(f"{clients} clients, {rate:,} messages/s", clients, 5, rate=rate, seconds=seconds)


def _joining(clients: int) -> Case:
    return Case(f"a room of {clients}, one joins", clients, 1, seconds=0.0, visits=_VISITS)


def _storm(clients: int) -> Case:
    return Case(f"{clients} join at once", clients, 0, seconds=0.0, storm=True)
