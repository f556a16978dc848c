"""The host asks for the state of the link, and for the replica to be made again."""

from __future__ import annotations

import json

import pytest

from messango.protocol.text.command_table import InvalidInput
from messango.room.host.host_command_parser import parse_command
from messango.room.host.host_events import NOT_LINKED, CommandFailed
from messango.room.host.host_result import result_fields, result_of
from messango.room.host.link_commands import Relink, ShowLink
from messango.room.host.link_report import EngineReport, LinkedServer, LinkReport
from messango.room.link_moderation import LinkModeration
from tests.room.batches import RoomHarness
from tests.room.host_commands import result_of as apply

UP = LinkReport(
    up=True,
    since_s=1_764_000_000.0,
    servers=(LinkedServer("desk-12", 3, own=True), LinkedServer("lab-3", 0, present=False)),
    engine=EngineReport("2.15.1", own=True, syncs=True),
)
DOWN = LinkReport(
    up=False,
    since_s=1_764_000_000.0,
    servers=(LinkedServer("desk-12", 3, own=True),),
    engine=EngineReport(""),
    waiting_bytes=12_000,
    reason="The engine does not answer.",
    hint="Check the network.",
    permanent=True,
)


class LinkedRoom:
    """As much of one as the commands need."""

    def __init__(self) -> None:
        self.relinked = 0

    def link_report(self) -> LinkReport:
        """Return that the link is up."""
        return UP

    def relink(self) -> None:
        """Count."""
        self.relinked += 1


@pytest.mark.parametrize(
    ("line", "command"),
    [("link", ShowLink()), ("/link", ShowLink()), ("relink yes", Relink()), ("Relink YES", Relink())],
)
def test_what_the_host_types(line: str, command: object) -> None:
    """Both commands, the second with its confirmation."""
    assert parse_command(line, ()) == command


@pytest.mark.parametrize("line", ["relink", "relink y", "relink yes please"])
def test_the_host_is_asked_before_a_relink(line: str) -> None:
    """What it does is said, and what to type."""
    parsed = parse_command(line, ())
    assert isinstance(parsed, InvalidInput)
    assert "relink yes" in parsed.reason
    assert "What only this copy has" in parsed.reason


@pytest.mark.parametrize("command", [ShowLink(), Relink()])
def test_a_room_that_is_not_linked(command: ShowLink | Relink) -> None:
    """The answer says so, and where to read more."""
    result = apply(RoomHarness(), command)
    assert isinstance(result, CommandFailed)
    assert result.code == NOT_LINKED
    assert "messango help link" in result.message


def test_a_linked_room() -> None:
    """It is asked, and told."""
    room = LinkedRoom()
    moderation = LinkModeration(room)
    assert moderation.report() == UP
    assert "made again" in moderation.relink()
    assert room.relinked == 1


@pytest.mark.parametrize("report", [UP, DOWN], ids=["up", "down"])
def test_as_json(report: LinkReport) -> None:
    """Nothing is lost on the way to `messango host`; what is not known is null."""
    fields = json.loads(json.dumps(result_fields(report)))
    assert result_of(fields) == report
    assert fields["link"]["engine"]["version"] == (report.engine.version or None)
