"""What can be typed in a room: one table for reading, help and Tab."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.commands import (
    COMMANDS,
    ChangeName,
    InvalidInput,
    Quit,
    SendText,
    ShowHelp,
    ShowInvite,
    ShowMembers,
    ShowRoom,
    UserCommand,
    action_of,
    complete,
    help_rows,
    is_message,
    parse_input,
)
from messango.protocol.limits import MAX_TEXT_CHARACTERS


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("hello", SendText("hello")),
        ("  set in\n    more \n", SendText("  set in\n    more")),
        ("/help", ShowHelp()),
        ("/HELP ", ShowHelp()),
        ("/who", ShowMembers()),
        ("/room", ShowRoom()),
        ("/invite", ShowInvite()),
        ("/name  Ann Lee ", ChangeName("Ann Lee")),
        ("/quit", Quit()),
        ("/me waves", SendText("/me waves")),
        ("//help", SendText("/help")),
        ("///", SendText("//")),
        ("/usr/bin is full", SendText("/usr/bin is full")),
        ("bell\x07\x1b[31m", SendText("bell[31m")),
        ("", None),
        (" \n\t", None),
    ],
)
def test_what_is_typed_is_read(typed: str, wanted: UserCommand | None) -> None:
    """A message is a message, a command a command, and a blank line nothing."""
    assert parse_input(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/hepl", "Did you mean /help?"),
        ("/q", "Did you mean /quit?"),
        ("/xyzzy", "/help shows them all"),
        ("/", "/help shows them all"),
        ("/shrug", "type //shrug"),
        ("/name", "/name Ann"),
        ("/name \u202eeve", "control characters"),
        ("/name " + "x" * 33, "too long"),
        ("/me", "/me waves"),
        ("x" * (MAX_TEXT_CHARACTERS + 1), "8,001"),
        ("\x07", "empty"),
    ],
)
def test_a_mistake_says_what_to_type_instead(typed: str, said: str) -> None:
    """What can't be done is answered by a sentence with the way out."""
    wanted = parse_input(typed)
    assert isinstance(wanted, InvalidInput)
    assert said in wanted.reason


def test_help_has_each_command() -> None:
    """A command that is not in the help does not exist."""
    shown = [usage.split()[0] for usage, _ in help_rows()]
    assert shown[: len(COMMANDS)] == [f"/{command.name}" for command in COMMANDS]
    assert all(summary for _, summary in help_rows())


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("/", ["/help", "/who", "/room", "/invite", "/name ", "/me ", "/quit"]),
        ("/N", ["/name "]),
        ("/zz", []),
        ("b", ["bob: ", "Bo Berg: "]),
        ("BO", ["bob: ", "Bo Berg: "]),
        ("bo ", ["Bo Berg: "]),
        ("ask bo b", ["Bo Berg "]),
        ("ask dö", ["Döner 😀 "]),
        ("ask ", []),
        ("", []),
        ("nobody like that", []),
    ],
)
def test_tab_offers_commands_and_names(before: str, offered: list[str]) -> None:
    """Commands at the line's start, names anywhere, with a colon where the line begins with one."""
    found = complete(before, ["bob", "Bo Berg", "Döner 😀"])
    assert sorted(completion.text for completion in found) == sorted(offered)


def test_a_completion_replaces_what_was_begun() -> None:
    """What was typed of the name makes way for the whole, also in another case."""
    (found,) = complete("hi BO", ["bob"])
    assert "hi BO"[: -found.replaces] + found.text == "hi bob "


@pytest.mark.parametrize(
    ("text", "action"),
    [("/me waves", "waves"), ("/me  ", None), ("/menu", None), ("me waves", None), ("/me", None)],
)
def test_an_action_is_told_from_a_text(text: str, action: str | None) -> None:
    """Only `/me` with something behind it is an action."""
    assert action_of(text) == action


@pytest.mark.parametrize(("typed", "message"), [("hi", True), ("/who", False), ("/me", False), ("", False)])
def test_typing_is_told_for_messages_alone(typed: str, *, message: bool) -> None:
    """Who types a command is not shown as typing."""
    assert is_message(typed) is message


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_anything_can_be_typed(typed: str) -> None:
    """No line raises, and what is said has no control characters."""
    wanted = parse_input(typed)
    if isinstance(wanted, SendText):
        assert wanted.text.replace("\n", "").replace("\t", "").isprintable() or "\x1b" not in wanted.text
    complete(typed, ["ann", "bob"])
