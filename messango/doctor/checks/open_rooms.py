"""Checks whether others reach the rooms that are open here; only other computers can tell.

Each room's server knows who has connected from where, and asks members to try its addresses.
"""

from __future__ import annotations

import contextlib
import functools
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

import msgspec

from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.own_filter import own_port_cure, port_reason
from messango.errors import MessangoError
from messango.protocol.limits import REACH_EVERY_S
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import DEFAULT_PORT, Address, parse_address
from messango.transport.control.client import RunningRoom, ask, running_rooms

CHECK: Final = "chat-port"

#: A server answers at once unless it is stopped.
_ROOM_TIMEOUT_S: Final = 2.0

#: A member has several seconds to try, and the server a little longer to wait for the answer.
_REACH_TIMEOUT_S: Final = 7.5

#: Members who were asked at one time answer within this time, and tell of the same state of the firewall.
_SAME_TIME_S: Final = 8.0

#: What was seen before that is reported with the time of day.
_RECENT_S: Final = 60.0

#: More rooms at a time nobody hosts; the others wait for their turn.
_ROOMS_AT_ONCE: Final = 8

#: Returns why connecting to an address from this computer failed, or "".
Connect = Callable[[Address], str]


class Seen(msgspec.Struct, frozen=True):
    """What another computer tells of an address: see `server.reach_request`."""

    host: str
    name: str
    ok: bool
    time: float

    def __str__(self) -> str:
        return f"{quoted_name(self.name)} ({self.host})" if self.name else self.host


class _Row(msgspec.Struct, frozen=True):
    address: str
    seen: list[Seen]


class _Reply(msgspec.Struct, frozen=True):
    since: float
    addresses: list[_Row]


class _Room(msgspec.Struct, frozen=True):
    """The part of the reply to `room` that matters here."""

    port: int
    host: str | None = None


class AskRoom(Protocol):
    """Asks a room's server, as `transport.control.client.ask` does."""

    def __call__(self, room: RunningRoom, request: str, /, *, timeout_s: float) -> dict[str, Any]: ...


def check_open_rooms(
    rooms: Sequence[RunningRoom], connect: Connect, ask_room: AskRoom | None = None
) -> Iterator[Finding]:
    """Report from where each of these rooms was reached at which of its addresses; all at the same time."""
    check = functools.partial(_check_room, connect=connect, ask_room=ask_room or _ask)
    with ThreadPoolExecutor(min(len(rooms), _ROOMS_AT_ONCE), "messango-doctor-room") as pool:
        for findings in pool.map(check, rooms):
            yield from findings


def open_ports() -> list[int]:
    """Return the ports of the rooms that are open here; without one, that of the next room."""
    ports: set[int] = set()
    with contextlib.suppress(MessangoError):
        for room in running_rooms():
            with contextlib.suppress(MessangoError, msgspec.ValidationError):
                ports.add(msgspec.convert(_ask(room, "room", timeout_s=_ROOM_TIMEOUT_S), _Room).port)
    return sorted(ports) or [DEFAULT_PORT]


def _ask(room: RunningRoom, request: str, /, *, timeout_s: float) -> dict[str, Any]:
    return ask(room, request, timeout_s=timeout_s)


def _check_room(room: RunningRoom, connect: Connect, ask_room: AskRoom) -> list[Finding]:
    try:
        info = msgspec.convert(ask_room(room, "room", timeout_s=_ROOM_TIMEOUT_S), _Room)
        reply = msgspec.convert(ask_room(room, "reach", timeout_s=_REACH_TIMEOUT_S), _Reply)
        seen = {parse_address(row.address): _at_one_time(row.seen, reply.since) for row in reply.addresses}
    except msgspec.ValidationError:
        return [_unanswered(room, "gave an answer that this Messango does not understand", "")]
    except MessangoError as error:
        return [_unanswered(room, "could not be asked", f"{error} {error.hint}".strip())]
    if not seen:
        return [_only_here(room, Address(info.host or "127.0.0.1", info.port))]
    return [*_address_findings(room, seen, reply.since, connect)]


def _unanswered(room: RunningRoom, what: str, reason: str) -> Finding:
    return Finding(
        CHECK,
        Severity.WARNING,
        f"The server of {quoted_name(room.name)} {what}, so it is not known whether others reach it.",
        reason or "Close the room, and open it again with this version.",
        unproved=f"that others can reach {quoted_name(room.name)}",
    )


def _only_here(room: RunningRoom, address: Address) -> Finding:
    return Finding(
        CHECK,
        Severity.NOTE,
        f"{quoted_name(room.name)} has no address that other computers can use, only {address}.",
        "For others to join, connect this computer to their network, and open the room without `--host`.",
    )


def _address_findings(
    room: RunningRoom, seen: dict[Address, list[Seen]], since: float, connect: Connect
) -> Iterator[Finding]:
    with ThreadPoolExecutor(len(seen), "messango-doctor-port") as pool:
        reasons = dict(zip(seen, pool.map(connect, seen), strict=True))
    untried: list[Address] = []
    for address, sightings in seen.items():
        if reasons[address]:
            yield unreachable_from_here(quoted_name(room.name), address, reasons[address])
        elif sightings:
            yield _seen_finding(room, address, sightings, since)
        else:
            untried.append(address)
    if untried:
        yield _unproved(room, untried, nobody=not any(seen.values()))


def unreachable_from_here(room: str, address: Address, reason: str) -> Finding:
    """Return that not even this computer reaches its own address."""
    return Finding(
        CHECK,
        Severity.PROBLEM,
        f"{room} can't be reached at {address}, not even from this computer ({reason}).",
        f"Something blocks connections to TCP port {address.port}. {own_port_cure(address)}",
    )


def _at_one_time(seen: Sequence[Seen], since: float) -> list[Seen]:
    """Return what members told just now, or the last time: the firewall may have been another one before."""
    latest = max((one.time for one in seen), default=0.0)
    begin = since if latest >= since else latest - _SAME_TIME_S
    return [one for one in seen if one.time >= begin]


def _seen_finding(room: RunningRoom, address: Address, seen: Sequence[Seen], since: float) -> Finding:
    name = quoted_name(room.name)
    reached = [one for one in seen if one.ok]
    failed = [one for one in seen if not one.ok]
    if not failed:
        when = "" if reached[0].time >= since else f" ({_when(reached[0])})"
        message = f"Seen from {_listing(reached)}: {name} is reachable at {address}{when}."
        return Finding(CHECK, Severity.OK, message)
    who = _listing(failed)
    if reached:
        return Finding(
            CHECK,
            Severity.WARNING,
            f"{name} is reachable from {_listing(reached)} at {address}, but not from {who}.",
            f"So this computer lets others in. Run `messango doctor {address}` on the computer of {who}: "
            "something between the two is in the way.",
        )
    cure = port_reason(address, failed[0].host)
    if failed[0].time >= since:
        message = f"{name} is not reachable from {who} at {address}."
        return Finding(CHECK, Severity.PROBLEM, message, cure)
    return _failed_before(f"{name} was not reachable from {who} at {address}", failed[0], cure)


def _failed_before(what: str, failed: Seen, cure: str) -> Finding:
    """Return a failure of a moment ago, or of long ago: nobody could be asked again."""
    age_s = max(0.0, time.time() - failed.time)
    if age_s < REACH_EVERY_S:
        wait_s = math.ceil(REACH_EVERY_S - age_s)
        again = f"If you have changed that since, run the doctor again in {wait_s} s: nobody is asked sooner."
        return Finding(CHECK, Severity.PROBLEM, f"{what} {_when(failed)}.", f"{cure} {again}")
    return Finding(
        CHECK,
        Severity.WARNING,
        f"{what} {_when(failed)}, and nobody there can be asked now.",
        cure,
        unproved="that others can reach it now",
    )


def _unproved(room: RunningRoom, addresses: Sequence[Address], *, nobody: bool) -> Finding:
    name, where = quoted_name(room.name), ", ".join(map(str, addresses))
    who = "Nobody else has connected" if nobody else "Nobody on another computer has tried to connect"
    return Finding(
        CHECK,
        Severity.NOTE,
        f"{who} to {name} at {where} yet, so it is not proved that others can.",
        f"Run `messango doctor {addresses[0]}` on another computer of this network, or let somebody join "
        "there.",
        unproved=f"that others can reach {name} at {where}",
    )


def _listing(seen: Iterable[Seen]) -> str:
    return " and ".join(map(str, seen))


def _when(seen: Seen) -> str:
    """Return how long ago it was, or the time of day."""
    age_s = max(0.0, time.time() - seen.time)
    if age_s < _RECENT_S:
        return f"{age_s:.0f} s ago"
    return f"at {time.strftime('%H:%M', time.localtime(seen.time))}"
