"""A server's link to a stream in memory; it keeps the promises of `NatsLink`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from messango.link.fold.acts import AnyAct
from messango.link.fold.link import LinkState, Note
from messango.link.fold.rounds import Rounds
from messango.link.fold.stream_entry import Place, raw_digest

if TYPE_CHECKING:
    from tests.support.linked.fake_stream import FakeStream

#: What a link says when a test cuts it.
CUT = LinkState(up=False, reason="The link is cut.", hint="Mend it.")

#: Entries in one call; fewer than a real link's, so that tests have several.
BATCH_ENTRIES = 8


class FakeLink:
    """A `Link`. Callbacks come from the thread that runs the stream.

    `holds_rounds`: offers wait although the link is up. `holds_entries`: what others store is not delivered.
    """

    def __init__(
        self,
        stream: FakeStream,
        server: str,
        life: str,
        place: Callable[[], Place],
        last_raw_digest: Callable[[], str],
        on_entries: Callable[[list[tuple[int, bytes]]], None],
        on_state: Callable[[LinkState], None],
        on_note: Callable[[Note], None],
    ) -> None:
        self.server, self.life = server, life
        self.holds_rounds = self.holds_entries = False
        self._stream = stream
        self._place, self._last_raw_digest = place, last_raw_digest
        self._on_entries, self._on_state, self._on_note = on_entries, on_state, on_note
        self._rounds = Rounds(server, life)
        self._state = LinkState(up=False)
        self._told = self._state
        self._started = self._is_cut = False
        self._delivered: int | None = None
        self._published_n = self._end_at_start = 0
        self._notes: deque[Note] = deque()

    # The interface `Link`

    @property
    def waiting_bytes(self) -> int:
        """Of acts that were offered and not seen yet."""
        return self._rounds.waiting_bytes

    def start(self) -> None:
        """Begin to connect."""
        self._started = True
        self._stream.moved()

    def offer(self, acts: Sequence[AnyAct]) -> None:
        """Put acts into the stream."""
        with self._stream.lock:
            self._rounds.offer(acts)
        self._stream.moved()

    def seen(self, n: int) -> None:
        """The room has stored round `n`."""
        with self._stream.lock:
            self._rounds.seen(n)
        self._stream.moved()

    def notify(self, note: Note) -> None:
        """Tell the other servers something, if this one is linked."""
        if self._state.up:
            self._stream.distribute(self, note)

    def restart(self) -> None:
        """Begin again where the room stands."""
        self._is_cut = False
        self._go_down(LinkState(up=False, reason="The link begins again."))

    def rest(self) -> None:
        """Stay down until `restart`."""
        self.cut(LinkState(up=False, reason="The link rests.", permanent=True))

    def close(self) -> None:
        """End; nothing is called any more."""
        self._started = False

    # For tests

    def cut(self, state: LinkState = CUT) -> None:
        """Take the link down until `mend`, with this state."""
        self._is_cut = True
        self._go_down(state)

    def mend(self) -> None:
        """Let the link come back."""
        self._is_cut = False
        self._stream.moved()

    # For the stream

    def receive(self, note: Note) -> None:
        """Take a note, if this server is linked."""
        if self._state.up:
            self._notes.append(note)

    def steps(self) -> Iterator[Callable[[], None]]:
        """Yield what can happen with this link now."""
        if not self._started:
            return
        if self._told != self._state:
            yield self._tell
        elif self._is_cut or self._state.permanent:
            return
        elif self._delivered is None:
            yield self._connect
        else:
            yield from self._linked_steps(self._delivered)

    def _linked_steps(self, delivered: int) -> Iterator[Callable[[], None]]:
        if not self._state.up and self._place().stream >= self._end_at_start:
            yield self._come_up
        if self._notes:
            yield self._give_note
        if delivered < len(self._stream.entries) and not self.holds_entries:
            yield self._deliver
        if self._state.up and not self.holds_rounds and self._can_publish():
            yield self._publish

    def _can_publish(self) -> bool:
        with self._stream.lock:
            current = self._rounds.next_round(self._place())
        return current is not None and current.n > self._published_n

    def _go_down(self, state: LinkState) -> None:
        with self._stream.lock:
            self._delivered = None
            self._notes.clear()
            # The round under way may have been stored or not: it is published again.
            self._published_n = 0
            self._state = state
        self._stream.moved()

    def _connect(self) -> None:
        seq = self._place().stream
        entries = self._stream.entries
        if seq > len(entries) or (seq and raw_digest(entries[seq - 1]) != self._last_raw_digest()):
            self._state = LinkState(up=False, reason="The stream is another one.", permanent=True)
            return
        self._delivered = seq
        self._end_at_start = len(entries)

    def _come_up(self) -> None:
        self._state = LinkState(up=True)

    def _tell(self) -> None:
        self._told = self._state
        self._on_state(self._state)

    def _give_note(self) -> None:
        self._on_note(self._notes.popleft())

    def _deliver(self) -> None:
        assert self._delivered is not None
        first = self._delivered
        batch = self._stream.entries[first : first + BATCH_ENTRIES]
        self._delivered += len(batch)
        self._on_entries([(first + index, data) for index, data in enumerate(batch, 1)])

    def _publish(self) -> None:
        with self._stream.lock:
            current = self._rounds.next_round(self._place())
            if current is not None and current.n > self._published_n:
                self._published_n = current.n
                self._stream.publish(self.server, self.life, current.n, current.data)
