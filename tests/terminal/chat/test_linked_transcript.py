"""The lines of a conversation in a room of several servers."""

from __future__ import annotations

from dataclasses import replace

from messango.client.events import Event, LinkChanged, MemberJoined, MemberRenamed
from messango.protocol.frames import Person
from messango.terminal.chat.chat_state import ChatState, Line
from messango.terminal.chat.message_lines import MessageLines
from messango.terminal.chat.transcript import Transcript
from messango.terminal.conversation.conversation import Conversation
from tests.terminal.fake_client import room_joined


def new_transcript() -> Transcript:
    """Return one that is 80 columns wide."""
    conversation = Conversation()
    return Transcript(lambda: 80, conversation, MessageLines(lambda: 80, conversation))


def plain(lines: list[Line]) -> list[str]:
    """Return lines without their styles."""
    return ["".join(text for _, text in line) for line in lines]


def shown(*events: Event) -> list[str]:
    """Return what events show, with what is held back at first."""
    transcript = new_transcript()
    lines = [line for event in events for block in transcript.handle(event) for line in block.lines]
    return plain(lines + transcript.flush())


_HALL = [
    Person("a", "ann"),
    Person("b", "bob", server="west"),
    Person("c", "Cleo Li", host=True, server="Lab 2"),
    Person("d", "deniz"),
    Person("e", "emil", web=True, server="west"),
]


def test_who_in_a_linked_room_has_a_line_for_each_server() -> None:
    """Ours first, with its name."""
    conversation = Conversation()
    transcript = Transcript(lambda: 80, conversation, MessageLines(lambda: 80, conversation))
    names = ("ann", *(person.name for person in _HALL[1:]))
    joined = replace(room_joined(*names[1:]), people=tuple(_HALL), members=names, server="desk-1")
    state = ChatState(lambda: 0.0)
    for each in (conversation, state):
        each.handle(joined)
    assert plain(transcript.members(state.presence)) == [
        "* Here, at desk-1: ann (you) and deniz.",
        "* At “Lab 2”: “Cleo Li” (host).",
        "* At west: bob and emil (by browser).",
    ]


def test_where_somebody_joins() -> None:
    """At another server of the room."""
    assert shown(MemberJoined("bob", server="west"), MemberJoined("cleo", server="west")) == [
        "* bob and cleo joined at west"
    ]


def test_who_only_goes_on_at_another_server_makes_no_line() -> None:
    """When a server is away, all of its members do."""
    assert shown(MemberRenamed("bob", "bob", False, "b", server="north")) == []


def test_the_link_goes_and_comes_back() -> None:
    """A calm line each: nothing is wrong with what was written."""
    down = LinkChanged(up=False, reason="The link is down.", hint="What you say waits.")
    assert shown(down, LinkChanged(up=True, reason="It is back.", hint="")) == [
        "* The link is down. What you say waits.",
        "* It is back.",
    ]


def test_the_chat_went_on_at_another_server() -> None:
    """One line says where, below that it is connected again."""
    again = replace(room_joined("bob"), resumed=True, former_server="west", server="desk-1")
    assert "* “west” is away. You are at “desk-1” now." in shown(again)
