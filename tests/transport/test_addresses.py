"""Addresses and invite links, as people type and paste them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import BadAddress
from messango.transport.addresses import (
    DEFAULT_PORT,
    Address,
    Invite,
    is_ip,
    may_be_room_name,
    parse_address,
    parse_address_or_invite,
    parse_fingerprint,
    parse_invite,
    require_scope,
)

FINGERPRINT = "0123456789abcdef" * 4
ports = st.integers(1, 65535)
scopes = st.text("abcdefghijklmnopqrstuvwxyz0123456789.-_", min_size=1, max_size=15)
hosts = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).filter(lambda address: not address.is_link_local).map(str),
    st.builds(lambda scope: f"fe80::1%{scope}", scopes),
    st.sampled_from(["ann-laptop.local", "ann-laptop", "localhost", "a.b.example", "under_score"]),
)
addresses = st.builds(Address, hosts, ports)


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("192.168.1.20", "192.168.1.20", DEFAULT_PORT),
        ("192.168.1.20:9000", "192.168.1.20", 9000),
        (" ann-laptop.local \n", "ann-laptop.local", DEFAULT_PORT),
        ("ann-laptop:65535", "ann-laptop", 65535),
        ("fe80::1%eth0", "fe80::1%eth0", DEFAULT_PORT),
        ("[fe80::1%eth0]:8001", "fe80::1%eth0", 8001),
        ("[::1]", "::1", DEFAULT_PORT),
        ("::1", "::1", DEFAULT_PORT),
    ],
)
def test_an_address_is_parsed(typed: str, host: str, port: int) -> None:
    """With or without a port, by name or by number, with space around it."""
    assert parse_address(typed) == Address(host, port)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "two words",
        "host:",
        "host:0",
        "host:65536",
        "host:http",
        "host:-1",
        "host:+80",
        "host:８０",
        "host:" + "9" * 5000,
        "host:80:81",
        ":8000",
        "[::1",
        "[::1]8000",
        "[::1]:",
        "[127.0.0.1]:8000",
        "[host]:8000",
        "-host",
        "a..b",
        "host/path",
        "http://host",
        "x" * 254,
        "x" * 64 + "." + "y" * 64,
    ],
)
def test_an_invalid_address_raises(typed: str) -> None:
    """The hint shows what an address looks like."""
    with pytest.raises(BadAddress) as caught:
        parse_address(typed)
    assert caught.value.hint


@pytest.mark.parametrize("typed", ["fe80::1", "[fe80::1]", "[FE80::1]:8000", "messango://[fe80::1]:8000/"])
def test_a_link_local_address_needs_no_interface(typed: str) -> None:
    """Which one leads to it is tried: see `link_local`."""
    invite = parse_address_or_invite(typed)
    assert invite is not None
    assert (invite.address.host.lower(), invite.address.port) == ("fe80::1", 8000)


def test_an_own_link_local_address_needs_its_interface() -> None:
    """A server can't listen on all of them; the sentence shows how to say which one."""
    with pytest.raises(BadAddress, match=r"such as fe80::1%eth0"):
        require_scope("fe80::1")
    for host in ("fe80::1%eth0", "169.254.1.1", "2001:db8::1", "ann.local"):
        require_scope(host)


@pytest.mark.parametrize(
    ("typed", "may_be"),
    [
        ("Room:5", True),
        (" Room:99999 ", True),
        ("ann-laptop:9000", True),
        ("localhost:8000", False),
        ("ann.local:8000", False),
        ("10.0.0.1:8000", False),
        ("[::1]:8000", False),
        ("::1", False),
        ("Room: 5", False),
        ("messango://room:5/", False),
    ],
)
def test_a_word_and_a_number_may_be_a_rooms_name(typed: str, *, may_be: bool) -> None:
    """It may be an address too, so who has it asks for both."""
    assert may_be_room_name(typed) is may_be


@given(addresses)
def test_a_printed_address_can_be_typed(address: Address) -> None:
    """Messango accepts every address that it prints."""
    assert parse_address(str(address)) == address


@given(addresses, st.none() | st.just(FINGERPRINT))
def test_a_printed_invite_can_be_pasted(address: Address, fingerprint: str | None) -> None:
    """An invite link has the address and the fingerprint from which it was made."""
    invite = Invite(address, fingerprint)
    assert parse_invite(str(invite)) == invite
    assert parse_address_or_invite(f" {invite}\n") == invite


def test_a_scope_in_an_invite_is_escaped() -> None:
    """In a link `%` is written `%25` (RFC 6874), as other programs expect."""
    invite = Invite(Address("fe80::1%eth0", 8000), FINGERPRINT)
    assert str(invite) == f"messango://[fe80::1%25eth0]:8000/?fingerprint={FINGERPRINT}"
    assert parse_invite("messango://[fe80::1%25eth0]:8000/").address == invite.address
    assert parse_invite("messango://[fe80::1%2525]:8000/").address.host == "fe80::1%25"


def test_a_scope_typed_by_hand_is_accepted() -> None:
    """People who write a link by hand do not know RFC 6874."""
    assert parse_invite("messango://[fe80::1%eth0]:8000").address == Address("fe80::1%eth0", 8000)
    assert parse_invite("messango://[fe80::1%eb0]").address.host == "fe80::1%eb0"


@pytest.mark.parametrize("scope", ["", "e\nth0", "\x1b[2J", "eth0\u202e", "a b", "x" * 65])
def test_a_scope_must_be_the_name_of_an_interface(scope: str) -> None:
    """Any other text in its place would be printed to a terminal."""
    with pytest.raises(BadAddress):
        parse_address(f"[fe80::1%{scope}]:8000")
    assert not is_ip(f"fe80::1%{scope}")


@pytest.mark.parametrize(
    ("link", "invite"),
    [
        ("messango://10.0.0.1:8000/", Invite(Address("10.0.0.1", 8000))),
        ("messango://10.0.0.1", Invite(Address("10.0.0.1"))),
        ("MESSANGO://ann.local:9000/", Invite(Address("ann.local", 9000))),
        (f"messango://h/?fingerprint={FINGERPRINT.upper()}&later=1", Invite(Address("h"), FINGERPRINT)),
    ],
)
def test_an_invite_is_parsed(link: str, invite: Invite) -> None:
    """With or without a fingerprint, and with parameters of a later version."""
    assert parse_invite(link) == invite


@pytest.mark.parametrize(
    "link",
    [
        "",
        "http://10.0.0.1:8000/",
        "messango:",
        "messango:///",
        "messango://[::1/",
        "messango://ann@host/",
        "messango://host:port/",
        "messango://host%00/",
        "messango://[fe80::1%25]:8000/",
        "messango://host/?fingerprint=",
        "messango://host/?fingerprint=abc",
        f"messango://host/?fingerprint={FINGERPRINT}0",
        "messango://ho\u2100st/",
    ],
)
def test_an_invalid_invite_raises(link: str) -> None:
    """A link that lost a part raises, instead of leading to an unchecked room."""
    with pytest.raises(BadAddress) as caught:
        parse_invite(link)
    assert caught.value.hint


@pytest.mark.parametrize("parse", [parse_address, parse_invite, parse_fingerprint, parse_address_or_invite])
@pytest.mark.parametrize("before", ["", "messango://", "messango://host/?fingerprint="])
@given(text=st.text(max_size=60) | st.text("messango:/[]%?=.0123456789abcdef", max_size=60))
def test_any_text_is_parsed_or_raises_bad_address(
    parse: Callable[[str], object], before: str, text: str
) -> None:
    """No pasted text raises anything else, whether parsed as an address, a link or a fingerprint."""
    with contextlib.suppress(BadAddress):
        parse(before + text)


@pytest.mark.parametrize(
    "typed", [FINGERPRINT, FINGERPRINT.upper(), ":".join(FINGERPRINT), f" {FINGERPRINT}\n"]
)
def test_a_fingerprint_is_parsed_in_any_form(typed: str) -> None:
    """With colons, spaces and capitals, as browsers and other tools show it."""
    assert parse_fingerprint(typed) == FINGERPRINT


@pytest.mark.parametrize("typed", ["", FINGERPRINT[:-1], FINGERPRINT + "0", "g" + FINGERPRINT[1:]])
def test_a_damaged_fingerprint_raises(typed: str) -> None:
    """Half a fingerprint checks nothing."""
    with pytest.raises(BadAddress):
        parse_fingerprint(typed)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("10.0.0.1", Address("10.0.0.1")),
        ("::1", Address("::1")),
        ("[::1]:9000", Address("::1", 9000)),
        ("ann-laptop:9000", Address("ann-laptop", 9000)),
        ("messango://ann-laptop/", Address("ann-laptop")),
    ],
)
def test_text_that_can_only_be_an_address_is_one(typed: str, address: Address) -> None:
    """Messango does not search for a room with a number, a port or a link."""
    assert parse_address_or_invite(typed) == Invite(address)


@pytest.mark.parametrize(
    "typed", ["Office", "ann-laptop", "ann-laptop.local", "Room 5", "Lunch: 12", "a:b", ""]
)
def test_text_that_may_be_a_room_is_not_an_address(typed: str) -> None:
    """Text that does not look like an address may be a room's name."""
    assert parse_address_or_invite(typed) is None


@pytest.mark.parametrize("typed", ["[::1", "10.0.0.1:99999", "messango:host", "messango://"])
def test_an_invalid_address_is_not_treated_as_a_room(typed: str) -> None:
    """Text that looks like an address or a link and is invalid raises."""
    with pytest.raises(BadAddress):
        parse_address_or_invite(typed)


@pytest.mark.parametrize(
    ("host", "literal"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("localhost", False),
        ("1.2.3", False),
        ("", False),
    ],
)
def test_a_literal_address_is_not_a_name(host: str, literal: bool) -> None:  # noqa: FBT001 (a table's column)
    """Only a name needs a lookup."""
    assert is_ip(host) is literal


LINK = f"messango://192.0.2.1:8001/?fingerprint={FINGERPRINT}"


@pytest.mark.parametrize(
    "pasted",
    [
        f"  {LINK}\n",
        f"<{LINK}>",
        f"({LINK}).",
        f"[{LINK}]",
        f"“{LINK}”!",
        f"`{LINK}`,",
        f"{LINK}.",
        f"\ufeff{LINK}\u200b",
        f"{LINK[:60]}\r\n  {LINK[60:]}",
        LINK.replace("fingerprint", "FINGERPRINT").upper(),
        LINK.replace("/?", "?"),
        LINK.replace(FINGERPRINT, "".join(f"%{ord(digit):02X}" for digit in FINGERPRINT)),
        "messango%3A%2F%2F192.0.2.1%3A8001%2F%3Ffingerprint%3D" + FINGERPRINT,
        f"{LINK}#top",
    ],
)
def test_an_invite_is_parsed_as_it_was_pasted(pasted: str) -> None:
    """From a sentence, a mail that broke the line, or another link."""
    assert parse_invite(pasted) == Invite(Address("192.0.2.1", 8001), FINGERPRINT)
    assert parse_address_or_invite(pasted) == parse_invite(pasted)


@pytest.mark.parametrize(
    "place", ["%5B2001:db8::1%5D:8001", "[2001:db8::1]:8001", "%5b2001%3adb8::1%5d%3A8001"]
)
def test_the_address_of_an_invite_may_be_escaped(place: str) -> None:
    """As browsers and messengers do."""
    assert parse_invite(f"messango://{place}/").address == Address("2001:db8::1", 8001)


@pytest.mark.parametrize(
    "cut",
    [
        "messango://192.0.2.1:8001/?",
        "messango://192.0.2.1:8001/",
    ],
)
def test_an_invite_without_a_fingerprint_is_an_address(cut: str) -> None:
    """The host left the rest out on purpose."""
    assert parse_invite(cut) == Invite(Address("192.0.2.1", 8001))


@pytest.mark.parametrize(
    "link",
    [
        LINK[:-1],
        LINK[: LINK.index("=") + 1],
        LINK[: LINK.index("=")],
        LINK[: LINK.index("=") - 5],
        LINK.replace("?", "#"),
        LINK.replace("?", "%3F"),
        LINK.replace("fingerprint=", "print="),
        f"{LINK}&fingerprint={'0' * 64}",
        LINK.replace("messango://", "messango://ann@"),
    ],
)
def test_an_incomplete_invite_raises(link: str) -> None:
    """It had a fingerprint, so it must not lead to an unchecked room."""
    with pytest.raises(BadAddress) as caught:
        parse_invite(link)
    assert caught.value.hint


def test_a_long_text_is_quoted_in_part() -> None:
    """The beginning shows what was pasted by mistake."""
    with pytest.raises(BadAddress) as caught:
        parse_invite("messango:" + "x" * 100_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("LocalHost.", True),
        ("ann.localhost", True),
        ("192.0.2.1", False),
        ("fe80::1%lo", False),
        ("localhost.example", False),
    ],
)
def test_is_loopback(host: str, loopback: bool) -> None:  # noqa: FBT001
    """Such an address is useless in an invite link."""
    assert Address(host).is_loopback is loopback
