"""Whether something can be said to one member only, and if not, why: before it is written. Pure."""

from __future__ import annotations

from messango.client.events import RoomJoined
from messango.client.members.presence import Presence, Whereabouts
from messango.gui.model.composer.composer_mode import Recipient
from messango.protocol.features import PRIVATE
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.validation import HOST_MEMBER_ID, normalized_name


def whereabouts(presence: Presence, to: Recipient) -> Whereabouts:
    """Return whether the recipient is in the room, away, or gone.

    Somebody who left before we came and is here again under the same name is another member to the room: what
    is sent to the former one would never be read.
    """
    found = presence.whereabouts(to.member)
    if found is Whereabouts.AWAY and normalized_name(to.name) in map(normalized_name, presence.names):
        return Whereabouts.GONE
    return found


def private_refusal(joined: RoomJoined | None, presence: Presence, to: Recipient) -> str:
    """Return why a private message to `to` is not possible, or an empty text.

    The room would refuse it as well; nobody should have to write it first.
    """
    name = plain_name(to.name)
    if joined is None:
        return "You are not in the room yet."
    if to.member == joined.member:
        return "That is you."
    if PRIVATE not in joined.room.features:
        return "This room has no private messages: its host uses an earlier version of Messango."
    if not joined.encrypted:
        return "Your connection is not encrypted, so you can't send private messages."
    if to.member == HOST_MEMBER_ID:
        return (
            "Announcements of the host can't be answered privately; write to the member who hosts the room."
        )
    person = presence.person_by_id(to.member)
    if person is not None and not person.encrypted:
        return f"{name} has no encrypted connection, so private messages can't be sent there."
    if not to.member or whereabouts(presence, to) is Whereabouts.GONE:
        return f"{name} is not in the room any more."
    return ""
