"""Checks mDNS: whether UDP port 5353 can be used, and whether we receive our own announcements."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import zeroconf

from messango.discovery.interfaces import configured_addresses, select_interfaces
from messango.discovery.mdns import MDNS_ERRORS, error_reason
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.own_echo import CHECK_TYPE
from messango.doctor.recognizers.own_filter import mdns_cure
from messango.errors import BadAddress
from messango.transport.addresses import without_scope
from messango.transport.networks.interfaces import Interface
from messango.transport.networks.mdns_socket import MDNS_PORT, open_mdns_socket

#: Our announcement comes back within milliseconds; RFC 6762 lets a responder delay an answer by 0.5 s.
RECEIVE_TIMEOUT_S: Final = 2.5

#: Checking more interfaces at once would only add noise on the network.
_MAX_INTERFACES: Final = 6

_PORT_OWNER_COMMANDS: Final = {
    "win32": "Get-NetUDPEndpoint -LocalPort 5353 | Select-Object OwningProcess",
    "darwin": "sudo lsof -nP -iUDP:5353",
}
_SS_COMMAND: Final = "sudo ss -lunp 'sport = :5353'"


def check_mdns(
    interfaces: Sequence[Interface],
    open_port: Callable[[], socket.socket] | None = None,
    receives_own: Callable[[str], bool] | None = None,
) -> Iterator[Finding]:
    """Report whether mDNS works, on all interfaces where rooms may be, at the same time."""
    finding = _check_port(open_port or open_mdns_socket)
    yield finding
    if finding.severity is not Severity.OK:
        return
    # What is unplugged is reported as a network, and would look like a firewall here.
    chosen = _interfaces_to_check([interface for interface in interfaces if interface.has_carrier])
    if not chosen:
        return
    receives = receives_own or receives_own_announcement
    with ThreadPoolExecutor(len(chosen), "messango-doctor-multicast") as pool:
        yield from pool.map(lambda interface: _check_interface(interface, receives), chosen)


def receives_own_announcement(address: str) -> bool:
    """Announce a service on one interface and return whether we receive it; raises one of `MDNS_ERRORS`.

    The looped back packets pass this computer's packet filter in both directions, like those of others.
    """
    deadline = time.monotonic() + RECEIVE_TIMEOUT_S
    label = uuid.uuid4().hex
    received = threading.Event()

    def on_change(name: str, **_: object) -> None:
        if name.startswith(label):
            received.set()

    here = zeroconf.Zeroconf(interfaces=[address])
    try:
        # A multicast query: a unicast answer would reach only one of the programs that share the port.
        zeroconf.ServiceBrowser(
            here, CHECK_TYPE, handlers=[on_change], question_type=zeroconf.DNSQuestionType.QM
        )
        # The label is random, so probing whether it is taken would waste a second.
        here.register_service(_service_info(label, address), cooperating_responders=True)
        return received.wait(max(0.0, deadline - time.monotonic()))
    finally:
        here.close()


def _service_info(label: str, address: str) -> zeroconf.ServiceInfo:
    return zeroconf.ServiceInfo(
        CHECK_TYPE,
        f"{label}.{CHECK_TYPE}",
        port=MDNS_PORT,
        parsed_addresses=[without_scope(address)],
        server=f"messango-check-{label}.local.",
    )


def _check_port(open_port: Callable[[], socket.socket]) -> Finding:
    try:
        open_port().close()
    except OSError as error:
        # Windows answers "not allowed" for a port that another program uses exclusively.
        in_use = error.errno == errno.EADDRINUSE or (os.name == "nt" and error.errno == errno.EACCES)
        return _port_in_use() if in_use else _port_refused(error)
    return Finding("mdns-port", Severity.OK, f"UDP port {MDNS_PORT} can be used.")


def _port_in_use() -> Finding:
    return Finding(
        "mdns-port",
        Severity.PROBLEM,
        f"Another program does not share UDP port {MDNS_PORT}, so rooms can't be announced or found.",
        f"To see which, run: {_PORT_OWNER_COMMANDS.get(sys.platform, _SS_COMMAND)}. Close it, or make it "
        "share the port: for avahi, set `disallow-other-stacks=no` in /etc/avahi/avahi-daemon.conf. Until "
        "then, join by address.",
    )


def _port_refused(error: OSError) -> Finding:
    return Finding(
        "mdns-port",
        Severity.PROBLEM,
        f"The system does not let Messango use UDP port {MDNS_PORT} ({error.strerror or error}).",
        "If Messango runs in a sandbox or a container, give it access to the network. Until then, join by "
        "address.",
    )


def _check_interface(interface: Interface, receives: Callable[[str], bool]) -> Finding:
    where = f"{interface.name} ({interface.literal})"
    try:
        received = receives(interface.address)
    except MDNS_ERRORS as error:
        return Finding(
            "multicast",
            Severity.PROBLEM,
            f"Rooms can't be announced on {where}: {error_reason(error)}.",
            "Check that the network is connected, or choose another one with MESSANGO_INTERFACES.",
        )
    if received:
        return Finding("multicast", Severity.OK, f"Announcements on {where} are received.")
    return Finding(
        "multicast",
        Severity.PROBLEM,
        f"Announcements on {where} don't even reach this computer: something blocks mDNS "
        f"(UDP port {MDNS_PORT}), or the cable is unplugged.",
        f"{mdns_cure(interface)} Then run `messango doctor` again. Until then, join by address.",
    )


def _interfaces_to_check(interfaces: Sequence[Interface]) -> list[Interface]:
    """Return one address of each interface on which a room would be announced."""
    try:
        named = configured_addresses()
    except BadAddress:
        named = None
    if named is not None:
        chosen = select_interfaces(interfaces, named)
    else:
        chosen = [interface for interface in interfaces if interface.kind == "lan"] or list(interfaces)
    # Discovery uses IPv4, and IPv6 only if there is no IPv4 or if it was named.
    ipv4 = [interface for interface in chosen if not interface.is_ipv6]
    routed = [interface for interface in chosen if not interface.is_link_local]
    by_name: dict[str, Interface] = {}
    for interface in chosen if named is not None else (ipv4 or routed or chosen):
        by_name.setdefault(interface.name, interface)
    return list(by_name.values())[:_MAX_INTERFACES]
