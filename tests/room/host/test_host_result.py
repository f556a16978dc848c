"""Results of host commands as JSON: nothing that a person reads is lost, and no secret is added."""

from __future__ import annotations

import json

import pytest

from messango.room.bans import Ban
from messango.room.host.host_events import BanList, CommandDone, MemberInfo, MemberList
from messango.room.host.host_result import result_fields, result_of
from messango.room.peer import Peer

ANN = MemberInfo(
    "Ann",
    Peer("fe80::1%eth0", 7, encrypted=False),
    1.5,
    away=True,
    host=True,
    resembles="Amn",
    id="a1",
    encrypted=False,
)
GUEST = MemberInfo("Gina", Peer("192.0.2.8", 9, browser=True), 3.0, away=False, id="c3", web=True)
THERE = MemberInfo("Deniz", None, 0.0, away=False, id="d4", server="desk 12", web=True)
UNKNOWN = MemberInfo("Ben", None, 2.0, away=False, id="b2")
BAN = Ban("Ann", ("192.0.2.1", "2001:db8::/64"), until_s=9.5, reason="spam", newcomers_only=True)


@pytest.mark.parametrize(
    "result",
    [
        CommandDone("Done."),
        MemberList((ANN, UNKNOWN, GUEST, THERE)),
        MemberList((), 3),
        BanList((BAN, Ban("Eve"))),
    ],
)
def test_a_result_comes_back(result: CommandDone | MemberList | BanList) -> None:
    """After it was JSON."""
    assert result_of(json.loads(json.dumps(result_fields(result)))) == result


def test_the_fields_of_a_member() -> None:
    """As the help documents them."""
    assert result_fields(MemberList((ANN,)))["members"] == [
        {
            "id": "a1",
            "name": "Ann",
            "address": "fe80::1%eth0",
            "port": 7,
            "joined": 1.5,
            "away": True,
            "host": True,
            "encrypted": False,
            "web": False,
            "resembles": "Amn",
            "server": None,
        }
    ]


def test_what_is_known_of_a_member_at_another_server() -> None:
    """No address and no time; nobody here is away because they have no connection here."""
    (fields,) = result_fields(MemberList((THERE,)))["members"]
    assert (fields["server"], fields["address"], fields["joined"]) == ("desk 12", None, None)
    assert (fields["web"], fields["encrypted"], fields["away"]) == (True, True, False)


def test_the_list_of_an_earlier_server() -> None:
    """It knows no other servers and no guests."""
    (fields,) = result_fields(MemberList((UNKNOWN,)))["members"]
    del fields["server"], fields["web"]
    assert result_of({"members": [fields]}) == MemberList((UNKNOWN,))


def test_a_sessions_hash_is_not_a_field() -> None:
    """Whoever has it knows that two bans mean one session."""
    assert "hash" not in json.dumps(result_fields(BanList((Ban("Ann", session="hash"),))))


def test_the_fields_of_a_ban() -> None:
    """As the help documents them."""
    assert result_fields(BanList((BAN,)))["bans"] == [
        {
            "name": "Ann",
            "networks": ["192.0.2.1", "2001:db8::/64"],
            "until": 9.5,
            "reason": "spam",
            "newcomers_only": True,
        }
    ]


def test_an_earlier_server_has_no_guests() -> None:
    """It does not say who is in a browser."""
    fields = result_fields(MemberList((GUEST,)))
    del fields["members"][0]["web"]
    (member,) = getattr(result_of(fields), "members")  # noqa: B009 (one of several kinds of results)
    assert not member.peer.browser


def test_an_earlier_server_has_no_private_messages() -> None:
    """It does not tell their number."""
    assert result_of({"members": []}) == MemberList((), 0)
