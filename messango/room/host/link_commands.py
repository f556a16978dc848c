"""What the host of a linked room does about its link, as data."""

from __future__ import annotations

from dataclasses import dataclass

from messango.room.host.host_events import CommandDone
from messango.room.host.link_report import LinkReport
from messango.room.moderation import Moderation


@dataclass(frozen=True, slots=True)
class ShowLink:
    """Show whether the link is up, the servers, and what waits."""

    def apply(self, moderation: Moderation) -> LinkReport:
        return moderation.link.report()


@dataclass(frozen=True, slots=True)
class Relink:
    """Make this server's copy of the conversation again from the stream; for a host who was asked twice."""

    def apply(self, moderation: Moderation) -> CommandDone:
        return CommandDone(moderation.link.relink())
