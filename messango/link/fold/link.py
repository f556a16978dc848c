"""The link as the room sees it: acts go out, the stream comes in; and what goes beside the stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from msgspec import Struct

from messango.link.fold.acts import AnyAct

#: A server says this often that it is there, and is declared gone after this long without a sign of life.
HEARTBEAT_S: Final = 2.0
SERVER_SILENT_S: Final = 15.0

#: A link that has been down for this long is told to members and hosts.
LINK_DOWN_NOTICE_S: Final = 3.0


class LinkState(Struct, frozen=True):
    """Whether acts reach the stream now. If not, why, and what helps, each in a sentence for the host.

    `permanent`: it does not come back by itself.
    """

    up: bool
    reason: str = ""
    hint: str = ""
    permanent: bool = False


class Alive(Struct, frozen=True, tag_field="type", tag="alive"):
    """A sign of life of a server, each `HEARTBEAT_S`."""

    server: str
    life: str


class MemberTyping(Struct, frozen=True, tag_field="type", tag="typing", omit_defaults=True):
    """A member is typing: to all, or to the member `to`."""

    server: str
    member: str
    to: str = ""


class ForkFound(Struct, frozen=True, tag_field="type", tag="fork"):
    """A server has found that it has made something else of the stream than `other`, and has unlinked."""

    server: str
    other: str
    reason: str


#: What goes beside the stream: nothing is lost if it is.
Note: TypeAlias = Alive | MemberTyping | ForkFound


class Link(Protocol):
    """Owned by the server; the methods are for any thread and never wait, except `close`."""

    @property
    def waiting_bytes(self) -> int:
        """About how many bytes were offered and were not `seen` yet."""

    def start(self) -> None:
        """Begin to connect."""

    def offer(self, acts: Sequence[AnyAct]) -> None:
        """Put acts into the stream, in this order, after all that was offered before."""

    def seen(self, n: int) -> None:
        """The room has folded and stored this life's round `n`, so the next one may go."""

    def notify(self, note: Note) -> None:
        """Tell the other servers something beside the stream."""

    def restart(self) -> None:
        """Drop the connection, and begin again where the room stands then."""

    def rest(self) -> None:
        """Drop the connection, and stay down until `restart`."""

    def close(self) -> None:
        """End, and join the thread. Twice is harmless."""
