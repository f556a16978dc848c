"""Checks that the server that answers is the room that we chose or were in, and not a copy of it."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.connection.room_locator import RoomLocator
from messango.client.session import Session
from messango.errors import ConnectionLost, MessangoError
from messango.protocol.frames import RoomInfo, Welcome
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import Address
from messango.transport.dialing.dial import DialResult
from messango.transport.dialing.probe import probe


class SameServerCheck:
    """Checks the servers of one session. Only for the client's thread; `is_cancelled` ends a question."""

    def __init__(self, session: Session, locator: RoomLocator, is_cancelled: Callable[[], bool]) -> None:
        self._session = session
        self._locator = locator
        self._is_cancelled = is_cancelled

    def require_no_copy(self, dial_result: DialResult) -> None:
        """Ask a server at a new address whether it knows our session; raises `ConnectionLost` if it does not.

        We do not join to find out: the members of a copy would read that we have joined and left.
        """
        session, address = self._session, dial_result.address
        if not session.has_session or self._locator.is_accepted(address):
            return
        answer = probe(
            [address],
            fingerprint=session.fingerprint,
            session=session.token,
            is_cancelled=self._is_cancelled,
        )
        # Earlier versions do not answer the question.
        if answer.room.id == session.room_id and answer.room.knows_session is False:
            raise self._reject_copy(address, answer.room)

    def welcome_error(self, welcome: Welcome, address: Address) -> MessangoError | None:
        """Return why we must leave a room that has let us in; None, and it is accepted, if it is ours."""
        if error := self._session.other_room_error(welcome.room, address):
            return error
        if not (self._locator.is_accepted(address) or self._session.is_our_server(welcome)):
            return self._reject_copy(address, welcome.room)
        self._locator.accept(address)
        return None

    def _reject_copy(self, address: Address, room: RoomInfo) -> ConnectionLost:
        """Never use this address again; return the reason."""
        self._locator.reject(address)
        return ConnectionLost(
            f"A server at {address} has the identity of {quoted_name(room.name)}, but does not "
            "know you: it may be a copy. You were not moved there.",
            "Reconnecting to the room that you were in. If it has moved, leave and join again.",
        )
