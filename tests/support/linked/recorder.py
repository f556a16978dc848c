"""The simplest room that a link can have: it stores what comes from the stream and remembers it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from messango.link.fold.acts import Posted
from messango.link.fold.link import Link, LinkState, Note
from messango.link.fold.stream_entry import Place, StreamEntry, decode_entry, next_digest, raw_digest
from messango.protocol.frames import Say
from tests.support.raw_client import TIMEOUT_S


def said(member: str, *texts: str) -> Posted:
    """Return messages of a member; the texts, or their beginnings, are the ids too."""
    return Posted(member, 1.0, [Say(text[:64], text) for text in texts])


class Recorder:
    """Folds at once in the link's thread, unless it `holds`; for any thread. Set `link` before it starts.

    `entries` and `raw` are the whole stream as this server has it; `texts` is what was said, each round once.
    """

    def __init__(self, server: str, life: str) -> None:
        self.server, self.life = server, life
        self.link: Link | None = None
        self.raw: list[bytes] = []
        self.entries: list[StreamEntry] = []
        self.texts: list[str] = []
        self.states: list[LinkState] = []
        self.notes: list[Note] = []
        self.batches: list[int] = []
        #: How many times a round came again, and was skipped.
        self.repeated = 0
        self._digest = ""
        self._rounds: set[tuple[str, str, int]] = set()
        self._holding = False
        self._held: list[tuple[int, bytes]] = []
        #: Guards everything; notified about each change.
        self._changed = threading.Condition()

    def place(self) -> Place:
        """Return how far this server has folded."""
        with self._changed:
            return Place(len(self.raw), len(self.texts), self._digest)

    def last_raw_digest(self) -> str:
        """Return the digest of the last entry."""
        with self._changed:
            return raw_digest(self.raw[-1])

    def on_entries(self, entries: list[tuple[int, bytes]]) -> None:
        """Fold what came, or hold it."""
        with self._changed:
            self.batches.append(len(entries))
            self._held += entries
            folded = [] if self._holding else self._fold_held()
            self._changed.notify_all()
        self._report(folded)

    def on_state(self, state: LinkState) -> None:
        """Remember a state of the link."""
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def on_note(self, note: Note) -> None:
        """Remember what another server said beside the stream."""
        with self._changed:
            self.notes.append(note)
            self._changed.notify_all()

    def hold(self) -> None:
        """Fold nothing until `release`."""
        with self._changed:
            self._holding = True

    def release(self) -> None:
        """Fold what was held, and go on."""
        with self._changed:
            self._holding = False
            folded = self._fold_held()
            self._changed.notify_all()
        self._report(folded)

    def forget(self, length: int) -> None:
        """Have only this many entries of the stream, as after a disk that failed."""
        with self._changed:
            raw, self.raw = self.raw[:length], []
            self.entries, self.texts, self._digest = [], [], ""
            self._rounds.clear()
            self._held = list(enumerate(raw, 1))
            self._fold_held()

    @property
    def held_bytes(self) -> int:
        """How much was handed over and is not folded."""
        with self._changed:
            return sum(len(data) for _, data in self._held)

    def wait_until(self, holds: Callable[[Recorder], bool], timeout_s: float = TIMEOUT_S) -> None:
        """Wait until this is so; fails after a long time."""
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self), timeout_s), (self.states, self.texts[-5:])

    def wait_for_texts(self, texts: Sequence[str]) -> None:
        """Wait until exactly these were said, in any order of the servers."""
        wanted = sorted(texts)
        self.wait_until(lambda recorder: len(recorder.texts) >= len(wanted))
        assert sorted(self.texts) == wanted

    def wait_for_state(self, *, up: bool, since: int = 0) -> LinkState:
        """Wait until the link is up or down; states before the number `since` don't count."""
        self.wait_until(lambda recorder: any(state.up == up for state in recorder.states[since:]))
        return next(state for state in self.states[since:] if state.up == up)

    def wait_for_text(self, text: str) -> None:
        """Wait until this was said, perhaps among others."""
        self.wait_until(lambda recorder: text in recorder.texts)

    def wait_for_note(self, note: Note) -> None:
        """Wait until another server has said this beside the stream."""
        self.wait_until(lambda recorder: note in recorder.notes)

    def wait_until_all_seen(self) -> None:
        """Wait until nothing that the link was offered is under way."""
        self.wait_until(lambda recorder: recorder.link is not None and recorder.link.waiting_bytes == 0)

    def wait_for_reason(self, part: str) -> LinkState:
        """Wait for a state whose reason has this in it, and return it."""
        self.wait_until(lambda recorder: any(part in state.reason for state in recorder.states))
        return next(state for state in self.states if part in state.reason)

    def _fold_held(self) -> list[int]:
        """Fold, and return which of our own rounds were among it."""
        own = []
        for seq, data in self._held:
            if seq <= len(self.raw):
                # A link that began again delivers what still waited here.
                assert data == self.raw[seq - 1]
                continue
            assert seq == len(self.raw) + 1
            entry = decode_entry(data)
            self.raw.append(data)
            self._digest = next_digest(self._digest, raw_digest(data), "")
            self.entries.append(entry)
            self._take(entry)
            if (entry.server, entry.life) == (self.server, self.life):
                own.append(entry.n)
        self._held = []
        return own

    def _take(self, entry: StreamEntry) -> None:
        key = (entry.server, entry.life, entry.n)
        if key in self._rounds:
            self.repeated += 1
            return
        self._rounds.add(key)
        for act in entry.acts:
            if isinstance(act, Posted):
                self.texts += [request.id for request in act.requests]

    def _report(self, own: list[int]) -> None:
        if self.link is not None:
            for n in own:
                self.link.seen(n)
        with self._changed:
            self._changed.notify_all()
