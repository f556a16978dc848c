"""Parsing and completing what members type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.commands import (
    COMMANDS,
    ChangeName,
    Quit,
    SendText,
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
from messango.protocol.text.command_table import InvalidInput, ShowHelp


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
        ("bell\x07\x1b[31m", SendText("bell")),
        ("one\rtwo\u2028three\x1b[0m ", SendText("one\ntwo\nthree")),
        ("\x1b[0m", None),
        ("", None),
        (" \n\t", None),
    ],
)
def test_valid_input(typed: str, wanted: UserCommand | None) -> None:
    """Messages, commands, and blank lines."""
    assert parse_input(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/hepl", "Did you mean /help?"),
        ("/q", "Did you mean /quit?"),
        ("/xyzzy", "Type /help for commands"),
        ("/", "Did you mean /help?"),
        ("/shrug", "type //shrug"),
        ("/name", "needs an argument: /name NEW"),
        ("/name \u202eeve", "control characters"),
        ("/name " + "x" * 33, "too long"),
        ("/me", "needs an argument: /me ACTION"),
        ("x" * (MAX_TEXT_CHARACTERS + 1), "8,001"),
    ],
)
def test_invalid_input(typed: str, said: str) -> None:
    """The error says what to type instead."""
    wanted = parse_input(typed)
    assert isinstance(wanted, InvalidInput)
    assert said in wanted.reason


def test_help_lists_each_command() -> None:
    """In the order of the table, with a summary."""
    shown = [usage.split()[0] for usage, _ in help_rows()]
    assert shown[: len(COMMANDS)] == [command.name for command in COMMANDS]
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
def test_tab_completes_commands_and_names(before: str, offered: list[str]) -> None:
    """Commands at the start of the line, names anywhere; a name at the start gets a colon."""
    found = complete(before, ["bob", "Bo Berg", "Döner 😀"])
    assert sorted(completion.text for completion in found) == sorted(offered)


def test_a_completion_replaces_the_beginning() -> None:
    """Also if it was typed in another case."""
    (found,) = complete("hi BO", ["bob"])
    assert "hi BO"[: -found.replaces] + found.text == "hi bob "


@pytest.mark.parametrize(
    ("text", "action"),
    [("/me waves", "waves"), ("/me  ", None), ("/menu", None), ("me waves", None), ("/me", None)],
)
def test_actions(text: str, action: str | None) -> None:
    """Only `/me` with a text after it is an action."""
    assert action_of(text) == action


@pytest.mark.parametrize(("typed", "message"), [("hi", True), ("/who", False), ("/me", False), ("", False)])
def test_only_messages_count_as_typing(typed: str, *, message: bool) -> None:
    """A member who types a command is not shown as typing."""
    assert is_message(typed) is message


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_can_be_typed(typed: str) -> None:
    """No text raises, and a message has no control characters."""
    wanted = parse_input(typed)
    if isinstance(wanted, SendText):
        assert wanted.text.replace("\n", "").replace("\t", "").isprintable() or "\x1b" not in wanted.text
    complete(typed, ["ann", "bob"])
