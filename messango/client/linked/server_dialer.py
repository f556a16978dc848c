"""Connects to the room: to the server where we joined it, or to another one that it has named."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from messango.client.connection.room_locator import Rediscover, RoomLocator
from messango.client.linked.server_turns import PATIENCE_S, ServerTurns
from messango.client.session import Session
from messango.client.trust.known_rooms import KnownRooms
from messango.client.trust.linked_server import LinkedServer
from messango.client.trust.same_server_check import SameServerCheck
from messango.client.trust.trust_check import TrustCheck
from messango.errors import ConnectionLost, MessangoError
from messango.protocol.frames import Welcome
from messango.protocol.limits import MAX_SERVER_ADDRESSES
from messango.transport.addresses import Address
from messango.transport.dialing.dial import CONNECT_TIMEOUT_S, DialResult
from messango.transport.dialing.probe import probe
from messango.transport.identity.identity_errors import FingerprintMismatch
from messango.transport.writer import WriterThread

_NEXT: Final = "Trying the other servers of the room…"


class ServerBehind(ConnectionLost):
    """Another server does not have all that we have received yet: we go before it tells us less."""

    def __init__(self) -> None:
        super().__init__("That server of the room has not received everything yet.", _NEXT)


class ServerDialer:
    """Owns the addresses of the room's servers and the searches for them. Only for the client's thread.

    `wait` pauses for some seconds, and returns early if the person leaves or asks to hurry.
    """

    def __init__(
        self,
        session: Session,
        trust_check: TrustCheck,
        known_rooms: KnownRooms,
        addresses: Sequence[Address],
        rediscover: Rediscover | None,
        is_leaving: Callable[[], bool],
        wait: Callable[[float], object],
    ) -> None:
        self._session, self._trust_check, self._known_rooms = session, trust_check, known_rooms
        self._rediscover, self._is_leaving, self._wait = rediscover, is_leaving, wait
        self._deadline_s = float("inf")
        self._locator = RoomLocator(addresses, rediscover, self._is_over)
        self._same_server = SameServerCheck(session, self._locator, self._is_over)
        #: Of the others, by their identities.
        self._locators: dict[tuple[str, str], RoomLocator] = {}
        self._turns = ServerTurns()
        session.servers.recall(known_rooms, trust_check.room_id, trust_check.expected_fingerprint() or "")
        self._turns.joined(self._others())

    @property
    def elsewhere(self) -> LinkedServer | None:
        """The other server whose turn it is; None for the one where we joined, or want to."""
        return self._turns.server

    @property
    def room_id(self) -> str:
        """The id of the room that we mean at the server whose turn it is; empty if we know none."""
        return self.elsewhere.id if self.elsewhere else self._trust_check.room_id

    def close(self) -> None:
        """Wait until the last searches have ended, which takes a moment at most."""
        for locator in (self._locator, *self._locators.values()):
            locator.close()

    def dial(self, writer: WriterThread) -> DialResult:
        """Connect to the server whose turn it is; nothing is sent to any other.

        Raises `FingerprintMismatch` if only others answered, and as `dial`.
        """
        if self.elsewhere is not None:
            return self._dial_other(self.elsewhere, writer)
        is_hasty = self._session.has_session and self._turns.is_first_round and self._turns.has_others
        self._deadline_s = time.monotonic() + PATIENCE_S if is_hasty else float("inf")
        try:
            dial_result = self._dial_here(writer)
        except FingerprintMismatch as error:
            raise self._trust_check.mismatch_error(error) from error
        finally:
            self._deadline_s = float("inf")
        return _checked(dial_result, self._require_our_server)

    def search(self, wait_s: float, is_cancelled: Callable[[], bool]) -> bool:
        """Search for our server during a pause; return True if it was found, which ends the pause."""
        session = self._session
        return self._locator.search(session.room_id, session.fingerprint, wait_s, is_cancelled)

    def failed(self, error: MessangoError, final: MessangoError | None) -> MessangoError | None:
        """Return the error that ends the session, or None to go on, perhaps elsewhere: see `ServerTurns`."""
        return self._turns.failed(error, final, has_session=self._session.has_session)

    def welcome_error(self, welcome: Welcome, address: Address) -> MessangoError | None:
        """Return why we must leave a server that has let us in, or None."""
        other, session = self.elsewhere, self._session
        if other is None:
            return self._same_server.welcome_error(welcome, address)
        if welcome.room.id != other.id or not session.servers.is_other(welcome.room, other.fingerprint):
            return _not_our_room(address)
        if welcome.session == session.token and welcome.latest < (session.last_seq or 0):
            return ServerBehind()
        return None

    def joined(self, address: Address) -> None:
        """Stay at this server from now on, until it fails: the session has handled its welcome."""
        other = self.elsewhere
        if other is not None:
            self._locator.close()
            self._locator = self._locators.pop(other.identity)
            self._locator.accept(address)
            self._same_server = SameServerCheck(self._session, self._locator, self._is_over)
        self._turns.joined(self._others())
        self._forget_locators()

    def _is_over(self) -> bool:
        return self._is_leaving() or time.monotonic() >= self._deadline_s

    def _dial_here(self, writer: WriterThread) -> DialResult:
        session = self._session
        if session.has_session and session.fingerprint:
            return self._locator.reconnect(session.room_id, session.fingerprint, writer)
        expected = self._trust_check.expected_fingerprint()
        return self._locator.find(self._trust_check.room_id, expected, writer)

    def _require_our_server(self, dial_result: DialResult) -> None:
        self._trust_check.verify_before_join(dial_result, self._is_leaving)
        self._same_server.require_no_copy(dial_result)

    def _dial_other(self, server: LinkedServer, writer: WriterThread) -> DialResult:
        """Connect to another server.

        Our own one, if it is hostile, could list the address of a stranger, and see by when we come back
        whether its port is closed: so every failure takes the same time, if we may come back.
        """
        self._deadline_s = time.monotonic() + (
            PATIENCE_S if self._turns.is_first_round else CONNECT_TIMEOUT_S
        )
        if server.identity not in self._locators:
            self._locators[server.identity] = RoomLocator(server.addresses, self._rediscover, self._is_over)
        try:
            dial_result = self._locators[server.identity].reconnect(server.id, server.fingerprint, writer)
        except MessangoError:
            if self._session.has_session and not self._turns.is_last_round:
                self._wait(max(0.0, self._deadline_s - time.monotonic()))
            raise
        finally:
            self._deadline_s = float("inf")
        return _checked(dial_result, lambda result: self._require_linked(server, result))

    def _require_linked(self, server: LinkedServer, dial_result: DialResult) -> None:
        """Ask what room this is before it learns our session's secret."""
        address = dial_result.address
        answer = probe([address], fingerprint=server.fingerprint, is_cancelled=self._is_leaving)
        if answer.room.id != server.id or not self._session.servers.is_other(answer.room, answer.fingerprint):
            raise _not_our_room(address)
        self._trust_check.require_unchanged(answer.room, answer.fingerprint, address)

    def _others(self) -> list[LinkedServer]:
        """Return the other servers, each with the addresses where we have been besides those of the list."""
        return [self._with_visited_addresses(server) for server in self._session.servers.others]

    def _with_visited_addresses(self, server: LinkedServer) -> LinkedServer:
        known = self._known_rooms.by_id(server.id)
        visited = known.addresses if known and known.fingerprint == server.fingerprint else []
        addresses = list(dict.fromkeys([*visited, *server.addresses]))[:MAX_SERVER_ADDRESSES]
        return LinkedServer(server.name, server.id, server.fingerprint, addresses)

    def _forget_locators(self) -> None:
        """Look for the others where the new list says that they are."""
        for locator in self._locators.values():
            locator.close()
        self._locators.clear()


def _checked(dial_result: DialResult, check: Callable[[DialResult], None]) -> DialResult:
    """Return the result if the check passes; otherwise close the connection, and raise what it raises."""
    try:
        check(dial_result)
    except MessangoError:
        dial_result.connection.close()
        raise
    return dial_result


def _not_our_room(address: Address) -> ConnectionLost:
    return ConnectionLost(f"Another room answers at {address}. You have not joined it.", _NEXT)
