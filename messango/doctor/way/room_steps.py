"""The steps of the way to a room, each as a finding. Pure."""

from __future__ import annotations

from typing import Final

from messango.discovery.model.events import SLOW_PING_MS
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.scene import is_self_assigned
from messango.protocol.frames import RoomInfoFrame
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import Address, without_scope
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.dial_failure_texts import explain, run_doctor_hint
from messango.transport.networks.own_networks import OwnNetworks

#: After these kinds of failure, the connection itself was fine.
_CONNECTED: Final = frozenset(
    {
        FailureKind.SILENT,
        FailureKind.STALLED,
        FailureKind.SLOW,
        FailureKind.CLOSED,
        FailureKind.RESET,
        FailureKind.WEB_SERVER,
        FailureKind.OTHER_PROTOCOL,
        FailureKind.OTHER_TLS,
        FailureKind.WRONG_CERTIFICATE,
    }
)

#: Versions that do not tell the two apart.
_OLDER_LOCK: Final = " It asks for a password, or its host has locked it."


_WEAK_WIFI: Final = (
    "The Wi-Fi is weak or crowded: move closer to the access point, or use a cable. Messango waits for the "
    "answers, so joining takes longer."
)


def step_of(kind: FailureKind) -> str:
    """Return the step that a kind of failure breaks."""
    if kind is FailureKind.NAME_NOT_FOUND:
        return "name"
    if kind is FailureKind.WRONG_CERTIFICATE:
        return "certificate"
    return "encryption" if kind in _CONNECTED else "connect"


def with_reason(step: str, attempt: DialAttempt, reason: Finding | None) -> Finding:
    """Return the finding of a broken step: the recognized reason, or else what the attempt met."""
    if reason is None:
        message, hint = explain(attempt)
        # The person is just doing that.
        hint = hint.removesuffix(run_doctor_hint(attempt)).rstrip()
        return Finding(step, Severity.PROBLEM, message, hint)
    return Finding(step, Severity.PROBLEM, reason.message, reason.remedy)


def network_step(own: OwnNetworks, address: Address) -> Finding:
    """Return by which own network an address is reached; its host is numeric."""
    host = address.host
    if own.is_own(host):
        return Finding("network", Severity.OK, f"{host} is an address of this computer.")
    source = own.source_of(host)
    if source is None:
        return Finding(
            "network", Severity.NOTE, f"No network of this computer leads to {host}.", "See the next steps."
        )
    by = f"{source.name} ({source.literal})"
    if source.kind == "vpn":
        message = f"Packets to {host} leave by the VPN {by}."
    elif source.holds(without_scope(host)):
        kind = " that it gave itself" if is_self_assigned(source.literal) else ""
        message = f"{host} is on this computer's own network: {by}{kind}."
    else:
        message = f"{host} is on another network; packets to it leave by {by} to a router."
    return Finding("network", Severity.OK, message)


def connect_step(address: Address, ping_ms: float) -> Finding:
    """Return that an address accepts connections, and whether that took long."""
    if ping_ms < SLOW_PING_MS:
        return Finding("connect", Severity.OK, f"{address} accepts connections (in {ping_ms:.1f} ms).")
    message = f"{address} accepts connections, but slowly (in {ping_ms:.0f} ms)."
    return Finding("connect", Severity.WARNING, message, _WEAK_WIFI)


def unsteady(address: Address) -> Finding:
    """Return that a second connection did not come about after the first one."""
    message = f"{address} answered, but not again: the network is slow or loses packets."
    return Finding("packets", Severity.WARNING, message, _WEAK_WIFI)


def room_step(room: RoomInfoFrame) -> Finding:
    """Return whether a room that answers can be joined."""
    name = quoted_name(room.name)
    if room.protocol != PROTOCOL_VERSION:
        return Finding(
            "room",
            Severity.PROBLEM,
            f"The room {name} uses another version of Messango's protocol ({room.protocol}).",
            "Update Messango on both computers.",
        )
    seats = f"{room.members} of {room.seats} seats are taken"
    if room.refuses_newcomers:
        return Finding(
            "room",
            Severity.WARNING,
            f"The room {name} answers, but its host has locked it: nobody new can join.",
            "Ask the host to unlock it (`messango host unlock`).",
        )
    if room.members >= room.seats:
        return Finding(
            "room",
            Severity.WARNING,
            f"The room {name} answers, but it is full: {seats}.",
            "Wait until somebody leaves, or ask its host for more seats.",
        )
    guarded = " It asks for a password." if room.password else _OLDER_LOCK if room.locked else ""
    return Finding("room", Severity.OK, f"The room {name} answers and is open: {seats}.{guarded}")


def own_room(address: Address) -> Finding:
    """Return what a connection of this computer to itself proves: nothing about the network."""
    return Finding(
        "outside",
        Severity.WARNING,
        "The room is on this computer, so this says nothing about whether other computers can reach it.",
        f"Run `messango doctor {address}` on another computer, or `messango doctor` here while somebody is "
        "in the room.",
    )
