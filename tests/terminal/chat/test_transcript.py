"""The lines of the conversation, event by event."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import pytest
from bidi import get_display

from messango.client.events import (
    Connecting,
    Disconnected,
    EndReason,
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    RequestFailed,
    SessionEnded,
)
from messango.client.members.ignored import IgnoredMember, IgnoredMembers
from messango.client.trust.known_room import KnownRoom
from messango.client.typed.commands import help_rows
from messango.errors import ConnectionLost
from messango.protocol.frames import Person
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME
from messango.terminal.chat.chat_state import ChatState, Line
from messango.terminal.chat.message_lines import MessageLines
from messango.terminal.chat.transcript import Transcript
from messango.terminal.conversation.conversation import Conversation
from messango.transport.addresses import Address, Invite, parse_invite
from messango.transport.identity.fingerprint_words import words_of
from tests.terminal.fake_client import NOON, message_received, room_info, room_joined

_DAY_S = 86_400.0
_CLOCK = time.strftime("%H:%M", time.localtime(NOON))
_TODAY, _TOMORROW = (time.strftime("%A %d %B %Y", time.localtime(NOON + days * _DAY_S)) for days in (0, 1))


def _plain(lines: list[Line]) -> list[str]:
    return ["".join(text for _, text in line) for line in lines]


def _transcript(columns: int = 80) -> Transcript:
    conversation = Conversation()
    return Transcript(lambda: columns, conversation, MessageLines(lambda: columns, conversation))


def _lines(transcript: Transcript, *events: Event) -> list[Line]:
    return [line for event in events for block in transcript.handle(event) for line in block.lines]


def _shown(*events: Event, columns: int = 80, flush: bool = True) -> list[str]:
    transcript = _transcript(columns)
    lines = _lines(transcript, *events)
    return _plain(lines + transcript.flush() if flush else lines)


def _shown_without_rules(*events: Event, columns: int = 80) -> list[str]:
    """Return the lines without the rule of the date."""
    return [line for line in _shown(*events, columns=columns) if not line.startswith("─")]


def test_a_message_has_time_name_and_text() -> None:
    """`HH:MM name  text`, below the date of the first one."""
    date, message = _shown(message_received("hello"))
    assert date.strip("─") == f" {_TODAY} "
    assert message == f"{_CLOCK} bob  hello"


def test_a_name_from_right_to_left_stays_before_its_text() -> None:
    """In terminals that order text; a name inside a sentence needs nothing."""
    hello, action = message_received("שלום"), message_received("/me שלום")
    *_, message = _shown(replace(hello, name="דנה"))
    assert message == f"{_CLOCK} דנה\u200e  שלום"
    assert get_display(message, base_dir="L").replace("\u200e", "") == f"{_CLOCK} הנד  םולש"
    assert _shown(replace(hello, name="דנה", text="10%"))[-1] == f"{_CLOCK} דנה\u200e  10%"
    assert _shown(hello)[-1] == f"{_CLOCK} bob  שלום"
    latin = f"{_CLOCK} דנה  hello שלום"
    assert _shown(replace(hello, name="דנה", text="hello שלום"))[-1] == latin
    assert get_display(latin, base_dir="L") == f"{_CLOCK} הנד  hello םולש"
    assert _shown(replace(action, name="דנה"))[-1] == f"{_CLOCK} * דנה שלום"


def test_a_new_day_starts_with_its_date() -> None:
    """One rule a day."""
    shown = _shown(message_received("a"), message_received("b"), message_received("c", time=NOON + _DAY_S))
    assert [line.strip("─ ") for line in shown if line.startswith("─")] == [
        _TODAY,
        _TOMORROW,
    ]


def test_own_messages_are_marked_without_colour_too() -> None:
    """By a sign before our own name."""
    assert _shown_without_rules(message_received("hi", "ann", own=True)) == [f"{_CLOCK} › ann  hi"]


def test_an_action_starts_with_a_star() -> None:
    """`/me waves`; its time distinguishes it from a notice."""
    assert _shown_without_rules(message_received("/me waves")) == [f"{_CLOCK} * bob waves"]


def test_further_lines_of_a_message_are_indented() -> None:
    """No row can start like a message of somebody else."""
    shown = _shown_without_rules(message_received(f"one\n{_CLOCK} eve  forged\n" + "word " * 30))
    assert shown[0] == f"{_CLOCK} bob  one"
    assert all(line.startswith(" " * 11) for line in shown[1:])
    assert all(len(line) <= 80 for line in shown)


def test_a_long_name_leaves_room_for_the_text() -> None:
    """On a narrow terminal the indent is a third of the width at most."""
    _, second, *_ = _shown_without_rules(message_received("a\nb", "n" * 32), columns=30)
    assert second == " " * 10 + "b"


def test_history_stands_above_a_line_and_the_greeting_below() -> None:
    """Earlier messages first, then a rule, then the greeting."""
    shown = _shown(
        room_joined("bob", latest=2),
        message_received("a", seq=1, history=True),
        message_received("b", seq=2, history=True),
        flush=False,
    )
    assert [line.strip("─ ") for line in shown] == [
        _TODAY,
        f"{_CLOCK} bob  a",
        f"{_CLOCK} bob  b",
        "now",
        "* You are in “Kitchen” as ann, with bob. Type /help for commands.",
    ]


def test_a_room_without_history_greets_at_once() -> None:
    """There is no rule if nothing is above it."""
    greeting = "* You are in “Kitchen” as ann, nobody else is here yet. Type /help for commands."
    assert _shown(room_joined(), flush=False) == [greeting]
    assert _shown(room_joined(latest=9, room=room_info(history=False)), flush=False) == [greeting]


def test_a_history_that_ends_early_is_ended_by_the_next_event() -> None:
    """A live message, or a quiet moment, brings the greeting."""
    shown = _shown_without_rules(
        room_joined(latest=5), message_received("old", seq=1, history=True), message_received("new", seq=6)
    )
    assert [line.split()[0] for line in shown] == [_CLOCK, "*", _CLOCK]
    assert len(_shown_without_rules(room_joined(latest=5))) == 1


def test_the_first_visit_shows_the_words() -> None:
    """People compare them; an unencrypted room is called so."""
    assert _shown(room_joined(first_visit=True), columns=90)[2] == f"    {words_of('ab' * 32)}"
    assert "invite link" in _shown(room_joined(first_visit=True, by_invite=True), columns=90)[1]
    assert "not encrypted" in _shown(room_joined(encrypted=False))[1]


def test_a_namesake_of_a_known_room_is_warned_about() -> None:
    """With the words of both; the name is escaped."""
    known = KnownRoom("9f", "Kitchen\x1b", "cd" * 32, [], 0.0)
    shown = " ".join(_shown(room_joined(first_visit=True, namesake=known), columns=400))
    assert "! You know a different room called “Kitchen\\x1b”" in shown
    assert words_of("ab" * 32) in shown
    assert words_of("cd" * 32) in shown


def test_the_room_is_shown_as_the_server_shows_it() -> None:
    """Address, words and the whole fingerprint; nothing before we have joined."""
    transcript = _transcript(100)
    shown = _plain(transcript.room(room_joined()))
    assert shown[0] == "  Room         Kitchen"
    assert f"  Words        {words_of('ab' * 32)}" in shown
    assert f"  Fingerprint  {' '.join(['abab'] * 16)}" in shown
    assert not any("Words" in line for line in _plain(transcript.room(room_joined(encrypted=False))))
    assert (
        _plain(transcript.room(None)) == _plain(transcript.invite(None)) == ["* You are not in the room yet."]
    )


def test_an_invite_is_one_line_to_copy() -> None:
    """However narrow the terminal is; there is none for a loopback address."""
    transcript = _transcript(40)
    *_, link = _plain(transcript.invite(room_joined(address="192.0.2.1:8001")))
    assert parse_invite(link) == Invite(Address("192.0.2.1", 8001), "ab" * 32)
    assert "messango://" not in "".join(_plain(transcript.invite(room_joined(address="127.0.0.1:8000"))))


def test_several_joins_make_one_line() -> None:
    """They are held back until something else happens."""
    joins = [MemberJoined(name) for name in ("bob", "cy", "dan")]
    assert _shown(*joins, flush=False) == []
    assert _shown_without_rules(*joins, message_received("hi"))[0] == "* bob, cy and dan joined"


def test_short_visits_make_no_line() -> None:
    """Joined and left, or left and came back, within the moment."""
    assert _shown(MemberJoined("bob"), MemberLeft("bob", "")) == []
    assert _shown(MemberLeft("bob", ""), MemberJoined("bob")) == []


def test_unencrypted_members_are_warned_about_once() -> None:
    """Those who are in the room, those who join, and those who come back within the moment."""
    warning = "* bob is not encrypted: others on the network can now read this conversation."
    assert _shown(room_joined("bob", "cy", unencrypted=("bob",)), columns=100)[-1] == warning
    joined = MemberJoined("bob", encrypted=False)
    assert _shown(MemberJoined("cy"), joined, columns=100) == ["* cy and bob joined", warning]
    assert _shown(MemberLeft("bob", "left"), joined, columns=100)[-1] == warning
    assert _shown(joined, MemberLeft("bob", "left")) == []


def test_leaves_are_shown_with_their_reason() -> None:
    """ "left" is not repeated."""
    shown = _shown(MemberLeft("bob", "the connection broke."), MemberLeft("cy", "left"))
    assert shown == ["* bob left (the connection broke)", "* cy left"]


def test_renames_are_shown() -> None:
    """Other members' and our own."""
    events = MemberRenamed("rob", "bob", you=False), MemberRenamed("anna", "ann", you=True)
    assert _shown(*events) == ["* bob is now called rob", "* You are now called anna"]


def test_a_broken_connection_is_shown_once_and_the_reconnect_too() -> None:
    """Each failed attempt is an event; only the status line counts them."""
    lost = Disconnected(ConnectionLost("The room stopped responding."), 2.0)
    events = room_joined(), lost, Connecting(reconnecting=True), lost, room_joined(back=True), lost
    shown = _shown(*events, columns=120)
    assert [line[:20] for line in shown[1:]] == [
        "* The room stopped r",
        "* Reconnected as ann",
        "* The room stopped r",
    ]


def test_failures_are_marked() -> None:
    """Unsent messages and failed requests, with reason and hint."""
    failed = MessageFailed("id", "x" * 200 + "\n", "It is too long.", "Say less.")
    (line,) = _shown(failed, columns=200)
    assert line.startswith("! Not sent: “xxx")
    assert line.endswith("…”. It is too long. Say less.")
    assert _shown(RequestFailed("No such name.", "")) == ["! No such name."]


def test_some_events_show_nothing() -> None:
    """The status line shows typing, the caller the end."""
    assert (
        _shown(Connecting(reconnecting=False), MemberTyping("bob"), SessionEnded(EndReason.LEFT, None)) == []
    )


@pytest.mark.parametrize("when", [math.nan, math.inf, -1e300, 1e18])
def test_a_message_with_an_impossible_time_is_shown(when: float) -> None:
    """A room may have a wrong clock."""
    assert _shown(message_received("hi", time=when)) == ["--:-- bob  hi"]


def test_a_long_notice_is_broken_at_spaces() -> None:
    """Its rows are indented behind the mark."""
    first, second = _shown(RequestFailed("This is longer than the terminal is.", ""), columns=30)
    assert (first, second) == ("! This is longer than the", "  terminal is.")


def test_text_from_others_is_data() -> None:
    """No control character that others chose reaches the terminal."""
    evil = "\x1b[2J\x07\u202e\u2028\n"
    events = (
        room_joined(evil, you="ann", room=room_info(evil)),
        message_received(evil, evil),
        message_received("/me " + evil, evil),
        MemberJoined(evil),
        MemberLeft("bob" + evil, evil),
        MemberRenamed(evil, "x" + evil, you=False),
        MessageFailed("id", evil, evil, evil),
        RequestFailed(evil, evil),
        Disconnected(ConnectionLost(evil), 1.0),
    )
    for event in events:
        lines = _shown(event)
        assert all(line.isprintable() for line in lines), event


def test_who_lists_the_members() -> None:
    """With our own name marked."""
    transcript, state = _transcript(), ChatState(lambda: 0.0)
    assert _plain(transcript.members(state.presence)) == ["* You are not in the room yet."]
    state.handle(room_joined("bob", "cy", unencrypted=("cy",)))
    assert _plain(transcript.members(state.presence)) == ["* Here: ann (you), bob and cy (not encrypted)."]


def test_who_marks_those_who_are_ignored() -> None:
    """So that nobody wonders why they are silent."""
    conversation = Conversation(lambda _: IgnoredMembers([IgnoredMember("m2", "bob")]))
    transcript = Transcript(lambda: 80, conversation, MessageLines(lambda: 80, conversation))
    state = ChatState(lambda: 0.0)
    for learner in (state, conversation):
        learner.handle(room_joined("bob"))
    assert _plain(transcript.members(state.presence)) == ["* Here: ann (you) and bob (ignored)."]


def test_help_shows_commands_and_keys() -> None:
    """One row each."""
    rows = _plain(_transcript().help())
    assert [row.split()[0] for row in rows] == [
        *(usage.split()[0] for usage, _ in help_rows()),
        *("Tab", "Alt-↑", "Alt-Enter", "Ctrl-D"),
    ]


def test_help_is_indented_on_a_narrow_terminal() -> None:
    """No word is cut."""
    rows = _plain(_transcript(40).help())
    assert all(len(row) <= 40 for row in rows)
    invite = next(number for number, row in enumerate(rows) if "/invite" in row)
    assert rows[invite : invite + 2] == [
        "  /invite               show a link to",
        "                        pass on, with",
    ]


def test_a_gap_is_shown() -> None:
    """Some of the messages that we missed are no longer stored."""
    lost = Disconnected(ConnectionLost("The connection broke."), 1.0)
    shown = _shown(room_joined(), lost, replace(room_joined(back=True), gap=True))
    assert any("may be missing" in line for line in shown)
    assert not any("may be missing" in line for line in _shown(room_joined(), lost, room_joined(back=True)))


def test_the_host_looks_like_nobody_else() -> None:
    """The style depends on the member id, so no member's name can imitate it."""
    host = replace(message_received("lunch", HOST_NAME), member=HOST_MEMBER_ID)
    transcript = _transcript()
    styles = [[style for style, text in line if "Host" in text] for line in _lines(transcript, host)]
    assert ["class:host"] in styles
    member = _lines(transcript, message_received("lunch", HOST_NAME, seq=2))
    assert not any("host" in style for line in member for style, _ in line)


def test_a_name_of_several_words_is_quoted() -> None:
    """Under NO_COLOR too, its reader sees where the name ends."""
    said = message_received("no", "Ann Lee: I vote yes. Signed")
    assert _shown_without_rules(said) == [f"{_CLOCK} “Ann Lee: I vote yes. Signed”  no"]
    acted = message_received("/me nods", "Ann waves. Ben")
    assert _shown_without_rules(acted) == [f"{_CLOCK} * “Ann waves. Ben” nods"]
    assert _shown(MemberLeft("Ann left. Ben", "left")) == ["* “Ann left. Ben” left"]


def test_what_ones_own_name_became() -> None:
    """On joining, and as the answer to /name."""
    shown = " ".join(_shown(room_joined(you="ann 2", wanted="ann")))
    assert "as “ann 2”" in shown
    assert "You are called “ann 2” here: “ann” was taken." in shown
    renamed = MemberRenamed("bob 2", "ann", you=True, wanted="bob")
    assert _shown(renamed) == ["* You are now called “bob 2”: “bob” was taken"]


def test_who_only_looks_like_somebody() -> None:
    """On joining, when they join, and when they take the name; unless they are gone at once."""
    fake = "b\u043eb"
    people = (Person("m1", "ann"), Person("m2", "bob"), Person("m3", fake, resembles="bob"))
    warning = f"! Careful: “{fake}” only looks like “bob”; they are two members."
    assert warning in _shown(room_joined("bob", fake, people=people), columns=200)
    joined = MemberJoined(fake, member="m3", resembles="bob")
    assert _shown(joined) == [f"* {fake} joined", warning]
    assert _shown(joined, MemberLeft(fake, "left")) == []
    assert _shown(MemberRenamed(fake, "cy", you=False, resembles="bob"))[1] == warning


def test_who_shows_the_host_and_look_alikes() -> None:
    """Behind the names."""
    people = (Person("m1", "ann", host=True), Person("m3", "\u0430nn", web=True, resembles="ann"))
    state = ChatState(lambda: 0.0)
    state.handle(room_joined("\u0430nn", people=people))
    (line,) = _plain(_transcript(200).members(state.presence))
    assert line == "* Here: ann (you, host) and \u0430nn (by browser, looks like “ann”)."
    state.handle(room_joined("H0st", people=(Person("m1", "ann"), Person("m3", "H0st", resembles=HOST_NAME))))
    assert _plain(_transcript(200).members(state.presence)) == [
        "* Here: ann (you) and H0st (looks like the host)."
    ]


def test_what_the_host_did_is_told() -> None:
    """With the host's words; also about somebody who has just joined."""
    events = MemberJoined("eve"), MemberLeft("eve", "banned", note="too loud")
    assert _shown(*events) == ["* eve joined and left (banned by the host: too loud)"]
