"""Finds out at which of its addresses others can reach the room, without ever connecting to itself.

A connection from another computer proves the address at which it arrived. For the others, members are asked
to try (`reach`). Nothing here runs while nobody joins and nobody asks.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from messango.protocol.codec import encode
from messango.protocol.frames import Reach, ReachResult
from messango.protocol.limits import MAX_REACH_ATTEMPTS, REACH_ANSWER_TIMEOUT_S, REACH_EVERY_S
from messango.room.peer import Peer
from messango.server.reachability.sightings import Sighting, Sightings
from messango.server.reachability.witnesses import Witness, choose_witnesses, is_elsewhere, is_ipv6_link_local
from messango.transport.addresses import Address, is_ip, without_scope
from messango.transport.networks.own_networks import OwnNetworks, own_networks

logger = logging.getLogger(__name__)

#: So many members try an address when somebody examines the room: one may have trouble of their own, or lie.
_WITNESSES: Final = 2

#: So many members are asked about an address on whose network none is known to be; they answer at once if
#: they are not on it either. After a join, the one who has joined and one more.
_OTHERS: Final = 8
_OTHERS_ON_JOIN: Final = 2

#: Members who join are asked again at this interval about an address that failed: perhaps it works now.
_ASK_AGAIN_S: Final = 60.0

#: `close` waits this long: a cure that is looked for, or a name that is looked up, may take longer.
_CLOSE_TIMEOUT_S: Final = 1.0

#: If all addresses were proved, they are not looked at again for so long, however many people join.
_QUIET_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class ReachChange:
    """A member could not reach the room at `address`, or (`ok`) somebody reached it there after all."""

    address: Address
    seen: Sighting

    @property
    def ok(self) -> bool:
        """Whether the address can be reached now."""
        return self.seen.ok


@dataclass(frozen=True, slots=True)
class AddressReport:
    """What is known of one of the room's addresses, the latest first."""

    address: Address
    seen: tuple[Sighting, ...]


@dataclass(slots=True)
class _Question:
    """What one member was asked, and what they have answered."""

    witness: Witness
    #: Our addresses, by how they are written in the question.
    addresses: dict[str, Address]
    #: When it was asked, in seconds since 1970 UTC.
    asked_at_s: float
    results: Sequence[ReachResult] | None = None


class Reachability:
    """Owns the lock under which its tables change, and the thread that asks after a join.

    `members` returns the members, `send` sends encoded frames to a connection, `addresses` returns the room's
    addresses that others are told; any thread calls them. `on_change` gets each change: a failure in a thread
    that may wait for a moment, good news in the thread of a client.
    """

    def __init__(
        self,
        members: Callable[[], Sequence[Witness]],
        send: Callable[[int, bytes], None],
        addresses: Callable[[], Sequence[Address]],
        on_change: Callable[[ReachChange], None],
        *,
        networks: Callable[[], OwnNetworks] = own_networks,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        timeout_s: float = REACH_ANSWER_TIMEOUT_S,
    ) -> None:
        self._members = members
        self._send = send
        self._addresses = addresses
        self._on_change = on_change
        self._networks = networks
        self._monotonic = monotonic
        self._wall = wall
        self._timeout_s = timeout_s
        self._changed = threading.Condition()  # guards everything below
        self._sightings = Sightings()
        #: The addresses that the host was told to be out of reach.
        self._failing: dict[str, Address] = {}
        #: What the host is told when the thread that asked goes on: finding the cure takes a moment.
        self._news: list[ReachChange] = []
        self._questions: dict[int, _Question] = {}
        #: When each member was asked last, and who has never answered; by their ids.
        self._asked_s: dict[str, float] = {}
        self._silent: set[str] = set()
        #: When a member last failed to reach an address.
        self._failed_s: dict[str, float] = {}
        self._quiet_until_s = float("-inf")
        self._join_pending = False
        self._closed = False
        self._thread: threading.Thread | None = None

    # For the threads of clients; none of these waits.

    def connected(self, peer: Peer) -> None:
        """Record that a client has finished its handshake."""
        if not _may_be_elsewhere(peer):
            return
        host = without_scope(peer.local_host)
        seen = Sighting(without_scope(peer.host), ok=True, time_s=self._wall())
        with self._changed:
            self._sightings.add(host, seen)
            change = self._good_news(host, seen)
            self._changed.notify_all()
        if change is not None and not self._closed:
            self._on_change(change)

    def _good_news(self, host: str, seen: Sighting) -> ReachChange | None:
        """Return that an address can be reached after all, if the host was told that it can't."""
        address = self._failing.get(host)
        if address is None or not is_elsewhere(seen.host, address.host, self._networks()):
            return None
        del self._failing[host]
        told = all(change.address != address for change in self._news)
        self._news = [change for change in self._news if change.address != address]
        return ReachChange(address, seen) if told else None

    def joined(self, peer: Peer) -> None:
        """Ask the new member about the addresses that nobody has reached yet, in a thread of its own."""
        if not _may_be_elsewhere(peer):
            return
        with self._changed:
            self._join_pending = True
            if self._closed or self._thread is not None or self._monotonic() < self._quiet_until_s:
                return
            self._thread = threading.Thread(target=self._run, name="messango-reach", daemon=True)
            self._thread.start()

    def answered(self, connection_id: int, results: Sequence[ReachResult]) -> None:
        """Record a member's answer; one that nobody waits for changes nothing."""
        with self._changed:
            question = self._questions.get(connection_id)
            if question is None or question.results is not None:
                return
            question.results = results
            self._silent.discard(question.witness.member_id)
            for result in results:
                # Where they reached us, their own connection has told so, and a claim is worth nothing.
                address = question.addresses.get(result.address)
                if address is not None and not result.ok and not self._was_reached(address, question):
                    self._record_failure(question.witness, address)
            self._changed.notify_all()

    def _was_reached(self, address: Address, question: _Question) -> bool:
        """Return whether somebody has reached an address since the question."""
        known = self._sightings.of(without_scope(address.host))
        return any(seen.ok and seen.time_s >= question.asked_at_s for seen in known)

    def _record_failure(self, witness: Witness, address: Address) -> None:
        host = without_scope(address.host)
        seen = Sighting(witness.host, ok=False, time_s=self._wall(), name=witness.name)
        self._sightings.add(host, seen)
        self._failed_s[host] = self._monotonic()
        if host not in self._failing:
            self._failing[host] = address
            self._news.append(ReachChange(address, seen))

    # For threads that may wait.

    def examine(self) -> list[AddressReport]:
        """Ask members about all addresses now, and return what is known of each; takes some seconds."""
        addresses = self._own_addresses()
        self._ask(addresses, _WITNESSES, _OTHERS)
        networks = self._networks()
        with self._changed:
            return [AddressReport(address, self._seen_elsewhere(address, networks)) for address in addresses]

    def close(self) -> None:
        """Stop waiting for answers, and join the thread. Twice is harmless."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        try:
            while self._take_join():
                unproved = self._unproved()
                if not unproved:
                    self._quiet_until_s = self._monotonic() + _QUIET_S
                self._ask(unproved, 1, _OTHERS_ON_JOIN)
        except Exception:  # The edge of the thread: the room goes on.
            logger.exception("the room's addresses could not be checked")
            with self._changed:
                self._thread = None

    def _take_join(self) -> bool:
        """Return whether somebody has joined since the last time; if not, the thread has ended."""
        with self._changed:
            pending, self._join_pending = self._join_pending and not self._closed, False
            if not pending:
                self._thread = None
            return pending

    def _own_addresses(self) -> list[Address]:
        """Return the addresses that another computer may use, and forget what is known of all others."""
        usable = [address for address in self._addresses() if is_ip(address.host) and not address.is_loopback]
        # An IPv6 link-local address is used only where there is nothing else.
        addresses = [address for address in usable if not is_ipv6_link_local(address.host)] or usable
        hosts = {without_scope(address.host) for address in addresses}
        with self._changed:
            self._sightings.keep(hosts)
            self._failed_s = {host: at for host, at in self._failed_s.items() if host in hosts}
            self._failing = {host: address for host, address in self._failing.items() if host in hosts}
        return addresses

    def _unproved(self) -> list[Address]:
        """Return the addresses that nobody has reached, without those that a member has just tried."""
        now_s, networks = self._monotonic(), self._networks()
        addresses = self._own_addresses()
        with self._changed:
            return [
                address
                for address in addresses
                if now_s - self._failed_s.get(without_scope(address.host), float("-inf")) >= _ASK_AGAIN_S
                and not any(seen.ok for seen in self._seen_elsewhere(address, networks)[:1])
            ]

    def _seen_elsewhere(self, address: Address, networks: OwnNetworks) -> tuple[Sighting, ...]:
        """Return what other computers tell of an address of ours, the latest first."""
        known = self._sightings.of(without_scope(address.host))
        return tuple(seen for seen in known if is_elsewhere(seen.host, address.host, networks))

    def _ask(self, addresses: Sequence[Address], each: int, others: int) -> None:
        """Ask so many members about each address that they can try, and wait for the answers."""
        if not addresses:
            return
        networks, members = self._networks(), self._members()
        with self._changed:
            for member in members:
                self._sightings.name_host(member.host, member.name)
            now_s = self._monotonic()
            chosen = choose_witnesses(
                addresses,
                self._askable(members, now_s),
                networks,
                each=each,
                most=MAX_REACH_ATTEMPTS,
                others=others,
            )
            questions = self._new_questions(chosen, now_s)
        try:
            for connection_id, question in questions.items():
                self._send(connection_id, encode(Reach([*question.addresses])))
            self._await_answers()
        finally:
            with self._changed:
                self._silent |= {one.witness.member_id for one in questions.values() if one.results is None}
                for connection_id in questions:
                    self._questions.pop(connection_id, None)
                news, self._news = self._news, []
        for change in () if self._closed else news:
            self._on_change(change)

    def _await_answers(self) -> None:
        """Wait for all answers, also to what another thread has asked: the doctor wants to know them too."""
        with self._changed:
            waiting = [*self._questions.values()]
            self._changed.wait_for(lambda: self._closed or self._are_settled(waiting), self._timeout_s)

    def _new_questions(
        self, chosen: Mapping[Witness, Sequence[Address]], now_s: float
    ) -> dict[int, _Question]:
        asked_at_s = self._wall()
        questions = {
            witness.connection_id: _Question(witness, {str(address): address for address in some}, asked_at_s)
            for witness, some in chosen.items()
        }
        self._questions |= questions
        self._asked_s |= {witness.member_id: now_s for witness in chosen}
        return questions

    def _askable(self, members: Sequence[Witness], now_s: float) -> list[Witness]:
        """Return the members who may be asked now; those who did not answer the last time come last."""
        self._asked_s = {member: at for member, at in self._asked_s.items() if now_s - at < REACH_EVERY_S}
        self._silent &= {member.member_id for member in members}
        askable = [member for member in members if member.member_id not in self._asked_s]
        return sorted(askable, key=lambda member: member.member_id in self._silent)

    def _are_settled(self, questions: Iterable[_Question]) -> bool:
        """Return whether all have answered, and the connections with which they tried were seen here."""
        return all(
            question.results is not None
            and all(
                self._was_reached(address, question)
                for result in question.results
                if result.ok and (address := question.addresses.get(result.address))
            )
            for question in questions
        )


def _may_be_elsewhere(peer: Peer) -> bool:
    """Return false for a client that is certainly on this computer."""
    return not (peer.is_local or Address(peer.host).is_loopback)
