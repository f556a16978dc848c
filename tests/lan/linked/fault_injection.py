"""What each kind of fault does to the linked room, and how it ends."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from messango.protocol import error_codes
from tests.lan.faults.clock import FORWARD_S
from tests.lan.faults.fault_injection import change_filter
from tests.lan.lan import Host, Lan
from tests.lan.linked import engines
from tests.lan.linked.actors import LinkedMember, LinkedServer
from tests.lan.linked.engines import EngineHost
from tests.lan.linked.plan import Fault, Kind
from tests.lan.linked.record import LinkedRecord
from tests.lan.process import TIMEOUT_S
from tests.lan.wire import Air, Wire

_TABLE: Final = """table inet linked {{
  chain incoming {{ type filter hook input priority 0; {incoming} }}
  chain outgoing {{ type filter hook output priority 0; {outgoing} }}
}}"""
_ALONE: Final = _TABLE.format(incoming='iifname "eth0" drop;', outgoing='oifname "eth0" drop;')

#: A radio at the edge of its range.
_BAD_AIR: Final = Air(loss=0.05, delay_s=0.1, jitter_s=0.1)

#: A cluster without a leader has one again in a few seconds.
_LEADER_TIMEOUT_S: Final = 30.0
_LOOK_AGAIN_S: Final = 0.3

_ATTEMPTS: Final = 10

_REASON: Final = "a test"


class Injector:
    """Begins and ends faults, one at a time; for one thread. `notes` has what did not go as it should."""

    def __init__(
        self,
        lan: Lan,
        record: LinkedRecord,
        servers: Sequence[LinkedServer],
        engine_hosts: Sequence[EngineHost],
        members: Sequence[LinkedMember],
    ) -> None:
        self._lan = lan
        self._record = record
        self._servers = servers
        self._engines = engine_hosts
        self._members = members
        self._cleanup = contextlib.ExitStack()
        self.notes: list[str] = []

    def begin(self, fault: Fault) -> None:
        """Begin a fault; what happens to a member is over when this returns."""
        if fault.killed is not None:
            # Called back last, when the fault is over.
            self._cleanup.callback(self._return, self._members[fault.killed])
        self._break(fault)
        if fault.killed is not None:
            self._members[fault.killed].kill()

    def _break(self, fault: Fault) -> None:
        if fault.kind in _SERVER_FAULTS:
            _SERVER_FAULTS[fault.kind](self, self._servers[fault.target])
        elif fault.kind in _ENGINE_FAULTS:
            _ENGINE_FAULTS[fault.kind](self, self._engines[fault.target])
        elif fault.kind in _LEADER_FAULTS:
            _LEADER_FAULTS[fault.kind](self, self._leader())
        elif fault.kind in _MEMBER_FAULTS:
            _MEMBER_FAULTS[fault.kind](self, fault.target)
        elif fault.kind is Kind.ENGINES_KILLED:
            self._kill_all(self._engines)
        else:
            self._kill_all(self._servers)

    def end(self) -> None:
        """End the fault."""
        self._cleanup.close()

    def spread(self) -> None:
        """See to it that members are at every server: they go on elsewhere when theirs is away, and stay."""
        for server in self._servers:
            at_servers = [self._record.servers.get(member.label) for member in self._members]
            if server.name not in at_servers:
                fullest = max(at_servers, key=at_servers.count)
                self._move(at_servers.index(fullest), server)

    # Servers and engines.

    def _kill(self, one: LinkedServer | EngineHost) -> None:
        one.kill()
        self._cleanup.callback(one.start)

    def _kill_all(self, them: Sequence[LinkedServer] | Sequence[EngineHost]) -> None:
        for one in them:
            self._kill(one)

    def _stop(self, one: LinkedServer | EngineHost) -> None:
        one.process.send_signal(signal.SIGSTOP)
        self._cleanup.callback(one.process.send_signal, signal.SIGCONT)

    def _cut_from_engines(self, server: LinkedServer) -> None:
        self._filter(server.host, _port_table(engines.PORT))

    def _cut_from_cluster(self, engine: EngineHost) -> None:
        self._filter(engine.host, _port_table(engines.CLUSTER_PORT))

    def _cut_off(self, one: LinkedServer | EngineHost) -> None:
        self._filter(one.host, _ALONE)

    def _filter(self, host: Host, table: str) -> None:
        change_filter(host, table)
        self._cleanup.callback(change_filter, host, "delete table inet linked")

    def _slow_down(self, one: LinkedServer | EngineHost) -> None:
        wire = Wire(self._lan, one.host, _BAD_AIR)
        self._cleanup.callback(wire.close)

    def _fill_disk(self, server: LinkedServer) -> None:
        server.fill_disk()
        self._cleanup.callback(server.disk.free)

    def _fill_engine_disk(self, engine: EngineHost) -> None:
        engine.disk.fill()
        self._cleanup.callback(engine.free_disk)

    def _set_clock(self, server: LinkedServer) -> None:
        server.clock.set_ahead(FORWARD_S)
        self._cleanup.callback(server.clock.set_ahead, 0)

    def _roll_back(self, server: LinkedServer) -> None:
        server.roll_back()
        self._cleanup.callback(self._start_and_copy, server)

    def _start_and_copy(self, server: LinkedServer) -> None:
        server.start()
        # The next older copy.
        server.copy_history()

    def _close(self, server: LinkedServer) -> None:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()
        self._cleanup.callback(server.start)

    def _relink(self, server: LinkedServer) -> None:
        self._command(server, "relink", "yes")

    def _leader(self) -> EngineHost:
        deadline_s = time.monotonic() + _LEADER_TIMEOUT_S
        while time.monotonic() < deadline_s:
            for engine in self._engines:
                if engine.leads():
                    return engine
            # There is nothing to wait for but the answer to the same question.
            self._record.wait_until(lambda: False, _LOOK_AGAIN_S)
        self.notes.append("no engine led the stream")
        return self._engines[0]

    # Members.

    def _kill_member(self, number: int) -> None:
        member = self._members[number]
        member.kill()
        self._return(member)

    def _leave(self, number: int) -> None:
        self._move(number, self._next_server(self._members[number]))

    def _move(self, number: int, server: LinkedServer) -> None:
        member = self._members[number]
        self._record.expect_end(member.label)
        member.end_unkilled()
        self._join(member, server)

    def _kick(self, number: int) -> None:
        if self._remove(number, "kick", error_codes.KICKED):
            self._return(self._members[number])

    def _ban(self, number: int) -> None:
        member = self._members[number]
        # A name that is on its way would be another one than the banned.
        member.stop_sending()
        wanted = self._record.sent_counts([member.label])
        if not self._record.wait_until(lambda: not self._record.unconfirmed(wanted), TIMEOUT_S):
            self.notes.append(f"{member.label} has no receipts before the ban")
        if not self._remove(number, "ban", error_codes.BANNED):
            member.start_sending()
            return
        name = self._record.present_name(member.label)
        member.join_at(self._next_server(member).address, name)
        label = member.label
        self._record.expect_end(label)
        self._wait_for_end(label, error_codes.BANNED)
        self._command(self._next_server(member), "unban", name)
        self._return(member)

    def _lock_out(self, number: int) -> None:
        member = self._members[number]
        self._record.expect_end(member.label)
        member.end_unkilled()
        self._command(self._next_server(member), "lock")
        # Another one than where the room was locked.
        member.join_at(self._next_server(member).address)
        label = member.label
        self._record.expect_end(label)
        self._wait_for_end(label, error_codes.LOCKED)
        self._command(self._next_server(member), "unlock")
        self._return(member)

    def _remove(self, number: int, command: str, code: str) -> bool:
        """Have the host of another server remove a member; return whether that was done."""
        member = self._members[number]
        label = member.label
        self._record.expect_end(label)
        id_ = self._record.member_ids[label]
        if not self._command(self._next_server(member), command, f"#{id_}", _REASON):
            self._record.expect_stay(label)
            return False
        self._wait_for_end(label, code)
        member.end_unkilled()
        return True

    def _command(self, server: LinkedServer, *words: str) -> bool:
        """Give a host's command; a server that is not linked again yet rightly says no."""
        for _ in range(_ATTEMPTS):
            if not (problem := server.command(*words)):
                return True
            # Each attempt is a program of its own; between them there is nothing to wait for.
            self._record.wait_until(lambda: False, _LOOK_AGAIN_S)
        self.notes.append(f"{words[0]}: {problem}")
        return False

    def _wait_for_end(self, label: str, code: str) -> None:
        ends = self._record.ends
        self._record.wait_until(lambda: label in ends, TIMEOUT_S)
        if ends.get(label) != code:
            self.notes.append(f"{label} ended with {ends.get(label)!r}, not {code!r}")

    def _return(self, member: LinkedMember) -> None:
        self._join(member, self._next_server(member))

    def _join(self, member: LinkedMember, server: LinkedServer) -> None:
        """Have a member join; a server that is not linked again yet rightly refuses newcomers."""
        self._record.wait_until(lambda: server.is_open, TIMEOUT_S)
        for _ in range(_ATTEMPTS):
            if self._try_to_join(member, server) != error_codes.LINK_DOWN:
                break
        member.start_sending()

    def _try_to_join(self, member: LinkedMember, server: LinkedServer) -> str:
        """Return the code with which the member was refused, or nothing."""
        member.join_at(server.address)
        label, servers, ends = member.label, self._record.servers, self._record.ends
        self._record.expect_end(label)
        self._record.wait_until(lambda: label in servers or label in ends, TIMEOUT_S)
        self._record.expect_stay(label)
        if label not in servers and ends.get(label) != error_codes.LINK_DOWN:
            self.notes.append(f"{label} could not join at {server.name}: {ends.get(label)}")
        return ends.get(label, "")

    def _next_server(self, member: LinkedMember) -> LinkedServer:
        """Return another server each time: runs are counted."""
        return self._servers[(member.runs + 1) % len(self._servers)]


def _port_table(port: int) -> str:
    either = f"tcp dport {port} drop; tcp sport {port} drop;"
    return _TABLE.format(incoming=either, outgoing=either)


_SERVER_FAULTS: Final[Mapping[Kind, Callable[[Injector, LinkedServer], None]]] = {
    Kind.SERVER_KILLED: Injector._kill,
    Kind.SERVER_STOPPED: Injector._stop,
    Kind.SERVER_CUT: Injector._cut_from_engines,
    Kind.SERVER_ALONE: Injector._cut_off,
    Kind.SERVER_SLOW: Injector._slow_down,
    Kind.SERVER_DISK_FULL: Injector._fill_disk,
    Kind.SERVER_CLOCK: Injector._set_clock,
    Kind.SERVER_ROLLED_BACK: Injector._roll_back,
    Kind.SERVER_CLOSED: Injector._close,
    Kind.SERVER_RELINKED: Injector._relink,
}
_ENGINE_FAULTS: Final[Mapping[Kind, Callable[[Injector, EngineHost], None]]] = {
    Kind.ENGINE_KILLED: Injector._kill,
    Kind.ENGINE_STOPPED: Injector._stop,
    Kind.ENGINE_ALONE: Injector._cut_off,
    Kind.ENGINE_SLOW: Injector._slow_down,
    Kind.ENGINE_DISK_FULL: Injector._fill_engine_disk,
}
_LEADER_FAULTS: Final[Mapping[Kind, Callable[[Injector, EngineHost], None]]] = {
    Kind.LEADER_KILLED: Injector._kill,
    Kind.LEADER_STOPPED: Injector._stop,
    Kind.LEADER_CUT: Injector._cut_from_cluster,
}
_MEMBER_FAULTS: Final[Mapping[Kind, Callable[[Injector, int], None]]] = {
    Kind.MEMBER_KILLED: Injector._kill_member,
    Kind.MEMBER_LEFT: Injector._leave,
    Kind.MEMBER_KICKED: Injector._kick,
    Kind.MEMBER_BANNED: Injector._ban,
    Kind.MEMBER_LOCKED_OUT: Injector._lock_out,
}
