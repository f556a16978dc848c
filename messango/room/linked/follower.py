"""Follows the stream of a linked room: takes its entries, stores them, and keeps this server open in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from messango.link.fold.acts import AnyAct, Opened, Silent
from messango.link.fold.errors import Forked, NewerStream, StreamGap
from messango.link.fold.link import ForkFound, Link, LinkState
from messango.protocol.frames import ServerCard
from messango.room.history.file.replica_history import StorageFailed
from messango.room.history.history import RETRY_S
from messango.room.linked.act_taker import ActTaker
from messango.room.linked.base import base_acts
from messango.room.linked.link_notices import link_down_warning
from messango.room.linked.link_watch import LinkWatch
from messango.room.linked.replica import Replica
from messango.room.moderation_error import ModerationError

RELINKING: Final = LinkState(
    up=False, reason="This server reads the conversation again.", hint="Please wait a moment."
)

#: What helps a host whose room is not what the others have.
FORKED_HINT: Final = "To begin again with what the other servers have, use `relink`."

NEWER_HINT: Final = "Close the room, update Messango, and open it again: then it goes on from here."

#: For the host of a server that is not the last one that was opened with its identity.
REPLACED: Final = LinkState(
    up=False,
    reason="A server with this one's identity was opened after it, so nothing that is said here counts any "
    "more: Messango's folder was copied, perhaps with the whole computer.",
    hint="Close this server. To have both, start one of them again with --identity new.",
    permanent=True,
)


class Beginning(NamedTuple):
    """With what this server may begin the linked room."""

    link: str
    name: str
    acts: Sequence[AnyAct]


class Follower:
    """Owns the replica and what is known of the link. For the room's thread, inside a batch.

    `own_acts` returns those by which the members who are here, and those who ask, come to this life of the
    server. `on_reloaded` is called when the replica begins again with what is stored.
    """

    def __init__(
        self,
        replica: Replica,
        watch: LinkWatch,
        taker: ActTaker,
        card: ServerCard,
        life: str,
        beginning: Beginning | None,
        own_acts: Callable[[], Sequence[AnyAct]],
        on_reloaded: Callable[[], None],
    ) -> None:
        """`beginning` is None for a server that may not begin the room."""
        self.replica = replica
        self.watch = watch
        self.card = card
        self._taker = taker
        self.life = life
        self._beginning = beginning
        self._own_acts = own_acts
        self._on_reloaded = on_reloaded
        self.link: Link
        #: What this batch puts into the stream: together, because each time the link's thread is woken.
        self._offered: list[AnyAct] = []
        #: The last own round of which the link knows that it is stored.
        self._round_told = 0
        #: Whether this life was offered to the stream, which does not have it (any more).
        self._is_opening = False
        #: The last entry of the stream that came, taken or not.
        self._last_seen = replica.stored_place.stream
        #: The last entry that comes a second time, after `relink`: what it says was done and told long ago.
        self._known_until = 0
        #: What to call when the stream has that this server closes; None unless it does.
        self._departed: Callable[[], None] | None = None
        #: Whether the link was given up, and why is in the watch: what the link still says changes nothing.
        self._is_unlinked = False
        #: When a replica that could not be stored is tried again; None while it works.
        self._reload_at_s: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the room has begun, and the others know this life of the server."""
        fold = self.replica.fold
        return fold.is_based and fold.roster.servers.is_here(self.card.id, self.life)

    @property
    def takes_offers(self) -> bool:
        """Whether what is offered now comes after this life in the stream; until then it waits here."""
        return self.is_open or self._is_opening

    @property
    def is_ready(self) -> bool:
        """Whether acts of this server count now."""
        return self.watch.state.up and self.is_open

    def change_link(self, state: LinkState, now_s: float) -> None:
        """The link is up or down."""
        if not self._is_unlinked:
            self.watch.change(state, now_s)
        self.open_if_due()

    def offer(self, *acts: AnyAct) -> None:
        """Put acts into the stream at the end of the batch."""
        self._offered += acts

    def send_offered(self) -> None:
        """Give the link what was offered in this batch."""
        if self._offered:
            acts, self._offered = self._offered, []
            self.link.offer(acts)

    def take(self, entries: Sequence[tuple[int, bytes]], now_s: float, time_s: float) -> None:
        """Take entries of the stream, each with its number there."""
        self._last_seen = entries[-1][0]
        if self._reload_at_s is not None or self._is_unlinked or self.watch.state.permanent:
            return
        try:
            self._take(entries, now_s, time_s)
        except Forked as forked:
            self.link.notify(ForkFound(self.card.id, forked.other, forked.reason))
            self._unlink(_unlinked(forked.reason, FORKED_HINT), now_s)
        except NewerStream as newer:
            self._unlink(_unlinked(str(newer), NEWER_HINT), now_s)
        except StreamGap:
            self.link.restart()
        except StorageFailed as failed:
            self._lose(failed, now_s)

    def _take(self, entries: Sequence[tuple[int, bytes]], now_s: float, time_s: float) -> None:
        for stream_seq, data in entries:
            acts = self.replica.take(stream_seq, data)
            if stream_seq <= self._known_until:
                if stream_seq == self._known_until:
                    self._on_reloaded()
                continue
            for ordered in acts:
                if ordered.server != self.card.id:
                    self.watch.hear(ordered.server, now_s)
                self._taker.take(ordered, now_s, time_s)
            if self.replica.fold.is_over:
                self._unlink(REPLACED, now_s)
                return

    def _unlink(self, state: LinkState, now_s: float) -> None:
        """Give the link up until the host acts."""
        self._is_unlinked = True
        self.link.rest()
        self.watch.change(state, now_s)

    def open_if_due(self) -> None:
        """Begin the room if it has no beginning, and this server's life in it if the others lack it."""
        if not self.watch.state.up or self.is_open:
            self._is_opening = False
            return
        if self._departed is not None:
            self._departed()
            return
        is_based = self.replica.fold.is_based
        if self._is_opening or not (is_based or self._beginning):
            return
        self._is_opening = True
        if not is_based and (beginning := self._beginning) is not None:
            self.offer(*base_acts(beginning.link, beginning.name, self.replica.history), *beginning.acts)
        self.offer(Opened(self.card), *self._own_acts())

    def depart(self, done: Callable[[], None]) -> None:
        """Declare this server gone, after all that was offered before; call `done` when the stream has it."""
        self._departed = done
        if self.is_ready:
            self.offer(Silent(self.card.id, self.life))
        else:
            done()

    def require_readable(self) -> None:
        """Raise `ModerationError` if the stream can't be read now: until then members would have nothing."""
        state = self.watch.state
        if not (state.up or state.permanent):
            raise ModerationError(f"{link_down_warning(state).reason} This server keeps its copy until then.")

    def relink(self, label: str, now_s: float, time_s: float) -> Path | None:
        """Set the replica aside, and make it again from the stream; returns where the old one is.

        Raises `StorageFailed`.
        """
        old = self.replica.begin_again(label, time_s, self._last_seen)
        self._taker.begin_again()
        self._known_until = self._last_seen
        self._reload_at_s = None
        self._is_opening = self._is_unlinked = False
        self.watch.change(RELINKING, now_s)
        self._on_reloaded()
        self.link.restart()
        return old

    def commit(self, now_s: float) -> None:
        """Store what was taken, and let the link know; nothing is shown that could not be stored."""
        if self._reload_at_s is not None:
            return
        try:
            self.replica.commit()
        except StorageFailed as failed:
            self._lose(failed, now_s)
        else:
            self._taker.confirm()
            if self._round_told != self.replica.stored_round:
                self._round_told = self.replica.stored_round
                self.link.seen(self._round_told)

    def _lose(self, failed: StorageFailed, now_s: float) -> None:
        """Drop what this batch has of the stream: it comes again when it can be stored."""
        self._taker.drop_unstored()
        self._reload_at_s = now_s + RETRY_S
        problem = failed.problem
        self.watch.change(LinkState(up=False, reason=problem.reason, hint=problem.hint), now_s)

    @property
    def reload_at_s(self) -> float | None:
        """When a replica that could not be stored is tried again; None while it works."""
        return self._reload_at_s

    def reload_if_due(self, now_s: float, time_s: float) -> None:
        """Try a replica that could not be stored again."""
        if self._reload_at_s is None or now_s < self._reload_at_s:
            return
        try:
            self.replica.history.reopen(time_s)
            self.replica.reload()
        except StorageFailed:
            self._reload_at_s = now_s + RETRY_S
            return
        self._reload_at_s = None
        self._on_reloaded()
        self.link.restart()


def _unlinked(reason: str, hint: str) -> LinkState:
    return LinkState(up=False, reason=reason, hint=hint, permanent=True)
