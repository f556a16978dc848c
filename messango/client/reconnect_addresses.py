"""The way to the room: its addresses, and the search for others where those are dead."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from messango.errors import FingerprintMismatch, MessangoError, Unreachable
from messango.transport.addresses import Address
from messango.transport.dial import CONNECT_TIMEOUT_S, DialResult, dial
from messango.transport.writer import WriterThread

logger = logging.getLogger(__name__)

#: A look-up is given so long, also where the pause is shorter: it ends as soon as the room is found, and
#: an attempt at an address that is no more takes many times that.
_LOOK_UP_S: Final = 1.0

#: An address of this network that is alive has answered by then, and nobody was asked for nothing.
_ANSWERS_WITHIN_S: Final = 0.5

#: A host that moves about leaves its old addresses behind; they are tried all at once.
_MOST_ADDRESSES: Final = 8


class LookUp(Protocol):
    """Finds a room by its id and fingerprint; ends early once `is_cancelled` says so."""

    def __call__(
        self, room_id: str, fingerprint: str, timeout_s: float, given_up: Callable[[], bool], /
    ) -> Sequence[Address]:
        """Return its addresses, best first, or nothing; raises `MessangoError`."""
        ...


class Route:
    """Owns the addresses and the thread of a search; for the client's thread alone.

    `is_cancelled` is asked now and then while it waits.
    """

    def __init__(
        self, addresses: Sequence[Address], look_up: LookUp | None, given_up: Callable[[], bool]
    ) -> None:
        self._addresses = list(addresses)
        self._look_up = look_up
        self._given_up = given_up
        self._search: _Search | None = None

    def reach(self, fingerprint: str | None, writer: WriterThread) -> DialResult:
        """Connect to the room at one of its addresses; raises what `dial` does."""
        return dial(self._addresses, fingerprint=fingerprint, writer=writer, is_cancelled=self._given_up)

    def reach_again(self, room_id: str, fingerprint: str, writer: WriterThread) -> DialResult:
        """Connect to a room that was reached before, wherever its host is now.

        It is looked for while its addresses are tried, so that a dead one does not cost its time limit.
        """
        if self._look_up is None:
            return self.reach(fingerprint, writer)
        self.close()
        search = self._search = _Search(self._look_up, room_id, fingerprint, self._addresses, self._given_up)
        search.start()
        try:
            return dial(
                self._addresses,
                fingerprint=fingerprint,
                writer=writer,
                is_cancelled=lambda: self._given_up() or search.has_news(),
            )
        except FingerprintMismatch:
            # Another room may have been given the address that ours had.
            search.wait(_LOOK_UP_S)
            if not search.has_news():
                raise
        except Unreachable:
            if not search.has_news():
                raise
        finally:
            search.stop()
        self._add(search.found)
        return self.reach(fingerprint, writer)

    def search(self, room_id: str, fingerprint: str, wait_s: float, given_up: Callable[[], bool]) -> bool:
        """Spend a pause on looking for the room; true where it was found, which ends the pause."""
        if self._look_up is None:
            return False
        try:
            found = self._look_up(room_id, fingerprint, max(wait_s, _LOOK_UP_S), given_up)
        except MessangoError as error:
            logger.info("the room could not be looked up: %s", error)
            return False
        self._add(found)
        return bool(found)

    def close(self) -> None:
        """Wait until the last search has ended, which is soon."""
        if self._search is not None:
            self._search.join()
            self._search = None

    def _add(self, found: Sequence[Address]) -> None:
        new = [address for address in found if address not in self._addresses]
        self._addresses = [*new, *self._addresses][:_MOST_ADDRESSES]


class _Search:
    """Owns its thread, which looks for a room at other addresses than those that are known."""

    def __init__(
        self,
        look_up: LookUp,
        room_id: str,
        fingerprint: str,
        known: Sequence[Address],
        given_up: Callable[[], bool],
    ) -> None:
        self.found: Sequence[Address] = ()
        self._look_up = look_up
        self._room = (room_id, fingerprint)
        self._known = frozenset(known)
        self._given_up = given_up
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-look-up", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def has_news(self) -> bool:
        """Tell whether the room answers where it was not known to be."""
        return self._ended.is_set() and not self._known.issuperset(self.found)

    def wait(self, timeout_s: float) -> None:
        """Wait until the search has ended or the time is up."""
        self._ended.wait(timeout_s)

    def stop(self) -> None:
        """Let it end; `join` waits for that."""
        self._stopped.set()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            if not self._stopped.wait(_ANSWERS_WITHIN_S):
                self.found = self._look_up(*self._room, CONNECT_TIMEOUT_S, self._over)
        except MessangoError as error:
            logger.info("the room could not be looked up: %s", error)
        except Exception:  # The edge of the thread: a fault here is ours.
            logger.exception("the look-up failed")
        finally:
            self._ended.set()

    def _over(self) -> bool:
        return self._stopped.is_set() or self._given_up()
