"""What a host types, and what is understood by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import BadName
from messango.protocol.validation import clean_name, normalized_name
from messango.server.host_command import (
    Announce,
    Ban,
    Help,
    InvalidCommand,
    Kick,
    ParsedCommand,
    Quit,
    SimpleCommand,
    Unban,
)
from messango.terminal.host_commands import COMMANDS, complete, help_lines, parse_command

NAMES = ["Ann", "Ann Lee", "Bob 🥭 B", "Zoë", "10.0.0.1"]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("who", SimpleCommand("who")),
        (" WHO ", SimpleCommand("who")),
        ("/who", SimpleCommand("who")),
        ("bans", SimpleCommand("bans")),
        ("lock", SimpleCommand("lock")),
        ("unlock", SimpleCommand("unlock")),
        ("help", Help()),
        ("quit", Quit()),
        ("say  two  spaces ", Announce("two  spaces")),
        ("say kick Ann", Announce("kick Ann")),
        ("kick zoë", Kick("zoë")),
        ("kick Ann", Kick("Ann")),
        ("kick ann lee", Kick("ann lee")),
        ("kick ann lee shouts too much", Kick("ann lee", "shouts too much")),
        ('kick "Ann" Lee told me to', Kick("Ann", "Lee told me to")),
        ("kick “Bob 🥭 B” bye", Kick("Bob 🥭 B", "bye")),
        ("kick bob 🥭 b bye", Kick("bob 🥭 b", "bye")),
        ("kick bob 🥭", Kick("bob 🥭")),
        ("kick nobody at all", Kick("nobody", "at all")),
        ("ban Zoë", Ban("Zoë", is_address=False)),
        ("ban ann lee for 10m spam", Ban("ann lee", is_address=False, seconds=600, reason="spam")),
        ("ban Zoë for 2 hours", Ban("Zoë", is_address=False, seconds=7_200)),
        ("ban Zoë FOR 3d", Ban("Zoë", is_address=False, seconds=259_200)),
        ("ban Zoë for spamming all day", Ban("Zoë", is_address=False, reason="for spamming all day")),
        ("ban Zoë for 1w and a day", Ban("Zoë", is_address=False, seconds=604_800, reason="and a day")),
        ("ban 192.168.1.20", Ban("192.168.1.20", is_address=True)),
        (
            "ban 192.168.1.0/24 for 30s noise",
            Ban("192.168.1.0/24", is_address=True, seconds=30, reason="noise"),
        ),
        ("ban fe80::1%eth0", Ban("fe80::1%eth0", is_address=True)),
        ("ban 10.0.0.1", Ban("10.0.0.1", is_address=True)),
        ('ban "10.0.0.1"', Ban("10.0.0.1", is_address=False)),
        ("unban Ann Lee", Unban("Ann Lee")),
        ('unban "Ann Lee"', Unban("Ann Lee")),
        ("unban 192.168.1.0/24", Unban("192.168.1.0/24")),
    ],
)
def test_what_is_understood(line: str, command: ParsedCommand) -> None:
    """Names in any case, with spaces or between quotation marks; times; addresses."""
    assert parse_command(line, NAMES) == command


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("kik Zoë", "Did you mean “kick”?"),
        ("b", "Did you mean “ban”?"),
        ("zounds everybody", "“help” shows them all. What is for everybody goes behind “say”."),
        ("kick", "“kick” needs more: kick NAME [REASON]"),
        ("say", "“say” needs more: say TEXT"),
        ("lock the door", "takes nothing"),
        ('kick "Ann Lee', "quotation mark"),
        ("ban Zoë for 10x", "“for 10x” is no time"),
        ("ban Zoë for 10", "“for 10” is no time"),
        ("ban Zoë for 0m", "no time"),
        ("ban Zoë for 9999999d", "is no time"),
        ("ban 192.168.1.300", "“192.168.1.300” is no address"),
        ("ban 192.168.1.0/33", "is no address"),
        ("ban fe80:::1", "is no address"),
    ],
)
def test_what_is_not_understood(line: str, words: str) -> None:
    """A sentence says what to type instead, and nothing is done."""
    command = parse_command(line, NAMES)
    assert isinstance(command, InvalidCommand)
    assert words in command.message


def test_a_blank_line_is_nothing() -> None:
    """Enter alone does nothing."""
    assert parse_command(" ", NAMES) is None


@given(st.text(), st.lists(st.text(min_size=1)))
def test_whatever_is_typed_is_read(line: str, names: list[str]) -> None:
    """No line makes it stumble, whatever the members are called."""
    for word in ("", "kick ", "ban ", "unban ", "say "):
        parse_command(word + line, names)
        complete(word + line, names)


def test_help_has_every_command() -> None:
    """With what it takes."""
    text = "\n".join(help_lines())
    for spec in COMMANDS:
        assert spec.usage in text
        assert spec.summary in text


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("un", ["unban ", "unlock"]),
        ("K", ["kick "]),
        ("kick a", ["Ann ", '"Ann Lee" ']),
        ('kick "a', ["Ann ", '"Ann Lee" ']),
        ("ban bob", ['"Bob 🥭 B" ']),
        ("ban 10", ['"10.0.0.1" ']),
        ("say a", []),
    ],
)
def test_tab(before: str, offered: list[str]) -> None:
    """Commands, and names as they have to be typed."""
    assert [completion.text for completion in complete(before, NAMES)] == offered


def test_tab_takes_the_place_of_what_was_begun() -> None:
    """The word alone, or all that is behind the command."""
    assert complete("un", [])[0].replaces == 2
    assert complete('kick "ann l', NAMES)[0].replaces == len('"ann l')


@pytest.mark.parametrize("name", NAMES)
def test_what_tab_offers_is_understood(name: str) -> None:
    """Each name is read as that name."""
    (completion,) = (
        completion for completion in complete("kick ", NAMES) if completion.text.strip(' "') == name
    )
    assert parse_command(f"kick {completion.text}bye", NAMES) == Kick(name, "bye")


def members() -> st.SearchStrategy[list[str]]:
    """Names as a room may have them, each another one."""
    letters = st.sampled_from([*"aAbB 10.:/", '"', "“", "”", "’", "🥭", "ß", "\u202f"])
    named = st.text(letters, min_size=1, max_size=8).map(_cleaned)
    # Nobody is called by both kinds of quotation marks.
    named = named.filter(lambda name: name and not {'"', "”"} <= {*name})
    return st.lists(named, min_size=1, max_size=5, unique_by=normalized_name)


def _cleaned(name: str) -> str:
    try:
        return clean_name(name)
    except BadName:
        return ""


@given(members())
def test_whatever_a_member_is_called_tab_offers_what_is_understood(names: list[str]) -> None:
    """Spaces, quotation marks and addresses in names included: nobody is sent out for another."""
    completions = complete("kick ", names)
    assert len(completions) == len(names)
    for name, completion in zip(sorted(names, key=str.casefold), completions, strict=True):
        assert parse_command(f"kick {completion.text}zzz", names) == Kick(name, "zzz")
        assert parse_command(f"ban {completion.text}zzz", names) == Ban(name, is_address=False, reason="zzz")
        assert completion.text in [found.text for found in complete(f"kick {name[:2]}", names)]
