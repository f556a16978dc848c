"""Checks the link of a linked room: from its file, or as the rooms that are open here say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from messango.doctor.checks.engine_probe import EngineAnswer, EngineTarget, probe_engine
from messango.doctor.findings import Finding, Severity
from messango.errors import MessangoError
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.wording import counted
from messango.transport.addresses import Address
from messango.transport.control.client import RunningRoom, ask, running_rooms

CHECK: Final = "link"

#: A server answers at once unless it is stopped.
_ROOM_TIMEOUT_S: Final = 2.0

#: Asks a room what its host's command `link` says; raises `MessangoError` if it is not linked.
AskLink = Callable[[RunningRoom], Mapping[str, Any]]

Probe = Callable[[Address, EngineTarget], EngineAnswer]


def check_link_file(target: EngineTarget, probe: Probe = probe_engine) -> Iterator[Finding]:
    """Report for each address in a linked room's file what answers there.

    One address that works is enough, so the others are then no problem.
    """
    with ThreadPoolExecutor(len(target.addresses), "messango-doctor-link") as pool:
        answers = list(pool.map(lambda address: probe(address, target), target.addresses))
    works = any(answer.entries is not None for answer in answers)
    for address, answer in zip(target.addresses, answers, strict=True):
        finding = _finding(address, answer)
        if works and finding.severity is Severity.PROBLEM:
            yield Finding(CHECK, Severity.NOTE, f"{finding.message} Another address works.", finding.remedy)
        else:
            yield finding


def check_open_links(
    open_rooms: Callable[[], Sequence[RunningRoom]] = running_rooms, ask_link: AskLink | None = None
) -> Iterator[Finding]:
    """Report the link of each linked room that is open here; nothing for rooms that are not linked."""
    try:
        rooms = open_rooms()
    except MessangoError:
        # A folder that can't be read is reported by `check_home`.
        return
    for room in rooms:
        try:
            report = (ask_link or _ask_link)(room)
            yield _report_finding(room, report)
        except (MessangoError, LookupError, TypeError):
            # Not linked, or closing, or of another version; a server that hangs is reported with its port.
            continue


def _ask_link(room: RunningRoom) -> Mapping[str, Any]:
    link: Mapping[str, Any] = ask(room, "command", {"line": "link"}, _ROOM_TIMEOUT_S)["link"]
    return link


def _report_finding(room: RunningRoom, report: Mapping[str, Any]) -> Finding:
    name = quoted_name(room.name)
    if not report["up"]:
        return Finding(
            CHECK,
            Severity.PROBLEM,
            f"The link of the room {name} to the other servers is down. {report['reason']}".rstrip(),
            report["hint"] or "Run `messango doctor` with the room's file to see what answers.",
        )
    present = sum(bool(server["present"]) for server in report["servers"])
    return Finding(
        CHECK,
        Severity.OK,
        f"The room {name} is linked: {counted(present, 'server')}, and its engine answers.",
    )


def _finding(address: Address, answer: EngineAnswer) -> Finding:
    if not answer.reached:
        return Finding(
            CHECK,
            Severity.PROBLEM,
            f"The engine can't be reached at {address} ({answer.reason}).",
            "Check that the server with the engine runs, that this is still its computer's address, and that "
            f"a firewall there lets TCP port {address.port} in.",
        )
    if not answer.is_nats:
        return Finding(
            CHECK,
            Severity.PROBLEM,
            f"What answers at {address} is not an engine ({answer.reason}).",
            "Check the address and the port in the file.",
        )
    version = f"nats-server {excerpt(answer.version)}"
    if not answer.let_in:
        return Finding(
            CHECK,
            Severity.PROBLEM,
            f"The engine at {address} ({version}) does not work with this file: {excerpt(answer.reason)}.",
            "Copy the file again from the computer where it was written.",
        )
    if answer.entries is None:
        return Finding(
            CHECK,
            Severity.PROBLEM,
            f"The engine at {address} ({version}) has no stream for this room.",
            "Start the server that begins the room first: the one with --link-host, or whose file has "
            "“replicas”. If the room existed, the engine has lost it: restore its store from a backup.",
        )
    entries = f"{answer.entries:,} {'entry' if answer.entries == 1 else 'entries'}"
    return Finding(
        CHECK,
        Severity.OK,
        f"The engine answers at {address} ({version}), and has this room's stream with {entries}.",
    )
