"""Parsing and completing what members type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.typed.addressing import Target
from messango.client.typed.commands import (
    COMMANDS,
    UserCommand,
    action_of,
    help_rows,
    is_message,
    parse_input,
    typing_to,
)
from messango.client.typed.completion import complete
from messango.client.typed.requests import (
    ChangeName,
    DeleteMessage,
    EditText,
    IgnoreMember,
    Quit,
    React,
    Reply,
    SearchMessages,
    SendPrivate,
    SendText,
    ShowEarlier,
    ShowInvite,
    ShowMembers,
    ShowMentions,
    ShowRoom,
    UnignoreMember,
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
    ("typed", "wanted"),
    [
        ("/msg Ann hello there", SendPrivate("Ann", "hello there")),
        ("/msg ann  hello\n  there", SendPrivate("Ann", "hello\n  there")),
        ("/msg Ann 2 hello", SendPrivate("Ann 2", "hello")),
        ("/msg Ann: 2 hello", SendPrivate("Ann", "2 hello")),
        ("/msg “Ann” 2 hello", SendPrivate("Ann", "2 hello")),
        ('/msg "Ann 2": hello', SendPrivate("Ann 2", "hello")),
        ("/msg Ann Lee, hello", SendPrivate("Ann Lee", "hello")),
        ("/msg Ann", SendPrivate("Ann", "")),
        ("  /msg Ann secret", SendPrivate("Ann", "secret")),
        ("/MSG Ann secret", SendPrivate("Ann", "secret")),
        ("\u200f/msg Ann secret", SendPrivate("Ann", "secret")),
        ("\ufeff\u3000/msg Ann secret", SendPrivate("Ann", "secret")),
        ("\uff0fmsg\u3000Ann\u3000secret", SendPrivate("Ann", "secret")),
        ("/msg @Ann 2: secret", SendPrivate("Ann 2", "secret")),
        ("/ignore @Ann", IgnoreMember("Ann")),
        ("/reply @Ann look", Reply(Target(), "@Ann look")),
        ("/reply", Reply(Target(), "")),
        ("/reply yes", Reply(Target(), "yes")),
        ("/reply Ann Lee yes", Reply(Target(name="Ann Lee"), "yes")),
        ("/reply Annika yes", Reply(Target(), "Annika yes")),
        ("/reply #12 yes", Reply(Target(12), "yes")),
        ("/reply #12th yes", Reply(Target(), "#12th yes")),
        ("/react 👍", React(Target(), "👍")),
        ("/react ❤ Ann", React(Target(name="Ann"), "❤️")),
        ("/react :heart: Ann", React(Target(name="Ann"), "❤️")),
        ("/react Ann :mango:", React(Target(name="Ann"), "🥭")),
        ("/react #12 👨‍👩‍👧", React(Target(12), "👨‍👩‍👧")),
        ("/edit", EditText(Target(), "")),
        ("/edit better", EditText(Target(), "better")),
        ("/edit Ann is right", EditText(Target(), "Ann is right")),
        ("/edit #7 better", EditText(Target(7), "better")),
        ("/delete", DeleteMessage(Target())),
        ("/delete #7", DeleteMessage(Target(7))),
        ("/ignore Ann 2", IgnoreMember("Ann 2")),
        ("/ignore", IgnoreMember("")),
        ("/unignore “Somebody Gone”", UnignoreMember("Somebody Gone")),
        ("/earlier", ShowEarlier()),
        ("/earlier #12", ShowEarlier(12)),
        ("/search red mango", SearchMessages("red mango")),
        ("/mentions", ShowMentions()),
    ],
)
def test_commands_about_members_and_messages(typed: str, wanted: UserCommand) -> None:
    """A name may have spaces; the longest that fits is meant, unless quotation marks or a colon end it."""
    assert parse_input(typed, ["Ann", "Ann 2", "Ann Lee"]) == wanted


@pytest.mark.parametrize(
    ("typed", "reader"),
    [("hi", ""), ("/msg Ann 2 hi", "Ann 2"), ("/msg Bob hi", None), ("/reply hi", None), ("/who", None)],
)
def test_who_is_told_of_typing(typed: str, reader: str | None) -> None:
    """What is for one member is no news for the others."""
    assert typing_to(typed, ["Ann", "Ann 2"]) == reader


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/hepl", "Did you mean /help?"),
        ("/q", "Did you mean /quit?"),
        ("/tell bob hi", "There is no command /tell. Did you mean /msg?"),
        ("/msg", "needs an argument: /msg NAME TEXT"),
        ("/msg Bobby hi", "Nobody here is called “Bobby hi”"),
        ("/msg @Bobby hi", "Nobody here is called “@Bobby hi”"),
        ("/msg/bob hi", "type /msg NAME TEXT"),
        (" /mgs bob hi", "Did you mean /msg?"),
        ("\t/w bob hi", "Did you mean /msg?"),
        ("\uff0fw bob hi", "Did you mean /msg?"),
        ("/msg bob " + "x" * (MAX_TEXT_CHARACTERS + 1), "8,001"),
        ("/react :nosuchthing:", "“:nosuchthing:” is not an emoji"),
        ("/react hi", "“hi” is not an emoji"),
        ("/react 👍 Bobby", "Nobody here is called “Bobby”"),
        ("/delete Bobby", "Nobody here is called “Bobby”"),
        ("/ignore Bobby", "Nobody here is called “Bobby”"),
        ("/earlier soon", "/earlier #12"),
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
    wanted = parse_input(typed, ["bob"])
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
        ("/N", ["/name "]),
        ("/re", ["/reply", "/react "]),
        ("/msg b", ["bob ", "“Bo” ", "Bo Berg "]),
        ("/msg ", ["“Bo” ", "Bo Berg ", "bob ", "Döner 😀 "]),
        ("/ignore bo b", ["Bo Berg "]),
        ("/msg bob ask bo b", ["Bo Berg "]),
        ("/zz", []),
        ("b", ["bob: ", "Bo: ", "Bo Berg: "]),
        ("BO", ["bob: ", "Bo: ", "Bo Berg: "]),
        ("bo ", ["Bo Berg: "]),
        ("ask bo b", ["Bo Berg "]),
        ("ask dö", ["Döner 😀 "]),
        ("@bo b", ["@Bo Berg "]),
        ("ask @DÖ", ["@Döner 😀 "]),
        ("ask @", ["@bob ", "@Bo ", "@Bo Berg ", "@Döner 😀 "]),
        ("ask ", []),
        ("", []),
        ("nobody like that", []),
    ],
)
def test_tab_completes_commands_and_names(before: str, offered: list[str]) -> None:
    """Commands at the start of the line, names anywhere; a name at the start gets a colon."""
    found = complete(before, ["bob", "Bo", "Bo Berg", "Döner 😀"])
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
