"""An engine in memory: one ordered list of entries, and what is on its way to and from it.

Nothing moves by itself. `run` moves all there is in the thread that calls it; inside `running()`, a thread
does it. What moves next is chosen by `choose` among all that can: with a random choice, servers overtake each
other as they would over real networks.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence

from messango.link.fold.link import Alive, LinkState, Note
from messango.link.fold.stream_entry import Place, decode_entry
from tests.support.linked.fake_link import FakeLink

#: One thing that can happen next.
Step = Callable[[], None]

#: With a thread, a room's progress is looked at this often: nobody tells it.
_LOOK_AGAIN_S = 0.005


class FakeStream:
    """`entries` is the stream; tests may read and spoil it while nothing runs. Its lock guards its links."""

    def __init__(self, choose: Callable[[Sequence[Step]], Step] = lambda steps: steps[0]) -> None:
        self.entries: list[bytes] = []
        self.lock = threading.RLock()
        self._links: list[FakeLink] = []
        self._choose = choose
        self._round_ids: set[tuple[str, str, int]] = set()
        self._wake = threading.Event()
        self._ending = threading.Event()

    def link(
        self,
        server: str,
        life: str,
        place: Callable[[], Place],
        last_raw_digest: Callable[[], str],
        on_entries: Callable[[list[tuple[int, bytes]]], None],
        on_state: Callable[[LinkState], None] = lambda _: None,
        on_note: Callable[[Note], None] = lambda _: None,
    ) -> FakeLink:
        """Return a link for a server, which is still to be started; the parameters are `NatsLink`'s."""
        link = FakeLink(self, server, life, place, last_raw_digest, on_entries, on_state, on_note)
        self._links.append(link)
        return link

    def run(self) -> None:
        """Let everything happen that can, until nothing moves."""
        while steps := [step for link in self._links for step in link.steps()]:
            self._choose(steps)()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run in a thread until the end of the block."""
        thread = threading.Thread(target=self._run_until_end, name="messango-test-stream")
        self._ending.clear()
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            self.moved()
            thread.join()

    def repeat(self, stream_seq: int) -> None:
        """Store an entry a second time, as an engine does with what comes again after its window."""
        self.append(self.entries[stream_seq - 1])

    def publish(self, server: str, life: str, n: int, data: bytes) -> None:
        """Store a round, unless it is here already: an engine knows the ids of the last minutes."""
        with self.lock:
            if (server, life, n) not in self._round_ids:
                self._round_ids.add((server, life, n))
                self.append(data)

    def append(self, data: bytes) -> None:
        """Store an entry, whatever it is."""
        with self.lock:
            self.entries.append(data)
        self.moved()

    def roll_back(self, length: int) -> None:
        """Forget what came after the first `length` entries, as an engine with an old copy of its store.

        Its links break, as they would.
        """
        with self.lock:
            del self.entries[length:]
            self._round_ids = {
                (entry.server, entry.life, entry.n) for entry in map(decode_entry, self.entries)
            }
        for link in self._links:
            link.restart()

    def heartbeat(self) -> None:
        """Let each server that is linked say that it is there, as it does each `HEARTBEAT_S`."""
        for link in self._links:
            link.notify(Alive(link.server, link.life))

    def distribute(self, sender: FakeLink, note: Note) -> None:
        """Give a note to the other servers that are linked now."""
        for link in self._links:
            if link is not sender:
                link.receive(note)
        self.moved()

    def moved(self) -> None:
        """Something may be able to happen now that could not before."""
        self._wake.set()

    def _run_until_end(self) -> None:
        while not self._ending.is_set():
            self.run()
            self._wake.wait(_LOOK_AGAIN_S)
            self._wake.clear()
