"""A linked room at random: three servers, what their members do, what goes wrong, and the stream of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from messango.link.fold.acts import (
    AnyAct,
    Banned,
    Came,
    Gone,
    LinkedPerson,
    Locked,
    Posted,
    Renamed,
    Silent,
    Unbanned,
)
from messango.protocol.frames import Say
from tests.support.linked.made_up_acts import NORTH, SOUTH, WEST, based, opened, person
from tests.support.linked.replica_store import MemoryReplica

SERVERS = (NORTH, SOUTH, WEST)
MEMBERS = ("1", "2", "3", "4", "5", "6")
KEYS = ("ann", "ben", "cem", "ann 2")


@dataclass(slots=True)
class World:
    """Everything that happened, by one source of chance; `stream` is what the servers would read.

    Each server reads on when it likes, and stores when it likes. `truth` has always read everything.
    """

    random: Random
    stream: list[bytes] = field(default_factory=list)
    #: Rounds whose publishing hangs: they arrive later, or never.
    hanging: list[bytes] = field(default_factory=list)
    truth: MemoryReplica = field(default_factory=lambda: MemoryReplica("truth"))
    replicas: dict[str, MemoryReplica] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.replicas = {server: MemoryReplica(server, self._new_life()) for server in SERVERS}
        self._add(self.replicas[NORTH].round(based(3, person("1", "Ann"))))
        for server in SERVERS:
            self.restart(server)

    def step(self) -> None:
        """Let one thing happen."""
        server = self.random.choice(SERVERS)
        happenings: list[tuple[int, Callable[[], None]]] = [
            (12, lambda: self.act(server)),
            (6, lambda: self.read(server)),
            (2, self.replicas[server].store),
            (1, lambda: self.restart(server)),
            (1, self.replicas[server].restart),
            (2, self.repeat),
            (1, lambda: self._add(self.random.randbytes(8))),
            (1, self.arrive_late),
            (1, self.skip_a_round),
        ]
        weights = [weight for weight, _ in happenings]
        self.random.choices(happenings, weights)[0][1]()

    def act(self, server: str) -> None:
        """A server publishes its next round, or tries to."""
        replica = self.replicas[server]
        if self.random.random() < 0.7:
            replica.read(self.stream)
        acts = [self._any_act(server) for _ in range(self.random.randint(1, 4))]
        data = replica.round(*acts, n=self._last_round(replica) + 1)
        (self.hanging.append if self.random.random() < 0.1 else self._add)(data)

    def read(self, server: str) -> None:
        """A server reads a part of what is there."""
        replica = self.replicas[server]
        replica.read(self.stream, self.random.randint(replica.fold.place.stream, len(self.stream)))

    def restart(self, server: str) -> None:
        """A server begins a new life with what it has stored."""
        replica = self.replicas[server]
        replica.restart(self._new_life())
        replica.read(self.stream)
        self._add(replica.round(opened(server)))

    def repeat(self) -> None:
        """The engine stores an entry again."""
        self._add(self.random.choice(self.stream[-20:]))

    def arrive_late(self) -> None:
        """A round that hung is stored after all; other rounds of its server may be before it."""
        if self.hanging:
            self._add(self.hanging.pop(self.random.randrange(len(self.hanging))))

    def skip_a_round(self) -> None:
        """A faulty server counts on without its round."""
        replica = self.replicas[self.random.choice(SERVERS)]
        self._add(replica.round(self._any_act(replica.server), n=self._last_round(replica) + 2))

    def read_all(self) -> None:
        """Let every server read to the end, and store it."""
        for replica in (*self.replicas.values(), self.truth):
            replica.read(self.stream)
            replica.store()

    def _add(self, data: bytes) -> None:
        self.stream.append(data)
        self.truth.read(self.stream)
        self.truth.store()

    def _new_life(self) -> str:
        return self.random.randbytes(8).hex()

    def _last_round(self, replica: MemoryReplica) -> int:
        """Return the last round of this life that counts in the stream: its link knows it."""
        stored = self.truth.stored.get(f"life:{replica.life}")
        return int(json.loads(stored)["n"]) if stored else 0

    def _any_act(self, server: str) -> AnyAct:
        makers = (
            self._came,
            self._posted,
            self._posted,
            self._posted,
            self._gone,
            self._renamed,
            self._silent,
            self._restriction,
            lambda: opened(server),
        )
        return self.random.choice(makers)()

    def _came(self) -> Came:
        member, key = self.random.choice(MEMBERS), self.random.choice(KEYS)
        who = LinkedPerson(member, key.title(), key, f"proof of {member}")
        return Came(who, 1.0, self.random.random() < 0.5)

    def _posted(self) -> Posted:
        """A member says the next things, or again what has no receipt; nothing before it has one."""
        member = self.random.choice(MEMBERS)
        known = sum(one.member == member for one in self.truth.ledger.kept)
        first = self.random.randint(max(1, known - 1), known + 1)
        ids = range(first, known + self.random.randint(1, 4))
        return Posted(member, 1.0, [Say(str(number), f"{member} says {number}") for number in ids])

    def _gone(self) -> Gone:
        is_removed = self.random.random() < 0.2
        return Gone(self.random.choice(MEMBERS), "left", removed=is_removed)

    def _renamed(self) -> Renamed:
        key = self.random.choice(KEYS)
        return Renamed(self.random.choice(MEMBERS), key.title(), key)

    def _silent(self) -> Silent:
        server = self.random.choice(SERVERS)
        known = self.truth.fold.roster.servers.find(server)
        return Silent(server, known.life if known and self.random.random() < 0.7 else "an older one")

    def _restriction(self) -> AnyAct:
        key = self.random.choice("ab")
        return self.random.choice((Banned(key, "{}"), Unbanned([key]), Locked(on=self.random.random() < 0.3)))


def world_after(steps: int, seed: int) -> World:
    """Return what this chance makes of so many steps."""
    world = World(Random(seed))  # noqa: S311 (a course that can be repeated)
    for _ in range(steps):
        world.step()
    return world
