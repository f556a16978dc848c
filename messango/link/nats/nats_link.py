"""The thread that keeps this server linked: it runs nats-py's loop, and nothing of asyncio leaves it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import nats.errors

from messango.link.files.file_frames import AnyFileFrame, encode_file_frame
from messango.link.fold.acts import AnyAct
from messango.link.fold.link import LinkState, Note
from messango.link.fold.rounds import Round, Rounds
from messango.link.fold.stream_entry import Place
from messango.link.nats.engine_connection import EngineConnection, engine_access
from messango.link.nats.link_broken import FAULT, RESTARTED, LinkBroken, connection_lost
from messango.link.nats.link_ends import RoomSide
from messango.link.nats.link_life import LinkLife
from messango.link.nats.pauses import Pauses

if TYPE_CHECKING:
    from messango.link.link_file import LinkFile

logger = logging.getLogger(__name__)

# Where nothing else is set up for its log, Python would print nats-py's tracebacks.
logging.getLogger("nats").addHandler(logging.NullHandler())

#: For the tasks of a life to end, which nothing of theirs should take.
_TASKS_END_WITHIN_S: Final = 0.1
_ATTEMPTS_TO_END: Final = 3

#: For the last notes before a server rests.
_LAST_NOTES_S: Final = 0.3


class NatsLink:
    """A `Link` to a NATS server with JetStream. Owns its thread, and the lock of what waits to be published.

    Each life of the link is one fresh connection and consumer; nothing is mended (nats-py's own mending waits
    for the end of dead connections, and takes many seconds). With several servers, the next life tries the
    next. `new_stream_replicas`: create the stream if there is none, on that many servers of a cluster.
    """

    def __init__(
        self,
        link_file: LinkFile,
        server: str,
        life: str,
        place: Callable[[], Place],
        last_raw_digest: Callable[[], str],
        on_entries: Callable[[list[tuple[int, bytes]]], None],
        on_state: Callable[[LinkState], None],
        on_note: Callable[[Note], None],
        *,
        on_file_frame: Callable[[AnyFileFrame], None] = lambda _frame: None,
        new_stream_replicas: int | None = None,
    ) -> None:
        """`on_...` are called in the link's thread; see `RoomSide`. Raises `ValueError` or `OSError` for
        certificates that can't be used.
        """
        self._access = engine_access(link_file)
        self._room = RoomSide(
            server, life, place, last_raw_digest, on_entries, on_state, on_note, on_file_frame
        )
        self._new_stream_replicas = new_stream_replicas
        #: Guards `_rounds` and `_is_woken`; held for moments, and never while anything else is called.
        self._lock = threading.Lock()
        #: Whether the thread is about to look what has changed.
        self._is_woken = False
        self._rounds = Rounds(server, life)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = threading.Event()
        self._resting = False
        #: Of the engine that was reached last; empty before.
        self.engine_version = ""
        self._thread = threading.Thread(target=self._run, name="messango-link")
        # In the thread only
        self._state = LinkState(up=False)
        self._changed = asyncio.Event()
        self._interrupted = asyncio.Event()
        self._life: LinkLife | None = None

    @property
    def waiting_bytes(self) -> int:
        """Of acts that were offered and not seen yet."""
        return self._rounds.waiting_bytes

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def offer(self, acts: Sequence[AnyAct]) -> None:
        """Put acts into the stream, after all that was offered before."""
        encoded = self._rounds.encode(acts)
        with self._lock:
            self._rounds.add(encoded)
        self._wake()

    def seen(self, n: int) -> None:
        """The room has stored round `n`."""
        with self._lock:
            self._rounds.seen(n)
            is_next_due = self._rounds.has_waiting
        # Otherwise the next offer wakes the thread, which has nothing to do before.
        if is_next_due:
            self._wake()

    def notify(self, note: Note) -> None:
        """Tell the other servers something beside the stream, if the link is up."""
        self._call(self._notify, note)

    def send_file_frame(self, to: str, frame: AnyFileFrame) -> None:
        """Send a frame about a file to one server, or to all others if `to` is empty, if the link is up."""
        self._call(self._send_file_frame, to, encode_file_frame(frame))

    def restart(self) -> None:
        """Begin a fresh life where the room stands then, also after a state that was permanent."""
        self._resting = False
        self._call(self._interrupted.set)

    def rest(self) -> None:
        """Drop the connection, and stay down until `restart`; the room knows why."""
        self._resting = True
        self._call(self._interrupted.set)

    def close(self) -> None:
        """End at once, and join the thread; what was offered and has not gone out is lost."""
        self._closing.set()
        self._call(self._interrupted.set)
        if self._thread.ident is not None:
            self._thread.join()

    # For a life of the link, in the thread

    def current_round(self) -> Round | None:
        """Return the round to publish."""
        place = self._room.place()
        with self._lock:
            return self._rounds.next_round(place)

    async def changed(self) -> None:
        """Return when something was offered or seen since this last returned."""
        await self._changed.wait()
        self._changed.clear()

    def _wake(self) -> None:
        """Have the thread look what has changed, once for all that changes until it does."""
        if self._loop is None:
            return  # It looks when it begins.
        with self._lock:
            was_woken, self._is_woken = self._is_woken, True
        if not was_woken:
            self._call(self._note_change)

    def _note_change(self) -> None:
        with self._lock:
            self._is_woken = False
        self._changed.set()

    def _call(self, function: Callable[..., object], *arguments: Any) -> None:
        """Have the thread call this, unless it has ended or was never started.

        Not with a lock: the call wakes the thread, which would have to wait for it.
        """
        if (loop := self._loop) is not None:
            with contextlib.suppress(RuntimeError):  # It has ended just now.
                loop.call_soon_threadsafe(function, *arguments)

    def _notify(self, note: Note) -> None:
        if self._life is not None:
            self._life.notify(note)

    def _send_file_frame(self, to: str, data: bytes) -> None:
        if self._life is not None:
            self._life.send_file_frame(to, data)

    def _run(self) -> None:
        with contextlib.closing(asyncio.new_event_loop()) as loop:
            # Of tasks of nats-py that nobody waits for.
            loop.set_exception_handler(_log_leftover)
            self._loop = loop
            try:
                loop.run_until_complete(self._keep_linked())
            finally:
                self._loop = None

    async def _keep_linked(self) -> None:
        pauses = Pauses()
        servers = itertools.cycle(self._access.servers)
        # The link may have been closed before there was a loop to interrupt.
        while not self._closing.is_set():
            address = next(servers)
            state, was_up = await self._live(address)
            if self._closing.is_set():
                return
            if self._resting:
                # The room knows that it is down, and is told when it comes up again.
                self._state = LinkState(up=False)
            else:
                self._report(state)
            if was_up:
                pauses.reset()
            await self._pause(None if state.permanent else pauses.next_s())

    async def _pause(self, seconds: float | None) -> None:
        """Wait so long, or until `restart` or `close`; only until one of these after `rest`."""
        while self._resting and not self._closing.is_set():
            self._interrupted.clear()
            await self._interrupted.wait()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._interrupted.wait(), seconds)
        self._interrupted.clear()

    async def _live(self, address: str) -> tuple[LinkState, bool]:
        """Let the link live once. Return why that ended, and whether it had been up."""
        connection = EngineConnection(self._access, address)
        life = self._life = LinkLife(connection, self._room, self, self._new_stream_replicas, self._report)
        living = asyncio.ensure_future(life.run())
        interruption = asyncio.ensure_future(self._interrupted.wait())
        await asyncio.wait({living, interruption}, return_when=asyncio.FIRST_COMPLETED)
        self._life = None
        if not living.done() and not self._closing.is_set():
            # Such as why this server does not go on.
            await asyncio.wait({asyncio.ensure_future(life.flush_notes())}, timeout=_LAST_NOTES_S)
        state = _why_ended(living) if living.done() else RESTARTED
        connection.drop()
        await _end_other_tasks()
        return state, life.was_up

    def _report(self, state: LinkState) -> None:
        if state != self._state:
            self._state = state
            if state.up and self._life is not None:
                self.engine_version = self._life.engine_version
            self._room.on_state(state)


def _why_ended(living: asyncio.Future[None]) -> LinkState:
    try:
        living.result()
    except LinkBroken as broken:
        return broken.state
    except (OSError, nats.errors.Error, asyncio.TimeoutError, asyncio.CancelledError) as error:
        logger.debug("The link broke: %r", error)
    except Exception:
        logger.exception("The link failed")
        return FAULT
    return connection_lost().state


async def _end_other_tasks() -> None:
    """End what nats-py and the life have left. Some of nats-py's tasks miss being cancelled once."""
    for _ in range(_ATTEMPTS_TO_END):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if not tasks:
            break
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_TASKS_END_WITHIN_S)
    # The loop closes the sockets of what was aborted in its next round.
    await asyncio.sleep(0)


def _log_leftover(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    logger.debug("The engine's client left behind: %s", context.get("exception") or context.get("message"))
