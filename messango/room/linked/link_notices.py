"""What members and hosts are told about the link."""

from __future__ import annotations

from typing import Final

from messango.link.fold.link import LinkState
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Problem, Refused
from messango.protocol.text.plain_names import quoted_name
from messango.room.host.host_events import ServerNotice, ServerWarning
from messango.room.moderation_error import ModerationError

LINK_BACK: Final = ServerNotice("The link to the room's other servers is back.")

_DOWN: Final = "The link to the room's other servers is down."


#: For members of a server whose copy of the conversation is made again.
RELINKED_NOTICE: Final = Closed(
    error_codes.TOO_SLOW, "The host has had this room's history made again.", "Join again to see it."
)

#: For members who were at another server while this one was away from the others. Their clients ask again,
#: which a member who has joined from another connection must not.
MOVED_NOTICE: Final = Closed(
    error_codes.TOO_SLOW,
    "This server was away from the room's others, and you were at one of them.",
    "Messango reconnects by itself.",
)


def link_down_frame() -> Problem:
    """Return the notice for members that nothing new is accepted now."""
    return Problem(error_codes.LINK_DOWN, _DOWN, "What you say waits, and is sent when the link is back.")


def link_back_frame() -> Problem:
    """Return the notice for members that what waited is sent now."""
    return Problem(error_codes.LINK_UP, "The link to the room's other servers is back.", "")


def link_down_warning(state: LinkState) -> ServerWarning:
    """Return what the host reads about a link that is down."""
    return ServerWarning(" ".join(filter(None, (_DOWN, state.reason, state.hint))))


def server_closing_notice(room: str) -> Closed:
    """Return the last frame for a member when this server closes; the room is perhaps open at others."""
    reason = f"The host has closed this server of {quoted_name(room)}."
    return Closed(error_codes.CLOSING, reason, "Ask the host to open it again.")


def link_down_refusal(room: str) -> Refused:
    """Return why nobody new can join now."""
    reason = f"{quoted_name(room)} takes nobody in now: the link to its other servers is down."
    return Refused(error_codes.LINK_DOWN, reason, "Try again when it is back.")


def require_link(*, is_ready: bool) -> None:
    """Raise `ModerationError` if what a host does can't reach the other servers now."""
    if not is_ready:
        raise ModerationError(f"{_DOWN} Try again when it is back.", error_codes.LINK_DOWN)
