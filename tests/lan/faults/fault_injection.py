"""Injects faults and ends them: what each kind does to a process or to a host's network."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from typing import Final

from tests.lan.faults.actors import ChatMember, RoomServer
from tests.lan.faults.clock import FORWARD_S
from tests.lan.faults.plan import SERVER, Fault, Kind
from tests.lan.lan import Host

#: The direction in which packets are dropped: the chains of the host's packet filter.
_INCOMING: Final = 'chain incoming { type filter hook input priority 0; iifname "eth0" drop; }'
_OUTGOING: Final = 'chain outgoing { type filter hook output priority 0; oifname "eth0" drop; }'
_DROPS: Final = {
    Kind.DEAF: _INCOMING,
    Kind.MUTE: _OUTGOING,
    Kind.PARTITION: f"{_INCOMING}\n{_OUTGOING}",
}
_PROXY_COMMANDS: Final = {
    Kind.DELAYED: "delay",
    Kind.SPLIT: "split",
    Kind.STALLED: "stall",
    Kind.RESET: "reset",
    Kind.FILES_STALLED: "stall-files",
}


class FaultInjector:
    """Acts on the server and on the members; for one thread."""

    def __init__(self, server: RoomServer, members: Mapping[str, ChatMember]) -> None:
        self._server = server
        self._members = members

    def begin(self, fault: Fault) -> None:
        """Start the fault."""
        if fault.kind in _DROPS:
            change_filter(self._host(fault), f"table inet faults {{\n{_DROPS[fault.kind]}\n}}")
        elif fault.kind in _PROXY_COMMANDS:
            self._members[fault.target].command_proxy(_PROXY_COMMANDS[fault.kind])
        else:
            self._begin_and_end(fault)[0]()

    def end(self, fault: Fault) -> None:
        """End the fault."""
        if fault.kind in _DROPS:
            change_filter(self._host(fault), "delete table inet faults")
        elif fault.kind in _PROXY_COMMANDS:
            self._members[fault.target].command_proxy("pass")
        else:
            self._begin_and_end(fault)[1]()

    def _host(self, fault: Fault) -> Host:
        return self._server.host if fault.target == SERVER else self._members[fault.target].host

    def _begin_and_end(self, fault: Fault) -> tuple[Callable[[], object], Callable[[], object]]:
        """Return how to start and how to end the fault."""
        server, host = self._server, self._host(fault)
        target = server if fault.target == SERVER else self._members[fault.target]
        process, clock = target.process, target.clock
        actions: dict[Kind, tuple[Callable[[], object], Callable[[], object]]] = {
            Kind.SERVER_KILLED: (server.kill, server.start),
            Kind.STOPPED: (
                lambda: process.send_signal(signal.SIGSTOP),
                lambda: process.send_signal(signal.SIGCONT),
            ),
            Kind.LINK_DOWN: (lambda: host.link("down"), lambda: host.link("up")),
            Kind.CLOCK_SET: (lambda: clock.set_ahead(FORWARD_S), lambda: clock.set_ahead(0)),
            Kind.NEW_ADDRESS: (server.move, lambda: None),
            Kind.DISK_FULL: (server.fill_disk, server.disk.free),
        }
        if fault.kind is Kind.MEMBER_KILLED:
            member = self._members[fault.target]
            return member.kill, member.rejoin
        return actions[fault.kind]


def change_filter(host: Host, rules: str) -> None:
    """Change what a host drops, in the words of nft."""
    done = host.run(["nft", "-f", "-"], stdin=rules + "\n")
    assert done.returncode == 0, done.stderr
