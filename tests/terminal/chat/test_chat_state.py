"""The state of a terminal chat and its status line."""

from __future__ import annotations

from messango.client.events import (
    Connecting,
    Disconnected,
    LinkChanged,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    PasswordRequired,
)
from messango.client.members.presence import TYPING_SHOWN_S
from messango.errors import ConnectionLost, PasswordNeeded
from messango.terminal.chat.chat_state import ChatState, Line
from tests.terminal.fake_client import message_received, room_info, room_joined


class _Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def _plain(line: Line) -> str:
    return "".join(text for _, text in line)


def _in_room(*members: str) -> tuple[ChatState, _Clock]:
    clock = _Clock()
    state = ChatState(clock)
    state.handle(room_joined(*members))
    return state, clock


def test_the_status_line_shows_room_name_and_members() -> None:
    """The room, our own name, how many are here."""
    state, _ = _in_room("bob")
    assert _plain(state.status(80)) == " “Kitchen”  ann  2 here  "


def test_the_status_line_shows_that_we_connect() -> None:
    """Before the first join there is no room name."""
    state = ChatState(_Clock())
    assert _plain(state.status(80)).strip() == "connecting…"


def test_the_status_line_asks_for_the_password() -> None:
    """It says how to leave without one."""
    state = ChatState(_Clock())
    state.handle(PasswordRequired(PasswordNeeded()))
    assert state.entering_password
    assert "password" in _plain(state.status(80))
    state.entering_password = False
    state.handle(Connecting(reconnecting=False))
    assert "connecting" in _plain(state.status(80))


def test_the_status_line_counts_down_to_the_next_attempt() -> None:
    """It shows the attempt too, and nothing once we have joined again."""
    state, clock = _in_room()
    state.handle(Disconnected(ConnectionLost("Gone."), 8.0))
    assert "reconnecting in 8 s" in _plain(state.status(80))
    clock.seconds += 5
    assert "reconnecting in 3 s" in _plain(state.status(80))
    assert state.needs_refresh
    clock.seconds += 50
    assert "in 0 s" in _plain(state.status(80))
    state.handle(Connecting(reconnecting=True))
    assert "reconnecting…" in _plain(state.status(80))
    state.handle(room_joined(back=True))
    assert "connecting" not in _plain(state.status(80))
    assert not state.needs_refresh


def test_the_status_line_shows_that_we_leave() -> None:
    """People see why the prompt does not close at once."""
    state, _ = _in_room()
    state.leaving = True
    assert "leaving…" in _plain(state.status(80))


def test_members_follow_joins_leaves_and_renames() -> None:
    """We are one of them."""
    state, _ = _in_room("bob")
    for event in (
        MemberJoined("cy"),
        MemberJoined("cy"),
        MemberLeft("bob", ""),
        MemberRenamed("cyril", "cy", you=False),
        MemberRenamed("anna", "ann", you=True),
        MemberLeft("nobody", ""),
    ):
        state.handle(event)
    assert sorted(state.presence.names) == ["anna", "cyril"]
    assert state.presence.you == "anna"


def test_unencrypted_members_are_marked() -> None:
    """From the welcome or their join, through renames, until they leave."""
    state, _ = _in_room()
    state.handle(room_joined("bob", unencrypted=("bob",)))
    state.handle(MemberJoined("cy", encrypted=False))
    state.handle(MemberJoined("dan"))
    state.handle(MemberRenamed("rob", "bob", you=False))
    assert [name for name in state.presence.names if not state.presence.person(name).encrypted] == [
        "rob",
        "cy",
    ]
    state.handle(MemberLeft("cy", "left"))
    state.handle(room_joined("rob", back=True))
    assert all(state.presence.person(name).encrypted for name in state.presence.names)


def test_typing_is_shown_until_the_message_or_a_pause() -> None:
    """Two members are named together."""
    state, clock = _in_room("bob", "cy")
    state.handle(MemberTyping("bob"))
    state.handle(MemberTyping("cy"))
    assert "bob and cy are typing…" in _plain(state.status(80))
    state.handle(message_received("done", "bob"))
    assert "cy is typing…" in _plain(state.status(80))
    clock.seconds += TYPING_SHOWN_S
    assert "typing" not in _plain(state.status(80))


def test_pending_messages_stand_above_the_prompt() -> None:
    """Until the receipt; only the latest are shown, older ones counted."""
    state, _ = _in_room()
    assert state.pending_rows() == []
    for number in range(1, 6):
        state.request_queued(f"id{number}", f"text {number}\nmore")
    shown = [_plain(row) for row in state.pending_rows()]
    assert shown == ["… 2 more waiting to be sent", *(f"… text {n}\\nmore" for n in (3, 4, 5))]
    state.handle(message_received("not ours", seq=4))
    assert len(state.unsent) == 5
    state.handle(message_received("text 4", "ann", seq=4, own=True))
    state.handle(MessageFailed("id5", "text 5", "No.", ""))
    assert len(state.unsent) == 3
    state.request_queued("long", "x" * 500)
    assert max(len(_plain(row)) for row in state.pending_rows()) < 70


def test_names_from_the_room_are_escaped() -> None:
    """No escape sequence and no line break gets through."""
    state = ChatState(_Clock())
    state.handle(room_joined("bob\x1b[2J\n* eve came", room=room_info("Kit\x1b]0;\nchen")))
    shown = _plain(state.status(80)) + "".join(state.presence.names)
    assert "\x1b" not in shown
    assert "\n" not in shown


_LINK_DOWN = LinkChanged(up=False, reason="The link is down.", hint="")


def test_the_status_line_shows_that_the_link_is_down() -> None:
    """Until it is back, or we are in the room again; what is written waits meanwhile."""
    state, _ = _in_room("bob")
    state.handle(_LINK_DOWN)
    state.request_queued("s1", "hello")
    assert "link down: messages wait" in _plain(state.status(80))
    assert [_plain(row) for row in state.pending_rows()] == ["… hello"]
    state.handle(LinkChanged(up=True, reason="Back.", hint=""))
    assert "link" not in _plain(state.status(80))
    state.handle(_LINK_DOWN)
    state.handle(room_joined("bob"))
    assert "link" not in _plain(state.status(80))


def test_a_broken_connection_matters_more_than_the_link() -> None:
    """Its countdown is shown."""
    state, _ = _in_room("bob")
    state.handle(_LINK_DOWN)
    state.handle(Disconnected(ConnectionLost("Gone."), 8.0))
    assert "reconnecting in 8 s" in _plain(state.status(80))


def test_server_names_are_safe_to_print() -> None:
    """As those of members."""
    state, _ = _in_room()
    state.handle(MemberJoined("bob", server="we\x1bst"))
    assert "\x1b" not in state.presence.person("bob").server
    state.handle(MemberRenamed("bob", "bob", False, server="e\x1bast"))
    assert "\x1b" not in state.presence.person("bob").server
