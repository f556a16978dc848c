"""Whether one expression of nftables matches a packet: yes, no, or not to be told."""

from __future__ import annotations

from typing import Any

import pytest

from messango.doctor.firewall.packet_match import Packet, compare, matches
from tests.doctor.factories import match

JOIN = Packet("in", "tcp", "192.168.1.8", "192.168.1.7", 50_000, 8000, "eth0")
HEARD = Packet("in", "udp", "192.168.1.8", "224.0.0.251", 5353, 5353, "eth0")
ANSWER = Packet("in", "tcp", "192.168.1.8", "192.168.1.7", 8000, 50_000, "eth0", is_new=False)


def meta(key: str, right: Any, op: str = "==") -> dict[str, Any]:
    """Return an expression that compares what is known beside the packet."""
    return {"match": {"op": op, "left": {"meta": {"key": key}}, "right": right}}


def flags(right: Any, op: str = "==", mask: Any = None) -> dict[str, Any]:
    """Return an expression that compares the flags of TCP, of which it looks only at `mask`."""
    field = {"payload": {"protocol": "tcp", "field": "flags"}}
    return {"match": {"op": op, "left": {"&": [field, mask]} if mask else field, "right": right}}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (flags("syn", "in"), True),
        (flags("ack", "in"), False),
        (flags(["syn", "ack"], "in"), True),
        (flags("syn"), True),
        (flags("syn", "!="), False),
        (flags({"set": ["syn", "ack"]}), True),
        (flags("syn", mask=["fin", "syn", "rst", "ack"]), True),
        (flags(["syn", "ack"], mask=["syn", "ack"]), False),
        (flags(0, "!=", mask="syn"), True),
        (flags(0, mask=["ack", "rst"]), True),
    ],
)
def test_rules_for_new_connections_by_their_flags(expression: dict[str, Any], *, expected: bool) -> None:
    """As old rules name them; what nft prints for `tcp flags syn`, `tcp flags & (syn|ack) == syn`..."""
    assert matches(expression, JOIN, ()) is expected
    assert matches(expression, HEARD, ()) is False
    assert matches(expression, ANSWER, ()) is None


@pytest.mark.parametrize(
    ("expression", "packet", "expected"),
    [
        (match("tcp", "dport", 8000), JOIN, True),
        (match("tcp", "dport", 22), JOIN, False),
        (match("udp", "dport", 8000), JOIN, False),
        (match("udp", "dport", 8000, "!="), JOIN, False),
        (match("th", "dport", {"range": [8000, 8010]}), JOIN, True),
        (match("tcp", "dport", {"set": [22, {"range": [80, 90]}, 8000]}), JOIN, True),
        (match("tcp", "dport", 1024, ">="), JOIN, True),
        (match("ip", "saddr", {"prefix": {"addr": "192.168.1.0", "len": 24}}), JOIN, True),
        (match("ip", "saddr", "10.0.0.1", "!="), JOIN, True),
        (match("ip", "daddr", {"range": ["224.0.0.0", "224.0.0.255"]}), HEARD, True),
        (match("ip6", "saddr", "fe80::1"), JOIN, False),
        (match("ip", "ttl", 255), JOIN, None),
        (meta("iifname", "eth*"), JOIN, True),
        (meta("iifname", "lo"), JOIN, False),
        (meta("oifname", "eth0"), JOIN, False),
        (meta("pkttype", "multicast"), HEARD, True),
        (meta("mark", 1), JOIN, None),
        ({"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established"]}}, JOIN, False),
        ({"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established"]}}, ANSWER, True),
        (
            {
                "match": {
                    "op": "==",
                    "left": {"fib": {"result": "type", "flags": ["daddr"]}},
                    "right": "multicast",
                }
            },
            HEARD,
            True,
        ),
        ({"counter": {"packets": 0, "bytes": 0}}, JOIN, True),
        ({"limit": {"rate": 5, "per": "second"}}, JOIN, None),
        ({"xt": {"type": "match", "name": "multiport"}}, JOIN, None),
    ],
)
def test_an_expression(expression: dict[str, Any], packet: Packet, *, expected: bool | None) -> None:
    """A field that the packet lacks matches nothing; what depends on more than the packet is None."""
    assert matches(expression, packet, ()) is expected


def test_a_named_set_is_looked_up() -> None:
    """Its elements come from elsewhere in the ruleset."""
    elements = [{"prefix": {"addr": "192.168.0.0", "len": 16}}, "10.0.0.1"]
    assert matches(match("ip", "saddr", "@lan"), JOIN, elements) is True
    assert matches(match("ip", "saddr", "@lan"), JOIN, ["10.0.0.1"]) is False


def test_what_can_not_be_compared_is_none() -> None:
    """Neither an order of words nor an unknown form of a set is guessed."""
    assert compare("eth0", "eth1", "<") is None
    assert compare(8000, {"concat": []}) is None
    assert compare("not an address", {"prefix": {"addr": "10.0.0.0", "len": 8}}) is None
