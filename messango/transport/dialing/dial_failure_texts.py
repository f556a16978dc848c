"""What people read when no room answers at an address: what happened there, and what to do next. Pure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Final

from messango.errors import Unreachable
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, DialFailed, FailureKind, most_telling

#: A word for each kind, in lists of rooms.
SHORT_TEXTS: Final = {
    FailureKind.REFUSED: "port closed",
    FailureKind.REJECTED: "blocked by a firewall",
    FailureKind.NO_ANSWER: "blocked or away",
    FailureKind.HOST_UNREACHABLE: "off or asleep",
    FailureKind.NO_ROUTE: "no network leads there",
    FailureKind.BLOCKED_HERE: "blocked by this computer",
    FailureKind.SILENT: "server stopped or stuck",
    FailureKind.STALLED: "large packets lost",
    FailureKind.SLOW: "too slow",
    FailureKind.CLOSED: "closes connections",
    FailureKind.RESET: "resets connections",
    FailureKind.WEB_SERVER: "a web server answers",
    FailureKind.OTHER_PROTOCOL: "another program answers",
    FailureKind.OTHER_TLS: "another program answers",
    FailureKind.WRONG_CERTIFICATE: "another room answers",
    FailureKind.NAME_NOT_FOUND: "name not found",
    FailureKind.FAILED: "no connection could be opened",
}


def dial_failed(attempts: Sequence[DialAttempt]) -> Unreachable:
    """Return the error for these attempts, of which each failed; its sentences are about the most telling."""
    attempt = most_telling(attempts)
    if attempt is None:
        return Unreachable("The room has no address that can be tried.", _ASK_FOR_ADDRESS)
    message, hint = explain(attempt)
    return DialFailed(message, hint, attempts)


def explain(attempt: DialAttempt) -> tuple[str, str]:
    """Return what happened at the address of an attempt, and what to do next."""
    return _TEXTS[attempt.kind](attempt)


def place(attempt: DialAttempt) -> str:
    """Return the address as people read it: the name that they typed, if it was one, and its address."""
    if attempt.host_name and attempt.host_name != attempt.address.host:
        return f"{Address(attempt.host_name, attempt.address.port)} ({attempt.address.host})"
    return str(attempt.address)


_ASK_HOST: Final = "Ask the host which address and port the server shows."
_ASK_FOR_ADDRESS: Final = f"{_ASK_HOST} `messango discover` lists the rooms that answer."


def _refused(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"Nothing is listening at {place(attempt)}: the room is closed, it uses another port, or a firewall "
        "refuses the connection.",
        f"{_ASK_HOST} If it is this one, the host finds the firewall with `messango doctor`.",
    )


def _rejected(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"A firewall refuses connections to {place(attempt)}.",
        "Ask the host to run `messango doctor`, which has the command that opens TCP port "
        f"{attempt.address.port} there. If it finds nothing, the firewall is this computer's own or a "
        f"router's. {run_doctor_hint(attempt)}",
    )


def _no_answer(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"{place(attempt)} does not answer: a firewall drops the connection, or that computer is off, asleep "
        "or on another network.",
        "Ask the host to run `messango doctor`, which checks whether their firewall allows TCP port "
        f"{attempt.address.port}. {run_doctor_hint(attempt)}",
    )


def _host_unreachable(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"No computer answers at {attempt.address.host}: the room's computer is off, asleep or no longer on "
        "this network.",
        "Wake it up, and connect both computers to the same network. If its address has changed, ask the "
        "host for the one that the server shows.",
    )


def _no_route(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"No network of this computer leads to {place(attempt)}.",
        "Connect this computer to the network that the host is on, by Wi-Fi or cable. "
        f"{run_doctor_hint(attempt)}",
    )


def _blocked_here(attempt: DialAttempt) -> tuple[str, str]:
    if sys.platform == "darwin":
        hint = "In System Settings, under Privacy & Security, Local Network, allow your terminal or Messango."
    else:
        hint = f"Allow outgoing connections to TCP port {attempt.address.port} on this computer."
    return (
        f"This computer does not let Messango connect to {place(attempt)}: its own firewall or a security "
        "program blocks it.",
        f"{hint} {run_doctor_hint(attempt)}",
    )


def _silent(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"{place(attempt)} accepts connections, but the server there does not respond: it is stopped or "
        "stuck, or not a Messango room.",
        "Ask the host to check the server, and which address it shows. If Ctrl Z stopped it, `fg` continues "
        "it; otherwise close it and open the room again.",
    )


def _stalled(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"{place(attempt)} accepts connections, but then packets are lost on the way: some of all sizes, "
        "or all the larger ones.",
        "Move closer to the Wi-Fi router, or use a cable. A VPN often loses the larger ones: switch it off "
        f"on both computers. {run_doctor_hint(attempt)}",
    )


def _slow(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"{place(attempt)} answers, but the connection is too slow or loses too many packets.",
        "Move closer to the Wi-Fi router, or use a cable, and try again.",
    )


def _closed(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"{place(attempt)} closes each connection at once, so it is probably not a Messango room.",
        f"A firewall or another program may answer there. {_ASK_FOR_ADDRESS}",
    )


def _reset(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"{place(attempt)} resets each connection at once, so it is probably not a Messango room.",
        f"A firewall or another program may answer there. {_ASK_FOR_ADDRESS}",
    )


def _web_server(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"A web server answers at {place(attempt)}, not a Messango room.",
        f"Open http://{attempt.address}/ in a browser: if it is the sign-in page of this network, sign in "
        "and try again. Otherwise ask the host which address and port the server shows.",
    )


def _other_program(attempt: DialAttempt) -> tuple[str, str]:
    peer = attempt.peer or _PROGRAMS[attempt.kind]
    return (
        f"{peer[0].upper()}{peer[1:]} answers at {place(attempt)}, not a Messango room.",
        _ASK_FOR_ADDRESS,
    )


_PROGRAMS: Final = {
    FailureKind.OTHER_PROTOCOL: "another program",
    FailureKind.OTHER_TLS: "another program that uses TLS",
}


def _wrong_certificate(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"Another room answers at {place(attempt)}.",
        "The one that you want has another address now. `messango discover` lists the rooms that answer.",
    )


def _name_not_found(attempt: DialAttempt) -> tuple[str, str]:
    return (
        f"No address was found for the name “{attempt.address.host}”.",
        "Check the spelling, or use the address that the server shows, such as 192.168.1.20.",
    )


def _failed(attempt: DialAttempt) -> tuple[str, str]:
    reason = f" ({attempt.system_error})" if attempt.system_error else ""
    return (
        f"This computer could not open a connection to {place(attempt)}{reason}.",
        f"Close other programs and try again. {run_doctor_hint(attempt)}",
    )


def run_doctor_hint(attempt: DialAttempt) -> str:
    """Return the last sentence of many hints, which the doctor itself leaves out."""
    return f"`messango doctor {attempt.address}` examines the way there."


_TEXTS: Final[dict[FailureKind, Callable[[DialAttempt], tuple[str, str]]]] = {
    FailureKind.REFUSED: _refused,
    FailureKind.REJECTED: _rejected,
    FailureKind.NO_ANSWER: _no_answer,
    FailureKind.HOST_UNREACHABLE: _host_unreachable,
    FailureKind.NO_ROUTE: _no_route,
    FailureKind.BLOCKED_HERE: _blocked_here,
    FailureKind.SILENT: _silent,
    FailureKind.STALLED: _stalled,
    FailureKind.SLOW: _slow,
    FailureKind.CLOSED: _closed,
    FailureKind.RESET: _reset,
    FailureKind.WEB_SERVER: _web_server,
    FailureKind.OTHER_PROTOCOL: _other_program,
    FailureKind.OTHER_TLS: _other_program,
    FailureKind.WRONG_CERTIFICATE: _wrong_certificate,
    FailureKind.NAME_NOT_FOUND: _name_not_found,
    FailureKind.FAILED: _failed,
}
