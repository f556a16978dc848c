"""What the host reads in the terminal."""

from __future__ import annotations

import re

import msgspec
import pytest

from messango.protocol.frames import RoomInfo
from messango.protocol.text.validation import HOST_NAME
from messango.room.host.host_events import (
    AddressesChanged,
    HistoryRestored,
    JoinAttempted,
    JoinAttemptRefused,
    MemberDisconnected,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessagesNotKept,
    RoomNotice,
    RoomRenamed,
    ServerNotice,
    ServerWarning,
)
from messango.terminal.host.host_lines import banner, event_lines, format_event
from messango.transport.addresses import Address, parse_invite
from messango.transport.identity.fingerprint_words import group_digits, words_of
from tests.terminal.host.guest_invites import guest_invite

FINGERPRINT = "0123456789abcdef" * 4
INFO = RoomInfo(
    protocol=1, id="1f" * 16, name="Tea", version="1", members=0, seats=5, locked=False, history=False
)


def test_the_banner_contains_all_that_others_need() -> None:
    """The room, each address, the seats, the fingerprint and its words, and a valid invite link."""
    addresses = [Address("192.0.2.1", 8001), Address("fe80::1%eth0", 8001)]
    text = banner(INFO, addresses, FINGERPRINT)
    for part in (
        "Tea",
        "5",
        "192.0.2.1:8001",
        "[fe80::1%eth0]:8001",
        group_digits(FINGERPRINT),
        words_of(FINGERPRINT),
    ):
        assert part in text
    link = next(word for word in text.split() if word.startswith("messango://"))
    invite = parse_invite(link)
    assert (invite.address, invite.fingerprint) == (addresses[0], FINGERPRINT)


def test_the_banner_mentions_a_password() -> None:
    """The host has to pass it on too; it is not in the invite link."""
    assert "Password" not in banner(INFO, [], FINGERPRINT)
    assert re.search(
        "^Password +needed", banner(msgspec.structs.replace(INFO, password=True), [], FINGERPRINT), re.M
    )


def test_a_banner_without_an_address_has_no_link() -> None:
    """An invite link needs an address."""
    assert "messango://" not in banner(INFO, [], FINGERPRINT)


@pytest.mark.parametrize(
    ("event", "parts"),
    [
        (JoinAttempted("192.0.2.1:4711", "ann"), ["connect", "192.0.2.1:4711", "ann"]),
        (
            MemberJoined("192.0.2.1:4711", "ann", 2, 5, resumed=False),
            ["join", "192.0.2.1:4711", "ann", "2 of 5"],
        ),
        (MemberJoined("192.0.2.1:4711", "ann", 2, 5, resumed=True), ["ann", "is back"]),
        (
            MemberJoined("192.0.2.1:4711", "gina", 2, 5, resumed=False, web=True),
            ["gina joined from a browser (2 of 5)"],
        ),
        (
            MemberJoined("192.0.2.1:4711", "gina", 2, 5, resumed=True, web=True),
            ["gina is back in a browser"],
        ),
        (
            MemberJoined("192.0.2.1:4711", "ann", 2, 5, resumed=False, encrypted=False),
            ["ann joined, not encrypted (2 of 5)"],
        ),
        (MemberDisconnected("ann"), ["ann", "seat is reserved"]),
        (MemberLeft("ann", "left", 1, 5), ["leave", "ann", "left", "1 of 5"]),
        (MemberLeft("ann", "kicked", 1, 5, "spam"), ["ann: removed by the host: spam (1 of 5)"]),
        (MemberRenamed("bob", "ann"), ["ann is now called bob"]),
        (MemberRenamed("bob", "ann", times=1_200), ["ann is now called bob, after 1,200 changes"]),
        (
            MemberJoined("192.0.2.1:4711", "aпn", 2, 5, resumed=False, host=True, resembles="Ann Lee"),
            ["aпn joined (2 of 5), host, but only looks like “Ann Lee”"],
        ),
        (
            MemberRenamed("H0st", "Ann Lee", HOST_NAME),
            ["“Ann Lee” is now called H0st, but only looks like the host"],
        ),
        (
            MemberJoined("192.0.2.1:4711", "ann joined (5 of 5) bob", 2, 5, resumed=False),
            ["“ann joined (5 of 5) bob” joined (2 of 5)"],
        ),
        (MemberLeft("ann: x", "left", 1, 5), ["“ann: x”: left"]),
        (
            JoinAttemptRefused("192.0.2.1:4711", "ann", "“Tea” is full."),
            ["refuse", "192.0.2.1:4711", "ann: “Tea”"],
        ),
        (JoinAttemptRefused("192.0.2.1:4711", "", "was silent"), ["192.0.2.1:4711  was silent"]),
        (RoomRenamed("Tea 2"), ["“Tea 2”"]),
        (
            RoomRenamed("Tea (b)", linked=True),
            ["another server", "lists show this one as “Tea (b)”"],
        ),
        (ServerWarning("Something."), ["warning", "Something."]),
        (AddressesChanged((), ""), ["address", "not connected to a network"]),
        (AddressesChanged(("10.0.0.5:8000",), "messango://x"), ["address", "now at 10.0.0.5:8000"]),
        (ServerNotice("All is well."), ["notice", "All is well."]),
        (HistoryRestored(), ["history", "and none was lost"]),
        (HistoryRestored(2), ["history", "but 2 messages did not fit into memory and are lost"]),
        (MessagesNotKept(1, "The disk is full."), ["history", "1 message is not in", "The disk is full."]),
    ],
)
def test_each_event_is_one_line(event: RoomNotice, parts: list[str]) -> None:
    """With the address and port of the client."""
    text = format_event(event)
    assert "\n" not in text
    for part in parts:
        assert part in text


def test_control_characters_in_names_are_escaped() -> None:
    """A client cannot control the host's terminal."""
    text = format_event(JoinAttempted("192.0.2.1:4711", "\x1b[2J\nadmin\u202e"))
    assert not set(text) & {"\x1b", "\n", "\u202e"}


def test_a_new_address_comes_with_a_new_invite() -> None:
    """On a line of its own, so that it can be copied."""
    lines = event_lines(
        AddressesChanged(("10.0.0.5:8000", "[fe80::5%eth0]:8000"), "messango://10.0.0.5:8000/"),
        guest_invite(),
    )
    assert [line.split("  ", 1)[1] for line in lines] == [
        "address  this computer's network has changed; the room is now at 10.0.0.5:8000, [fe80::5%eth0]:8000",
        "invite   messango://10.0.0.5:8000/",
    ]
