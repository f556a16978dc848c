"""Hypothesis drives a room at random, and a model says what each client must have received."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from messango.protocol.frames import Message, Welcome
from messango.protocol.limits import MAX_NAME_CHARACTERS, RECONNECT_GRACE_S
from messango.protocol.text.validation import normalized_name
from tests.room.batches import RoomHarness

SEATS: Final = 3
names: Final = st.sampled_from(["Ann", "ann", "ANN", "Ann 2", "Ben", "x" * MAX_NAME_CHARACTERS])


@dataclass(eq=False)
class Client:
    """A client, and the messages that it received over all its connections."""

    number: int
    connection_id: int
    session: str = ""
    member: str = ""
    seqs: list[int] = field(default_factory=list)
    said_count: int = 0
    receipts_due: int = 0
    lagging: bool = False


class RoomStateMachine(RuleBasedStateMachine):
    """Joins, messages, disconnections, returns, renames and time, several of them in one batch."""

    clients = Bundle("clients")
    disconnected = Bundle("disconnected")

    def __init__(self) -> None:
        super().__init__()
        self.harness = RoomHarness(SEATS)
        self.harness.begin_batch()
        self.connection_ids = itertools.count(1)
        self.clients_by_connection: dict[int, Client] = {}
        self.expected_texts: list[str] = []
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("messango.room.room.BACKLOG_BATCH_MESSAGES", 2)

    def teardown(self) -> None:
        self._check_batch()
        self.patch.undo()

    # The actions. A batch lasts until `_check_batch`, so it contains several of them.

    @rule(target=clients, name=names)
    def join(self, name: str) -> object:
        connection_id = next(self.connection_ids)
        return self._admitted_client(
            Client(connection_id, connection_id),
            connection_id,
            admitted=self.harness.join(connection_id, name),
        )

    @rule(client=clients, repeats=st.lists(st.booleans(), max_size=4))
    def post(self, client: Client, repeats: list[bool]) -> None:
        messages = []
        for repeated in repeats:
            if repeated and client.said_count:
                client.receipts_due += 1
            else:
                client.said_count += 1
                self.expected_texts.append(f"{client.number} says {client.said_count}")
            messages.append((f"id {client.said_count}", f"{client.number} says {client.said_count}"))
        self.harness.post_with_ids(client.connection_id, *messages)

    @rule(target=disconnected, client=consumes(clients))
    def disconnect(self, client: Client) -> Client:
        self._check_batch()
        del self.clients_by_connection[client.connection_id]
        self.harness.disconnect(client.connection_id)
        return client

    @rule(target=clients, client=consumes(disconnected))
    def resume(self, client: Client) -> object:
        return self._rejoin(client)

    @rule(target=clients, client=consumes(clients))
    def replace_connection(self, client: Client) -> object:
        self._check_batch()
        old = client.connection_id
        del self.clients_by_connection[old]
        resumed = self._rejoin(client)
        self._check_batch()
        assert old in self.harness.closed
        return resumed

    @rule(target=disconnected, client=consumes(clients))
    def leave(self, client: Client) -> Client:
        self.harness.leave(client.connection_id)
        self._check_batch()
        del self.clients_by_connection[client.connection_id]
        assert client.connection_id in self.harness.closed
        return client

    @rule(client=clients)
    def read_backlog(self, client: Client) -> None:
        if client.connection_id in self.harness.lagging:
            self.harness.read_backlog(client.connection_id)

    @rule(client=clients, name=names)
    def rename(self, client: Client, name: str) -> None:
        self.harness.rename(client.connection_id, name)

    @rule(client=clients)
    def typing(self, client: Client) -> None:
        self.harness.typing(client.connection_id)

    @rule(seconds=st.sampled_from([0.0, 1.0, RECONNECT_GRACE_S / 2, RECONNECT_GRACE_S]))
    def next_batch(self, seconds: float) -> None:
        self._check_batch(seconds)

    # What must hold.

    @invariant()
    def seats_are_not_exceeded(self) -> None:
        assert len(self.clients_by_connection) <= self.harness.room.room_info().members <= SEATS

    @invariant()
    def names_are_unique(self) -> None:
        taken = self.harness.room.members.names()
        assert len({normalized_name(name) for name in taken}) == len(taken)

    def _check_batch(self, seconds: float = 0.0) -> None:
        """End the batch, compare what each client received with the model, and begin another."""
        self.harness.end_batch()
        assert [message.text for message in self.harness.history.last(10_000)] == self.expected_texts
        for client in self.clients_by_connection.values():
            self._check_client(client)
        self.harness.now_s += seconds
        self.harness.begin_batch()

    def _check_client(self, client: Client) -> None:
        for frame in self.harness.take_received(client.connection_id):
            if isinstance(frame, Welcome):
                assert client.member in ("", frame.member)
                client.session, client.member = frame.session, frame.member
            elif isinstance(frame, Message) and frame.member == client.member and frame.seq in client.seqs:
                client.receipts_due -= 1
                assert client.receipts_due >= 0
            elif isinstance(frame, Message):
                client.seqs.append(frame.seq)
        if client.connection_id in self.harness.lagging:
            # It may have an answer coming in its turn, and it has no gap in what it has.
            assert client.seqs == [*range(1, len(client.seqs) + 1)]
            assert len(client.seqs) < len(self.expected_texts)
            client.lagging = True
        else:
            assert client.seqs == [*range(1, len(self.expected_texts) + 1)]
            # Who was behind may have got an answer with all the rest.
            assert client.lagging or client.receipts_due == 0
            client.lagging, client.receipts_due = False, 0

    def _rejoin(self, client: Client) -> object:
        connection_id = next(self.connection_ids)
        admitted = self.harness.join(connection_id, "Whoever", client.session, len(client.seqs))
        return self._admitted_client(client, connection_id, admitted=admitted)

    def _admitted_client(self, client: Client, connection_id: int, *, admitted: bool) -> object:
        if not admitted:
            assert self.harness.room.room_info().members == SEATS
            return multiple()
        client.connection_id = connection_id
        self.clients_by_connection[connection_id] = client
        return client


TestRoomStateMachine = RoomStateMachine.TestCase
