"""The examination of whether others reach the room: whom it asks, what it believes, what the host reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

import pytest

from messango.protocol.codec import server_frame_decoder
from messango.protocol.frames import Join, Reach, Reached, ReachResult
from messango.protocol.limits import PROTOCOL_VERSION, REACH_EVERY_S
from messango.room.peer import Peer
from messango.server.reachability.reachability import AddressReport, Reachability, ReachChange
from messango.server.reachability.sightings import Sighting
from messango.server.reachability.witnesses import Witness
from messango.transport.addresses import Address
from tests.server.reachability.test_witnesses import BEN, CARL, LAN
from tests.support.networks import NETWORKS
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import open_room

#: A second address on the same network.
SECOND: Final = Address("192.168.1.21", 8000)
FROM_BEN: Final = Peer(BEN.host, 50_001, local_host=LAN.host)
FROM_BEN_TO_SECOND: Final = Peer(BEN.host, 50_002, local_host=SECOND.host)


class Room:
    """A room's side of the examination, with members who answer as a test says."""

    def __init__(
        self, *members: Witness, addresses: Sequence[Address] = (LAN,), timeout_s: float = 0.01
    ) -> None:
        self.members = list(members)
        self.addresses = list(addresses)
        #: What each member answers about an address; who is not in it never answers.
        self.answers: dict[Witness, dict[Address, bool]] = {}
        self.asked: list[tuple[int, list[str]]] = []
        self.changes: list[ReachChange] = []
        self.changed = threading.Event()
        self.monotonic_s = 1_000.0
        self.wall_s = 5_000.0
        self.reachability = Reachability(
            lambda: self.members,
            self._send,
            lambda: self.addresses,
            self._on_change,
            networks=lambda: NETWORKS,
            monotonic=lambda: self.monotonic_s,
            wall=lambda: self.wall_s,
            timeout_s=timeout_s,
        )

    def _on_change(self, change: ReachChange) -> None:
        self.changes.append(change)
        self.changed.set()

    def _send(self, connection_id: int, data: bytes) -> None:
        (frame,) = server_frame_decoder().decode(data)
        assert isinstance(frame, Reach)
        self.asked.append((connection_id, frame.addresses))
        witness = next(member for member in self.members if member.connection_id == connection_id)
        if witness not in self.answers:
            return
        results = []
        for address, ok in self.answers[witness].items():
            if str(address) in frame.addresses:
                results.append(ReachResult(str(address), ok))
                if ok:
                    self.reachability.connected(Peer(witness.host, 50_009, local_host=address.host))
        self.reachability.answered(connection_id, results)

    def await_thread(self) -> None:
        """Wait for the thread that asks after a join."""
        if (thread := self.reachability._thread) is not None:
            thread.join(TIMEOUT_S)


@contextmanager
def room(*members: Witness, addresses: Sequence[Address] = (LAN,), timeout_s: float = 0.01) -> Iterator[Room]:
    """Return a room that is closed at the end."""
    made = Room(*members, addresses=addresses, timeout_s=timeout_s)
    with closing(made.reachability):
        yield made


def test_a_connection_from_elsewhere_proves_an_address() -> None:
    """Without asking anybody, and without a member."""
    with room() as one:
        one.reachability.connected(FROM_BEN)
        assert one.reachability.examine() == [AddressReport(LAN, (Sighting(BEN.host, True, 5_000.0),))]


@pytest.mark.parametrize(
    "peer",
    [
        Peer(LAN.host, 50_001, local_host=LAN.host),
        Peer("127.0.0.1", 50_001, local_host="127.0.0.1"),
        Peer(LAN.host, 50_001, local_host=SECOND.host),
        Peer("172.17.0.5", 50_001, local_host=LAN.host),
    ],
    ids=str,
)
def test_a_connection_from_this_computer_proves_nothing(peer: Peer) -> None:
    """Nor from a container on it."""
    with room(addresses=[LAN, SECOND]) as one:
        one.reachability.connected(peer)
        assert one.reachability.examine() == [AddressReport(LAN, ()), AddressReport(SECOND, ())]


def test_a_member_who_joins_is_asked_about_what_nobody_has_reached() -> None:
    """The host reads where they could not connect, once."""
    with room(BEN, addresses=[LAN, SECOND]) as one:
        one.answers[BEN] = {SECOND: False}
        one.reachability.connected(FROM_BEN)
        one.reachability.joined(FROM_BEN)
        one.await_thread()
        assert one.asked == [(1, [str(SECOND)])]
        seen = Sighting(BEN.host, ok=False, time_s=5_000.0, name=BEN.name)
        assert one.changes == [ReachChange(SECOND, seen)]
        one.monotonic_s += 2 * REACH_EVERY_S
        one.reachability.joined(FROM_BEN)
        one.await_thread()
        assert len(one.asked) == 2
        assert len(one.changes) == 1


def test_a_failure_is_followed_by_the_good_news() -> None:
    """As soon as somebody gets in there; not before, and once."""
    with room(BEN, addresses=[LAN, SECOND]) as one:
        one.answers[BEN] = {SECOND: False}
        one.reachability.connected(FROM_BEN)
        one.reachability.joined(FROM_BEN)
        one.await_thread()
        one.reachability.connected(Peer(LAN.host, 50_003, local_host=SECOND.host))
        assert len(one.changes) == 1
        one.reachability.connected(FROM_BEN_TO_SECOND)
        one.reachability.connected(FROM_BEN_TO_SECOND)
        assert [change.ok for change in one.changes] == [False, True]
        assert one.changes[1].address == SECOND


def test_nobody_is_asked_when_all_is_proved() -> None:
    """Nor by somebody on this computer, nor about the loopback, a name or a link-local address."""
    addresses = [
        LAN,
        Address("127.0.0.1", 8000),
        Address("ann-laptop.local", 8000),
        Address("fe80::1%eth0", 8000),
    ]
    with room(BEN, addresses=addresses) as one:
        one.reachability.joined(Peer(LAN.host, 50_001, local_host=LAN.host))
        assert one.reachability._thread is None
        one.reachability.connected(FROM_BEN)
        one.reachability.joined(FROM_BEN)
        one.await_thread()
        assert one.asked == []
        assert [report.address for report in one.reachability.examine()] == [LAN]


def test_a_link_local_address_counts_where_there_is_nothing_else() -> None:
    """A connection proves it, and nobody is asked: its scope is this computer's."""
    link_local = Address("fe80::20%eth0", 8000)
    with room(BEN, addresses=[link_local, Address("127.0.0.1", 8000)]) as one:
        one.reachability.connected(Peer("fe80::7%eth0", 50_001, local_host="fe80::20%eth0"))
        (report,) = one.reachability.examine()
        assert report == AddressReport(link_local, (Sighting("fe80::7", ok=True, time_s=5_000.0),))
        assert one.asked == []


def test_an_examination_asks_again_about_what_was_proved() -> None:
    """A firewall may have been switched on since; the member in the room stays connected."""
    with room(BEN) as one:
        one.reachability.connected(FROM_BEN)
        one.answers[BEN] = {LAN: False}
        one.wall_s += 10
        (report,) = one.reachability.examine()
        assert report.seen == (Sighting(BEN.host, ok=False, time_s=5_010.0, name=BEN.name),)


def test_no_member_is_asked_more_than_once_a_minute() -> None:
    """Then the others are, and after that nobody; what is known stays."""
    with room(BEN, CARL, members_dora()) as one:
        for member in one.members:
            one.answers[member] = {LAN: True}
        for _ in range(5):
            one.reachability.examine()
        assert sorted(connection_id for connection_id, _ in one.asked) == [1, 2, 5]
        assert {seen.host for seen in one.reachability.examine()[0].seen} == {
            BEN.host,
            CARL.host,
            "192.168.1.9",
        }
        one.monotonic_s += REACH_EVERY_S
        one.reachability.examine()
        assert len(one.asked) == 5


def members_dora() -> Witness:
    """Return a third member of the network."""
    return Witness(5, "id-5", "Dora", "192.168.1.9")


def test_a_reconnected_member_is_the_same_member() -> None:
    """Another connection is no reason to ask again."""
    with room(BEN) as one:
        one.answers[BEN] = {LAN: True}
        one.reachability.examine()
        one.members = [Witness(9, BEN.member_id, BEN.name, BEN.host)]
        one.reachability.examine()
        assert [connection_id for connection_id, _ in one.asked] == [1]


def test_a_member_who_never_answers_costs_only_the_time() -> None:
    """An earlier client, for example: next time others are asked first."""
    with room(BEN, CARL) as one:
        one.reachability.examine()
        assert [connection_id for connection_id, _ in one.asked] == [1, 2]
        one.answers[CARL] = {LAN: False}
        one.monotonic_s += REACH_EVERY_S
        one.reachability.examine()
        one.monotonic_s += REACH_EVERY_S
        one.reachability.examine()
        assert [connection_id for connection_id, _ in one.asked][4:] == [2, 1]
        assert one.reachability._questions == {}


def test_a_liar_proves_nothing() -> None:
    """Who claims to have reached us must have been seen here."""
    with room(BEN) as one:

        def claim(connection_id: int, _data: bytes) -> None:
            one.reachability.answered(connection_id, [ReachResult(str(LAN), ok=True)] * 4)

        one.reachability._send = claim
        assert one.reachability.examine() == [AddressReport(LAN, ())]


def test_a_failure_of_which_we_know_better_is_ignored() -> None:
    """The handshake was finished here, and the member gave up a moment too early, or lies."""
    with room(BEN) as one:

        def answer(connection_id: int, _data: bytes) -> None:
            one.reachability.connected(FROM_BEN)
            one.reachability.answered(connection_id, [ReachResult(str(LAN), ok=False)])

        one.reachability._send = answer
        (report,) = one.reachability.examine()
        assert [seen.ok for seen in report.seen] == [True]
        assert one.changes == []


def test_answers_to_nothing_change_nothing() -> None:
    """Unasked, about other addresses, or a second time."""
    with room(BEN, addresses=[LAN, SECOND]) as one:
        one.reachability.answered(1, [ReachResult(str(LAN), ok=False)])
        one.reachability.answered(77, [ReachResult(str(SECOND), ok=False)])

        def answer(connection_id: int, _data: bytes) -> None:
            others = [
                ReachResult(text, ok=False) for text in ("192.168.1.20", "10.0.0.1:8000", "x" * 128, "\0")
            ]
            one.reachability.answered(connection_id, others)
            one.reachability.answered(connection_id, [ReachResult(str(LAN), ok=False)])

        one.reachability._send = answer
        assert one.reachability.examine() == [AddressReport(LAN, ()), AddressReport(SECOND, ())]
        assert one.changes == []


def test_what_was_true_of_addresses_that_are_gone_is_forgotten() -> None:
    """The computer has moved to another network."""
    with room(BEN) as one:
        one.reachability.connected(FROM_BEN)
        one.addresses = [SECOND]
        assert one.reachability.examine() == [AddressReport(SECOND, ())]
        one.addresses = [LAN]
        assert one.reachability.examine() == [AddressReport(LAN, ())]


def test_closing_ends_an_examination() -> None:
    """At once, however long members may take."""
    with room(BEN, timeout_s=TIMEOUT_S) as one:
        one.reachability.joined(FROM_BEN)
        while not one.asked:
            threading.Event().wait(0.001)
        one.reachability.close()
        one.reachability.close()
        assert one.reachability._thread is None
        one.reachability.joined(FROM_BEN)
        assert one.reachability._thread is None


def test_a_real_room_ignores_answers_that_it_did_not_ask_for() -> None:
    """Over TLS, any number of them: the member stays, talk goes on, and nobody on this computer is asked."""
    with open_room() as server, RawClient(server.port) as ann:
        server.listed_addresses = lambda: [Address("127.0.0.1", server.port), LAN]
        ann.join("Ann")
        ann.send(*[Reached([ReachResult(str(LAN), ok=False)] * 4)] * 50)
        ann.send(Join(PROTOCOL_VERSION, "Ann"))
        assert ann._next() is not None  # the problem about the second `join`: all was read
        assert server.reachability.examine() == [AddressReport(LAN, ())]
        assert not [frame for frame in ann.skipped if isinstance(frame, Reach)]
