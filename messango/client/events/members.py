"""Events about other members."""

from __future__ import annotations

from dataclasses import dataclass

from messango.client.events.base import ClientEvent
from messango.protocol.frames import Person


@dataclass(frozen=True, slots=True)
class MemberJoined(ClientEvent):
    """A member joined; the fields are those of `Person`, `member` is the id."""

    json_name = "joined"

    name: str
    encrypted: bool = True
    member: str = ""
    host: bool = False
    web: bool = False
    resembles: str = ""
    server: str = ""

    @property
    def person(self) -> Person:
        """What is known about them."""
        return Person(
            self.member, self.name, self.host, self.web, self.encrypted, self.resembles, self.server
        )


@dataclass(frozen=True, slots=True)
class MemberLeft(ClientEvent):
    """A member left; `reason` and `note` as in the frame `Left`: `leave_reasons` has the words."""

    json_name = "left"

    name: str
    reason: str
    member: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MemberRenamed(ClientEvent):
    """The member `old` is now called `name`; `you` is True if it is this client.

    `wanted` is the name that we asked for; both names are equal if it became the one that we had, or if the
    member is at another `server` of a linked room now. The other fields are those of `Person`.
    """

    json_name = "renamed"

    name: str
    old: str
    you: bool
    member: str = ""
    host: bool = False
    web: bool = False
    encrypted: bool = True
    resembles: str = ""
    wanted: str = ""
    server: str = ""

    @property
    def only_moved(self) -> bool:
        """Whether somebody else went on at another server of a linked room, under the same name."""
        return self.name == self.old and not self.you


@dataclass(frozen=True, slots=True)
class MemberTyping(ClientEvent):
    """A member is typing; show it for about 3 s. `private`: only to you."""

    json_name = "typing"

    name: str
    member: str = ""
    private: bool = False
