"""The chat at a terminal: keys in, what the terminal shows out, on a client without a network."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from messango.client.events import End, Ended, Interrupted, MemberJoined, MemberRenamed, MessageFailed
from messango.errors import ConnectionLost, MessangoError, Refused, RoomClosed
from messango.terminal.chat import BATCH_EVENTS, run_chat
from tests.support.escapes import without_escapes
from tests.terminal.fake_client import FakeClient, entered, heard

_CTRL_C, _CTRL_D, _ALT_ENTER, _TAB = "\x03", "\x04", "\x1b\r", "\t"
_RIGHT, _DELETE = "\x1b[C", "\x1b[3~"


class _Screen(io.StringIO):
    """What was written; `react` is called with all of it, without escape sequences, at each draw."""

    react: Callable[[str], None] = staticmethod(lambda _: None)

    def flush(self) -> None:
        self.react(without_escapes(self.getvalue()))


class _Terminal:
    """A terminal of 80 columns, with keys typed ahead or when something is to be seen."""

    def __init__(self, keyboard: PipeInput) -> None:
        self.keyboard = keyboard
        self.written = _Screen()
        self.written.react = self._react
        self._planned: list[tuple[str, str]] = []
        self.output = Vt100_Output(self.written, lambda: Size(rows=24, columns=80), enable_cpr=False)

    def chat(self, client: FakeClient, keys: str = "", *, color: bool = False) -> int:
        """Run a chat whose keys are these."""
        self.keyboard.send_text(keys)
        return run_chat(client, color=color)

    def when(self, seen: str, keys: str) -> None:
        """Type these keys as soon as this is to be seen, and what was planned before was typed."""
        self._planned.append((seen, keys))

    def _react(self, shown: str) -> None:
        if self._planned and self._planned[0][0] in shown:
            self.keyboard.send_text(self._planned.pop(0)[1])

    @property
    def shown(self) -> str:
        """All that was written, without escape sequences."""
        return without_escapes(self.written.getvalue())

    def times(self, text: str) -> int:
        """How often a line ends with this text: what is drawn anew while typed does not count."""
        return sum(line.rstrip().endswith(text) for line in self.shown.split("\r\n"))


@pytest.fixture
def terminal() -> Iterator[_Terminal]:
    """A terminal that prompt_toolkit takes for its own."""
    with ExitStack() as stack:
        made = _Terminal(stack.enter_context(create_pipe_input()))
        stack.enter_context(create_app_session(input=made.keyboard, output=made.output))
        yield made


def test_what_is_typed_is_said_and_shown_once(terminal: _Terminal) -> None:
    """The receipt is what shows it."""
    client = FakeClient()
    assert terminal.chat(client, f"hello\r{_CTRL_D}") == 0
    assert client.said == ["hello"]
    assert terminal.times("› ann  hello") == 1
    assert "You left “Kitchen”. Goodbye." in terminal.shown


@pytest.mark.parametrize(("keys", "told"), [("hi", True), ("/who\r", False)])
def test_typing_is_told_for_messages_alone(terminal: _Terminal, keys: str, *, told: bool) -> None:
    """Who types a command is not shown as typing; the client thins the signs out itself."""
    client = FakeClient()
    terminal.chat(client, f"{keys}{_CTRL_C}{_CTRL_C}")
    assert bool(client.typed) is told


def test_commands_do_what_the_table_says(terminal: _Terminal) -> None:
    """/help, /who, /room, /invite, /name, //text, /quit."""
    client = FakeClient(entered("bob"))
    assert terminal.chat(client, "/help\r/who\r/room\r/invite\r/name Anna\r//slash\r/me waves\r/quit\r") == 0
    assert "show who is in the room" in terminal.shown
    assert "Words " in terminal.shown
    assert "host's own machine" in terminal.shown
    assert client.names == ["Anna"]
    assert client.said == ["/slash", "/me waves"]


def test_a_mistake_keeps_what_was_typed(terminal: _Terminal) -> None:
    """The line can be mended instead of being typed again."""
    client = FakeClient()
    assert terminal.chat(client, f"/nmae Bo\r\x01{_RIGHT}{_DELETE * 4}name\r{_CTRL_D}") == 0
    assert "Did you mean /name?" in terminal.shown
    assert client.names == ["Bo"]


def test_ctrl_c_clears_the_line_before_it_leaves(terminal: _Terminal) -> None:
    """Half a message is not sent, and the next one is whole."""
    client = FakeClient()
    assert terminal.chat(client, f"half a{_CTRL_C}whole\r{_CTRL_C}") == 0
    assert client.said == ["whole"]


def test_ctrl_d_does_not_leave_with_text(terminal: _Terminal) -> None:
    """It deletes under the cursor, as in a shell."""
    client = FakeClient()
    terminal.chat(client, f"ab\x01{_CTRL_D}\r{_CTRL_D}")
    assert client.said == ["b"]


def test_a_message_may_have_several_lines(terminal: _Terminal) -> None:
    """Alt-Enter begins a new one, and a paste of several is one message."""
    client = FakeClient()
    terminal.chat(client, f"one{_ALT_ENTER}two\r\x1b[200~three\rfour\x1b[201~\r{_CTRL_D}")
    assert client.said == ["one\ntwo", "three\nfour"]


def test_tab_completes_a_command(terminal: _Terminal) -> None:
    """From the table that /help shows."""
    client = FakeClient()
    terminal.chat(client, f"/nam{_TAB}Bo\r{_CTRL_D}")
    assert client.names == ["Bo"]


def test_asking_twice_leaves_at_once(terminal: _Terminal) -> None:
    """Where the goodbye takes its time, nobody is held."""

    class Slow(FakeClient):
        def leave(self) -> None:
            if self.left:
                super().leave()
                self.events.put(Ended(End.LEFT, None))
            self.left = True

    assert terminal.chat(Slow(), f"{_CTRL_D}{_CTRL_D}") == 0


@pytest.mark.parametrize("error", [Refused("full", "It is full."), ConnectionLost("Nobody answers.")])
def test_a_room_that_can_not_be_entered_is_an_error(terminal: _Terminal, error: MessangoError) -> None:
    """The command's one place for errors shows it."""
    with pytest.raises(type(error)) as raised:
        terminal.chat(FakeClient(Ended(End.FAILED, error)))
    assert raised.value is error
    assert "Goodbye" not in terminal.shown


def test_a_room_that_closes_says_what_was_not_sent(terminal: _Terminal) -> None:
    """Messages without a receipt are counted at the end."""

    class Closing(FakeClient):
        def say(self, text: str) -> str:
            self.left = True
            message_id = super().say(text)
            self.events.put(Ended(End.CLOSED, RoomClosed("closing", "The host closed the room.")))
            return message_id

    with pytest.raises(RoomClosed):
        terminal.chat(Closing(accepts=lambda _: False), "hello\r")
    assert "1 message was not sent." in terminal.shown


def test_what_waits_is_shown_and_enter_hurries(terminal: _Terminal) -> None:
    """While the connection is broken one may type; Enter on an empty line tries at once."""

    lost = Interrupted(ConnectionLost("The room has fallen silent."), 60.0)
    client = FakeClient(entered(), lost, accepts=lambda _: False)
    terminal.when("reconnecting in 60 s", "hello\r")
    terminal.when("… hello", "\r" + _CTRL_D)
    assert terminal.chat(client) == 0
    assert client.retries == 1
    assert "1 message was not sent." in terminal.shown


def test_a_flood_is_shown_whole_and_in_order(terminal: _Terminal) -> None:
    """Many batches, each once, while something is half typed."""
    count = 5 * BATCH_EVENTS + 3
    flood = [heard(f"line {number}", seq=number) for number in range(1, count + 1)]

    class Leaving(FakeClient):
        def start(self) -> None:
            super().start()
            self.leave()

    terminal.chat(Leaving(entered(), *flood), "half a line")
    said = re.findall(r"bob  line (\d+)\r\n", terminal.shown)
    assert said == [str(number) for number in range(1, count + 1)]


def test_text_from_others_does_not_reach_the_terminal_as_an_escape(terminal: _Terminal) -> None:
    """A bell, a clear screen and a title are shown, not obeyed."""
    evil = "\x1b[2J\x07\x1b]0;title\x9b31m\u202e"
    client = FakeClient(
        entered(evil), heard(evil, evil), MemberJoined(evil), MessageFailed("i", evil, evil, evil)
    )
    terminal.chat(client, _CTRL_D)
    written = terminal.written.getvalue()
    assert "\\x1b[2J\\x07" in written
    for forbidden in ("\x1b[2J", "\x07", "\x1b]0;", "\x9b", "\u202e"):
        assert forbidden not in written


@pytest.mark.parametrize("color", [False, True])
def test_colour_only_where_it_is_wanted(terminal: _Terminal, *, color: bool) -> None:
    """Without it no escape sequence sets one."""
    terminal.chat(
        FakeClient(entered(), heard("hi"), MemberRenamed("rob", "bob", you=False)), _CTRL_D, color=color
    )
    colored = re.search(r"\x1b\[[0-9;]*(38|48|3[0-7]|4[0-7]);?[0-9;]*m", terminal.written.getvalue())
    assert bool(colored) is color
