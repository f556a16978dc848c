"""The chat at a terminal: keys in, screen text out, with a client that has no network."""

from __future__ import annotations

import re
import signal
import sys
from dataclasses import replace

import pytest

from messango.client.events import (
    Disconnected,
    EndReason,
    MemberJoined,
    MemberRenamed,
    MessageFailed,
    SessionEnded,
)
from messango.errors import ConnectionLost, JoinRefused, MessangoError, RoomClosed
from messango.protocol.frames import Edit, Say, Tell
from messango.terminal.chat.event_bridge import BATCH_EVENTS
from tests.terminal.conversation.messages import deleted, edited, joined, reacted, said, told
from tests.terminal.fake_client import FakeClient, message_received, room_joined
from tests.terminal.terminals import (
    ALT_ENTER,
    ALT_UP,
    BACKSPACE,
    CTRL_C,
    CTRL_D,
    DELETE,
    RIGHT,
    TAB,
    Terminal,
)


def test_a_message_is_sent_and_shown_once(terminal: Terminal) -> None:
    """The receipt shows it."""
    client = FakeClient()
    assert terminal.chat(client, f"hello\r{CTRL_D}") == 0
    assert client.sent == ["hello"]
    assert terminal.count_lines("› ann  hello") == 1
    assert "You left “Kitchen”. Goodbye." in terminal.shown


@pytest.mark.parametrize(("keys", "reported"), [("hi", True), ("/who\r", False)])
def test_typing_is_reported_only_for_messages(terminal: Terminal, keys: str, *, reported: bool) -> None:
    """Not for commands; the client itself limits how often it is sent."""
    client = FakeClient()
    terminal.chat(client, f"{keys}{CTRL_C}{CTRL_C}")
    assert bool(client.typing_count) is reported


def test_commands_do_what_the_table_says(terminal: Terminal) -> None:
    """/help, /who, /room, /invite, /name, //text, /quit."""
    client = FakeClient(room_joined("bob"))
    assert terminal.chat(client, "/help\r/who\r/room\r/invite\r/name Anna\r//slash\r/me waves\r/quit\r") == 0
    assert "show who is in the room" in terminal.shown
    assert "Words " in terminal.shown
    assert "host's own computer" in terminal.shown
    assert client.names == ["Anna"]
    assert client.sent == ["/slash", "/me waves"]


def test_an_invalid_command_stays_in_the_prompt(terminal: Terminal) -> None:
    """It can be corrected instead of typed again."""
    client = FakeClient()
    assert terminal.chat(client, f"/nmae Bo\r\x01{RIGHT}{DELETE * 4}name\r{CTRL_D}") == 0
    assert "Did you mean /name?" in terminal.shown
    assert client.names == ["Bo"]


def test_ctrl_c_clears_the_line_before_it_leaves(terminal: Terminal) -> None:
    """Half a message is not sent, and the next one is complete."""
    client = FakeClient()
    assert terminal.chat(client, f"half a{CTRL_C}whole\r{CTRL_C}") == 0
    assert client.sent == ["whole"]


def test_ctrl_d_deletes_if_there_is_text(terminal: Terminal) -> None:
    """Under the cursor, as in a shell."""
    client = FakeClient()
    terminal.chat(client, f"ab\x01{CTRL_D}\r{CTRL_D}")
    assert client.sent == ["b"]


def test_a_message_may_have_several_lines(terminal: Terminal) -> None:
    """Alt-Enter starts a new one, and a paste of several lines is one message."""
    client = FakeClient()
    terminal.chat(client, f"one{ALT_ENTER}two\r\x1b[200~three\rfour\x1b[201~\r{CTRL_D}")
    assert client.sent == ["one\ntwo", "three\nfour"]


def test_tab_completes_a_command(terminal: Terminal) -> None:
    """From the table that /help shows."""
    client = FakeClient()
    terminal.chat(client, f"/nam{TAB}Bo\r{CTRL_D}")
    assert client.names == ["Bo"]


def test_a_second_ctrl_d_leaves_at_once(terminal: Terminal) -> None:
    """Even if the goodbye to the server takes its time."""

    class Slow(FakeClient):
        def leave(self) -> None:
            if self.left:
                super().leave()
                self.events.put(SessionEnded(EndReason.LEFT, None))
            self.left = True

    assert terminal.chat(Slow(), f"{CTRL_D}{CTRL_D}") == 0


@pytest.mark.parametrize("error", [JoinRefused("full", "It is full."), ConnectionLost("Nobody answers.")])
def test_a_failed_join_raises_its_error(terminal: Terminal, error: MessangoError) -> None:
    """The command prints it, as every error."""
    with pytest.raises(type(error)) as raised:
        terminal.chat(FakeClient(SessionEnded(EndReason.FAILED, error)))
    assert raised.value is error
    assert "Goodbye" not in terminal.shown


def test_unsent_messages_are_printed_when_the_room_closes(terminal: Terminal) -> None:
    """In full, so that people can copy them."""

    class Closing(FakeClient):
        def send_message(self, text: str, reply_to: int | None = None) -> str:
            self.left = True
            message_id = super().send_message(text, reply_to)
            self.events.put(
                SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host closed the room."))
            )
            return message_id

    with pytest.raises(RoomClosed):
        terminal.chat(Closing(accepts=lambda _: False), f"hello {'x' * 70} end\r")
    behind = terminal.shown.partition("1 message was not confirmed:")[2]
    assert f"{'x' * 70} end" in behind


@pytest.mark.skipif(sys.platform == "win32", reason="There a signal is only noticed by a wait that ends")
def test_a_signal_while_the_room_closes_is_an_end(terminal: Terminal) -> None:
    """Both may be stopped together, and nobody is there to answer what a closed room offers."""

    class Stopped(FakeClient):
        def join_thread(self, timeout_s: float) -> bool:
            signal.raise_signal(signal.SIGTERM)
            return super().join_thread(timeout_s)

    client = Stopped()
    closed = SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host closed the room."))
    terminal.do_when("You are in", lambda: client.events.put(closed))
    assert terminal.chat(client) == 0


def test_pending_messages_are_shown_and_enter_reconnects(terminal: Terminal) -> None:
    """People can type while disconnected; Enter on an empty line reconnects at once."""

    lost = Disconnected(ConnectionLost("The room stopped responding."), 60.0)
    client = FakeClient(room_joined(), lost, accepts=lambda _: False)
    terminal.type_when("reconnecting in 60 s", "hello\r")
    terminal.type_when("… hello", "\r" + CTRL_D)
    assert terminal.chat(client) == 0
    assert client.retries == 1
    assert "1 message was not confirmed:" in terminal.shown


def test_a_flood_is_shown_completely_and_in_order(terminal: Terminal) -> None:
    """Many batches, each once, while something is half typed."""
    count = 5 * BATCH_EVENTS + 3
    flood = [message_received(f"line {number}", seq=number) for number in range(1, count + 1)]

    class Leaving(FakeClient):
        def start(self) -> None:
            super().start()
            self.leave()

    terminal.chat(Leaving(room_joined(), *flood), "half a line")
    numbers = re.findall(r"bob  line (\d+)\r\n", terminal.shown)
    assert numbers == [str(number) for number in range(1, count + 1)]


def test_text_from_others_is_escaped(terminal: Terminal) -> None:
    """A bell, a clear screen and a title are shown, not executed."""
    evil = "\x1b[2J\x07\x1b]0;title\x9b31m\u202e"
    client = FakeClient(
        room_joined(evil),
        message_received(evil, evil),
        MemberJoined(evil),
        MessageFailed("i", evil, evil, evil),
    )
    terminal.chat(client, CTRL_D)
    written = terminal.written.getvalue()
    assert "\\x1b[2J\\x07" in written
    for forbidden in ("\x1b[2J", "\x07", "\x1b]0;", "\x9b", "\u202e"):
        assert forbidden not in written


@pytest.mark.parametrize("color", [False, True])
def test_no_colour_without_the_option(terminal: Terminal, *, color: bool) -> None:
    """No escape sequence sets one."""
    terminal.chat(
        FakeClient(room_joined(), message_received("hi"), MemberRenamed("rob", "bob", you=False)),
        CTRL_D,
        color=color,
    )
    colored = re.search(r"\x1b\[[0-9;]*(38|48|3[0-7]|4[0-7]);?[0-9;]*m", terminal.written.getvalue())
    assert bool(colored) is color


def test_what_changes_is_painted_in_its_place(terminal: Terminal) -> None:
    """A deleted text is erased, and the reaction stands below its message."""
    client = FakeClient(joined(), said(1, "bob", "secret words"), said(2, "bob", "lunch?"))
    terminal.do_when("lunch?", lambda: client.events.put(deleted(3, 1, "bob")))
    terminal.do_when("bob (deleted)", lambda: client.events.put(reacted(4, 2, "cy")))
    terminal.type_when("└ 👍 cy", CTRL_D)
    terminal.chat(client)
    at_end = terminal.written.getvalue().rpartition("\x1b[J")[0].rpartition("(deleted)")[2]
    assert "lunch?" in at_end
    assert "secret words" not in at_end


def test_what_has_left_the_screen_is_said(terminal: Terminal) -> None:
    """There is no place to paint it."""
    flood = [said(seq, "bob", f"line {seq}") for seq in range(2, 60)]
    client = FakeClient(joined(), said(1, "bob", "heer"), *flood, edited(90, 1, "bob", "here"))
    terminal.type_when("* bob edited: here", CTRL_D)
    assert terminal.chat(client) == 0


def test_tab_shows_whom_one_answers(terminal: Terminal) -> None:
    """A private message privately, with its number; Alt-Up chooses an older one."""
    client = FakeClient(joined(), said(1, "bob", "lunch?"), told(2, "cy", "ann", "psst"))
    terminal.type_when("psst", f"/reply{TAB}")
    terminal.type_when("Only to cy, answering “psst”.", f"ok\r{ALT_UP}{ALT_UP}yes\r{CTRL_D}")
    terminal.chat(client)
    assert client.requests == [Tell("r1", "m3", "ok", 2), Say("s1", "yes", 1)]


def test_tab_fetches_the_text_to_edit(terminal: Terminal) -> None:
    """It is changed in the field."""
    client = FakeClient(joined(), said(1, "ann", "heer"))
    terminal.type_when("heer", f"/edit{TAB}{BACKSPACE * 2}re\r{CTRL_D}")
    terminal.chat(client)
    assert client.requests == [Edit("r1", 1, "here")]


def test_several_choices_are_shown_above_the_prompt(terminal: Terminal) -> None:
    """Like in a shell; what is on the screen is still known."""
    client = FakeClient(joined(), said(1, "bob", "secret words"))
    terminal.type_when("secret words", f"/re{TAB}")
    terminal.do_when("/reply  /react", lambda: client.events.put(deleted(3, 1, "bob")))
    terminal.type_when("bob (deleted)", CTRL_C + CTRL_D)
    terminal.chat(client)


def test_a_mention_and_a_private_message_ring(terminal: Terminal) -> None:
    """What is said to all does not, nor what was said before."""
    before = replace(said(1, "bob", "ann?"), history=True)
    client = FakeClient(joined(latest=1), before, said(2, "bob", "hi"), said(3, "bob", "ann!"))
    terminal.do_when("ann!", lambda: client.events.put(told(4, "cy", "ann", "psst")))
    terminal.type_when("psst", CTRL_D)
    terminal.chat(client)
    assert terminal.written.getvalue().count("\x07") == 2


def test_an_ignored_member_disappears_from_the_screen(terminal: Terminal) -> None:
    """And comes back where they were."""
    client = FakeClient(joined(), said(1, "bob", "noise"), said(2, "cy", "news"))
    terminal.type_when("news", "/ignore bob\r")
    terminal.type_when("You ignore bob", f"/unignore bob\r{CTRL_D}")
    terminal.chat(client)
    assert terminal.shown.count("bob  noise") == 2
    assert terminal.shown.count("cy  news") == 3
