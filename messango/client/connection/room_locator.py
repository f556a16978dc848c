"""The addresses of the room, and the search for new ones if it has moved."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from messango.client.connection.background_dial import BackgroundDial
from messango.errors import AmbiguousInvite, MessangoError, Unreachable
from messango.transport.addresses import Address, is_ip
from messango.transport.dialing.dial import CONNECT_TIMEOUT_S, DialResult, dial
from messango.transport.identity.identity_errors import FingerprintMismatch
from messango.transport.writer import WriterThread

logger = logging.getLogger(__name__)

#: Before the first visit nobody tries again later, so a search gets as long as `messango discover`.
_FIRST_SEARCH_S: Final = 3.0

#: A search gets this long even if the pause is shorter: it ends as soon as the room is found, and
#: connecting to a dead address takes many times longer.
_MIN_SEARCH_S: Final = 1.0

#: A working address in the local network answers within this time; then no search is needed.
_SEARCH_DELAY_S: Final = 0.5

#: How often to look whether a search was cancelled: soon enough for a person who clicks Cancel.
_CANCEL_CHECK_S: Final = 0.1

#: A host that moves often leaves many old addresses; all are tried at once.
_MAX_ADDRESSES: Final = 8


class Rediscover(Protocol):
    """Finds a room by its id and fingerprint; ends early if `is_cancelled` returns True.

    The id is empty for the room of an invite link that was not joined yet.
    """

    def __call__(
        self, room_id: str, fingerprint: str, timeout_s: float, is_cancelled: Callable[[], bool], /
    ) -> Sequence[Address]:
        """Return its addresses, best first; empty if it was not found. Raises `MessangoError`."""
        ...


class RoomLocator:
    """Owns the addresses and the thread of a search. Only for the client's thread.

    It calls `is_cancelled` every now and then while it waits.
    """

    def __init__(
        self, addresses: Sequence[Address], rediscover: Rediscover | None, is_cancelled: Callable[[], bool]
    ) -> None:
        self._addresses = list(addresses)
        self._accepted = set(addresses)
        self._found: set[tuple[Address, ...]] = set()
        self._rejected: set[Address] = set()
        self._rediscover = rediscover
        self._is_cancelled = is_cancelled
        self._search: _BackgroundSearch | None = None

    def connect(self, fingerprint: str | None, writer: WriterThread) -> DialResult:
        """Connect to the room at one of its addresses; raises as `dial`."""
        return dial(self._addresses, fingerprint=fingerprint, writer=writer, is_cancelled=self._is_cancelled)

    def find(self, room_id: str, fingerprint: str | None, writer: WriterThread) -> DialResult:
        """Connect to a room that was not reached before, as `reconnect`, but search for longer.

        `room_id` is empty if only the certificate is known; if that is not known either, there is nothing to
        search for. Raises as `dial`, or the error of the search.
        """
        if fingerprint is None:
            return self.connect(None, writer)
        return self._dial_and_search(room_id, fingerprint, writer, _FIRST_SEARCH_S)

    def reconnect(self, room_id: str, fingerprint: str, writer: WriterThread) -> DialResult:
        """Connect to a room that was reached before, wherever its host is now. Raises as `dial`.

        Known addresses and a search run at the same time, so that a dead address does not cost its timeout.
        """
        return self._dial_and_search(room_id, fingerprint, writer, 0.0)

    def _dial_and_search(
        self, room_id: str, fingerprint: str, writer: WriterThread, search_s: float
    ) -> DialResult:
        if self._rediscover is None:
            return self.connect(fingerprint, writer)
        self.close()
        search = self._search = _BackgroundSearch(
            self._rediscover,
            room_id,
            fingerprint,
            [*self._addresses, *self._rejected],
            self._is_cancelled,
        )
        search.start()
        try:
            return self._dial_cancellably(
                fingerprint, writer, lambda: self._is_cancelled() or search.found_new_address()
            )
        except (FingerprintMismatch, Unreachable) as error:
            # Another room may have our room's former address.
            is_other_room = isinstance(error, FingerprintMismatch)
            search.finish_soon(max(search_s, _MIN_SEARCH_S if is_other_room else 0.0))
            if search.error is not None:
                raise search.error from error
            if not search.found_new_address():
                raise
        finally:
            search.stop()
        self._add_addresses(search.addresses)
        return self.connect(fingerprint, writer)

    def _dial_cancellably(
        self, fingerprint: str, writer: WriterThread, is_cancelled: Callable[[], bool]
    ) -> DialResult:
        """Dial; a host name that takes long to resolve is given up as soon as `is_cancelled` returns true."""

        def dial_now() -> DialResult:
            return dial(self._addresses, fingerprint=fingerprint, writer=writer, is_cancelled=is_cancelled)

        if all(is_ip(address.host) for address in self._addresses):
            return dial_now()
        return BackgroundDial(dial_now).wait(is_cancelled)

    def search(self, room_id: str, fingerprint: str, wait_s: float, is_cancelled: Callable[[], bool]) -> bool:
        """Search for the room during a pause; return True if it was found, which ends the pause."""
        if self._rediscover is None:
            return False
        try:
            found = self._rediscover(room_id, fingerprint, max(wait_s, _MIN_SEARCH_S), is_cancelled)
        except MessangoError as error:
            logger.info("the search for the room failed: %s", error)
            return False
        return self._add_addresses(found)

    def is_accepted(self, address: Address) -> bool:
        """Return whether the client began with this address or has accepted what a search found there."""
        return address in self._accepted

    def accept(self, address: Address) -> None:
        """Record that our room has answered here."""
        self._accepted.add(address)

    def reject(self, address: Address) -> None:
        """Never use this address again, nor those that were found together with it: a copy answers there."""
        self._rejected.add(address)
        for group in self._found:
            if address in group:
                self._rejected.update(group)
        self._addresses = [other for other in self._addresses if other not in self._rejected]

    def close(self) -> None:
        """Wait until the last search has ended, which takes a moment at most."""
        if self._search is not None:
            self._search.join()
            self._search = None

    def _add_addresses(self, found: Sequence[Address]) -> bool:
        """Use the addresses of a room that was found; return false if there are none or it was rejected."""
        if not found or not self._rejected.isdisjoint(found):
            return False
        self._found.add(tuple(found))
        new = [address for address in found if address not in self._addresses]
        self._addresses = [*new, *self._addresses][:_MAX_ADDRESSES]
        return True


class _BackgroundSearch:
    """Owns the thread that searches for new addresses of a room."""

    def __init__(
        self,
        rediscover: Rediscover,
        room_id: str,
        fingerprint: str,
        known_addresses: Sequence[Address],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self.addresses: Sequence[Address] = ()
        self.error: AmbiguousInvite | None = None
        self._rediscover = rediscover
        self._room_id_and_fingerprint = (room_id, fingerprint)
        self._known_addresses = frozenset(known_addresses)
        self._is_cancelled = is_cancelled
        self._stopped = False
        self._delay_over = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-rediscover", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def found_new_address(self) -> bool:
        """Return whether the search has found the room at a new address."""
        return self._ended.is_set() and not self._known_addresses.issuperset(self.addresses)

    def finish_soon(self, timeout_s: float) -> None:
        """Search without a delay, and wait until the search has ended, at most this long; or cancelled."""
        if timeout_s <= 0:
            return
        self._delay_over.set()
        deadline_s = time.monotonic() + timeout_s
        while not self._should_stop() and (left_s := deadline_s - time.monotonic()) > 0:
            if self._ended.wait(min(left_s, _CANCEL_CHECK_S)):
                return

    def stop(self) -> None:
        """Stop the search; `join` waits for its thread."""
        self._stopped = True
        self._delay_over.set()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            self._delay_over.wait(_SEARCH_DELAY_S)
            if not self._stopped:
                self.addresses = self._rediscover(
                    *self._room_id_and_fingerprint, CONNECT_TIMEOUT_S, self._should_stop
                )
        except AmbiguousInvite as error:
            self.error = error
        except MessangoError as error:
            logger.info("the search for the room failed: %s", error)
        except Exception:  # The edge of the thread: log a bug.
            logger.exception("the search for the room failed")
        finally:
            self._ended.set()

    def _should_stop(self) -> bool:
        return self._stopped or self._is_cancelled()
