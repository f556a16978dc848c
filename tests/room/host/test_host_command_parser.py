"""Parsing and completing what the host types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import BadName
from messango.protocol.text.command_table import InvalidInput, ShowHelp
from messango.protocol.text.validation import clean_name, normalized_name
from messango.room.host.host_command import (
    Announce,
    BanAddress,
    BanName,
    Kick,
    ListBans,
    ListMembers,
    Lock,
    SetPassword,
    SetSeats,
    Unban,
    Unlock,
)
from messango.room.host.host_command_parser import (
    COMMANDS,
    AskPassword,
    CloseRoom,
    ParsedCommand,
    command_line,
    complete,
    help_lines,
    parse_command,
)

NAMES = ["Ann", "Ann Lee", "Bob 🥭 B", "Zoë", "10.0.0.1"]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("who", ListMembers()),
        (" WHO ", ListMembers()),
        ("/who", ListMembers()),
        ("bans", ListBans()),
        ("lock", Lock()),
        ("unlock", Unlock()),
        ("help", ShowHelp()),
        ("quit", CloseRoom()),
        ("close", CloseRoom()),
        ("password", AskPassword()),
        ("password --none", SetPassword(None)),
        ("seats 8", SetSeats(8)),
        ("seats 10,000", SetSeats(10_000)),
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
        ("ban Zoë", BanName("Zoë")),
        ("ban ann lee for 10m spam", BanName("ann lee", seconds=600, reason="spam")),
        ("ban Zoë for 2 hours", BanName("Zoë", seconds=7_200)),
        ("ban Zoë FOR 3d", BanName("Zoë", seconds=259_200)),
        ("ban Zoë for spamming all day", BanName("Zoë", reason="for spamming all day")),
        ("ban Zoë for 1w and a day", BanName("Zoë", seconds=604_800, reason="and a day")),
        ("ban 192.168.1.20", BanAddress("192.168.1.20")),
        (
            "ban 192.168.1.0/24 for 30s noise",
            BanAddress("192.168.1.0/24", seconds=30, reason="noise"),
        ),
        ("ban fe80::1%eth0", BanAddress("fe80::1%eth0")),
        ("ban [fe80::1%eth0]:53048", BanAddress("[fe80::1%eth0]:53048")),
        ("ban 192.168.1.20:41388 noise", BanAddress("192.168.1.20:41388", reason="noise")),
        ("ban 10.0.0.1", BanAddress("10.0.0.1")),
        ('ban "10.0.0.1"', BanName("10.0.0.1")),
        ("unban Ann Lee", Unban("Ann Lee")),
        ('unban "Ann Lee"', Unban("Ann Lee")),
        ("unban 192.168.1.0/24", Unban("192.168.1.0/24")),
    ],
)
def test_valid_commands(line: str, command: ParsedCommand) -> None:
    """Names in any case, with spaces or between quotation marks; times; addresses."""
    assert parse_command(line, NAMES) == command


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("kik Zoë", "Did you mean “kick”?"),
        ("b", "Did you mean “ban”?"),
        ("zounds everybody", "Type “help” for commands. To write to everybody, use “say”."),
        ("kick", "“kick” needs an argument: kick NAME [REASON]"),
        ("say", "“say” needs an argument: say TEXT"),
        ("lock the door", "takes nothing"),
        ('kick "Ann Lee', "quotation mark"),
        ("ban Zoë for 10x", "“for 10x” is not a valid time"),
        ("ban Zoë for 10", "“for 10” is not a valid time"),
        ("ban Zoë for 0m", "has to last longer"),
        ("ban Zoë for 9999999d", "is not a valid time"),
        ("ban 192.168.1.300", "“192.168.1.300” is not a valid address"),
        ("ban 192.168.1.0/33", "is not a valid address"),
        ("ban fe80:::1", "is not a valid address"),
    ],
)
def test_invalid_commands(line: str, words: str) -> None:
    """The error says what to type instead."""
    command = parse_command(line, NAMES)
    assert isinstance(command, InvalidInput)
    assert words in command.reason


def test_a_blank_line_is_not_a_command() -> None:
    """Only Enter does nothing."""
    assert parse_command(" ", NAMES) is None


@given(st.text(), st.lists(st.text(min_size=1)))
def test_any_line_can_be_parsed(line: str, names: list[str]) -> None:
    """No line raises, whatever the members' names are."""
    for word in ("", "kick ", "ban ", "unban ", "say "):
        parse_command(word + line, names)
        complete(word + line, names)


def test_help_lists_every_command() -> None:
    """With its argument."""
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
def test_tab_completes_commands_and_names(before: str, offered: list[str]) -> None:
    """Names as they have to be typed."""
    assert [completion.text for completion in complete(before, NAMES)] == offered


def test_a_completion_replaces_the_beginning() -> None:
    """The begun command, or everything after the command."""
    assert complete("un", [])[0].replaces == 2
    assert complete('kick "ann l', NAMES)[0].replaces == len('"ann l')


@pytest.mark.parametrize("name", NAMES)
def test_a_completed_name_is_parsed(name: str) -> None:
    """As that name, and nothing else."""
    (completion,) = (
        completion for completion in complete("kick ", NAMES) if completion.text.strip(' "') == name
    )
    assert parse_command(f"kick {completion.text}bye", NAMES) == Kick(name, "bye")


def members() -> st.SearchStrategy[list[str]]:
    """Return a strategy for lists of different names that members can have."""
    letters = st.sampled_from([*"aAbB 10.:/", '"', "“", "”", "’", "🥭", "ß", "\u202f"])
    valid_names = st.text(letters, min_size=1, max_size=8).map(_cleaned)
    # A name with both kinds of quotation marks cannot be quoted.
    valid_names = valid_names.filter(lambda name: name and not {'"', "”"} <= {*name})
    return st.lists(valid_names, min_size=1, max_size=5, unique_by=normalized_name)


def _cleaned(name: str) -> str:
    try:
        return clean_name(name)
    except BadName:
        return ""


@given(members())
def test_any_name_can_be_completed_and_parsed(names: list[str]) -> None:
    """Also names with spaces, quotation marks and addresses: a command never hits another member."""
    completions = complete("kick ", names)
    assert len(completions) == len(names)
    for name, completion in zip(sorted(names, key=str.casefold), completions, strict=True):
        assert parse_command(f"kick {completion.text}zzz", names) == Kick(name, "zzz")
        assert parse_command(f"ban {completion.text}zzz", names) == BanName(name, reason="zzz")
        assert completion.text in [found.text for found in complete(f"kick {name[:2]}", names)]


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["kick", "Ann", "too loud"], Kick("Ann", "too loud")),
        (["kick", "Ann", "Lee"], Kick("Ann Lee")),
        (["kick", "Ann Lee"], Kick("Ann Lee")),
        (["kick", "Ann Smith"], Kick("Ann Smith")),
        (["kick", "Ann Smith", "spam"], Kick("Ann Smith", "spam")),
        (["kick", "", "Ann"], Kick("", "Ann")),
        (["kick", '"Ann"', "Lee told me to"], Kick("Ann", "Lee told me to")),
        (["kick", 'the "boss" here', "bye"], Kick('the "boss" here', "bye")),
        (["kick", "#3fa2"], Kick("#3fa2")),
        (["ban", "192.168.1.20", "for", "10m"], BanAddress("192.168.1.20", 600)),
        (["ban", "192.168.1.20 for 10m"], BanAddress("192.168.1.20", 600)),
        (["ban", "192.168.1.20", "for 10m", "noise"], BanAddress("192.168.1.20", 600, "noise")),
        (["ban", "Ann Smith", "for", "2h"], BanName("Ann Smith", 7_200)),
        (["unban", "Ann Smith"], Unban("Ann Smith")),
        (["say", "Lunch", "is", "ready"], Announce("Lunch is ready")),
        (["say", 'He said "no"'], Announce('He said "no"')),
        (["who"], ListMembers()),
    ],
)
def test_the_words_of_a_shell(words: list[str], command: ParsedCommand) -> None:
    """What the shell has kept together stays together: nobody else is kicked than the one who was named."""
    assert parse_command(command_line(words), NAMES) == command


@pytest.mark.parametrize("line", ["password sesame", "password --none sesame", "PASSWORD none"])
def test_a_password_is_not_typed_after_its_command(line: str) -> None:
    """The error does not repeat it."""
    command = parse_command(line, NAMES)
    assert isinstance(command, InvalidInput)
    assert "sesame" not in command.reason


@pytest.mark.parametrize("number", ["0", "10,001", "-1", "five", "٥", "1" * 5_000, "2.5"])
def test_a_wrong_number_of_seats(number: str) -> None:
    """It has the limits of --max-clients."""
    assert isinstance(parse_command(f"seats {number}", NAMES), InvalidInput)
