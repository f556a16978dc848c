"""A session in a room of several servers, without a display."""

from __future__ import annotations

from dataclasses import replace

from messango.client.events import Disconnected, LinkChanged, MemberJoined, MemberRenamed
from messango.errors import ConnectionLost
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.conversation.notices import members_line
from messango.gui.model.conversation.roster import MemberRow
from messango.gui.model.transcript.blocks import BlockKind, DeliveryStatus
from tests.gui.fakes import joined
from tests.gui.model.conversation.test_conversation import joined_conversation, texts

LINK_DOWN = LinkChanged(up=False, reason="The link is down.", hint="What you say waits.")
LINK_UP = LinkChanged(up=True, reason="The link is back.", hint="")


def test_the_link_is_down_until_it_is_back() -> None:
    """A banner that stays and needs no answer; what we write waits. A line says that it is over."""
    conversation = joined_conversation()
    conversation.apply(LINK_DOWN)
    banner = conversation.banner
    assert banner is not None
    assert (banner.text, banner.hint, banner.actions) == (LINK_DOWN.reason, LINK_DOWN.hint, ())
    conversation.add_pending("s1", OutgoingMessage("hello"))
    assert [block.delivery for block in conversation.transcript.pending()] == [DeliveryStatus.WAITING]
    conversation.apply(LINK_UP)
    assert conversation.banner is None
    assert texts(conversation, BlockKind.NOTICE)[-1] == "The link is back."


def test_the_banner_of_the_link_is_gone_when_we_are_in_the_room_again() -> None:
    """The link is up then, as far as we know."""
    conversation = joined_conversation()
    conversation.apply(LINK_DOWN)
    conversation.apply(Disconnected(ConnectionLost("Gone."), 8.0))
    banner = conversation.banner
    assert banner is not None
    assert banner.text.startswith("Gone.")
    conversation.apply(joined("Ben", "Ann", back=True))
    assert conversation.banner is None


def test_the_host_reads_once_that_the_link_is_back() -> None:
    """From the server."""
    conversation = joined_conversation()
    conversation.hosting.mark_open()
    conversation.apply(LINK_DOWN)
    conversation.apply(LINK_UP)
    assert LINK_UP.reason not in texts(conversation, BlockKind.NOTICE)


def test_the_conversation_goes_on_at_another_server() -> None:
    """A line says where; the line below the title counts servers, not seats: each has its own."""
    conversation = joined_conversation()
    servers = ("desk-1", "west", "Lab 2")
    conversation.apply(
        replace(joined("Ben", "Ann", back=True), server="desk-1", former_server="west", servers=servers)
    )
    assert "“west” is away. You are at “desk-1” now." in texts(conversation, BlockKind.NOTICE)
    assert conversation.subtitle == "2 members at 3 servers · encrypted"


def test_a_member_joins_at_another_server_and_goes_on_at_a_third() -> None:
    """The first makes a line, the second only changes the list."""
    conversation = joined_conversation()
    conversation.apply(MemberJoined("Cleo", member="c", server="west"))
    assert texts(conversation, BlockKind.NOTICE) == ["Cleo joined at west"]
    conversation.apply(MemberRenamed("Cleo", "Cleo", False, "c", server="Lab 2"))
    assert texts(conversation, BlockKind.NOTICE) == ["Cleo joined at west"]
    assert [(row.name, row.server) for row in conversation.members][-1] == ("Cleo", "Lab 2")


def test_a_narrow_window_names_the_servers_too() -> None:
    """It has no list of members: the answer to /who."""
    rows = [MemberRow("Ann", you=True), MemberRow("Ben", host=True), MemberRow("Cleo", server="Lab 2")]
    line = "In the room: Ann (you), Ben (host) · at “Lab 2”: Cleo, and 2 more"
    assert members_line(rows, 5) == line
