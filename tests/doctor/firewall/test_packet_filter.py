"""Which chain of a ruleset drops a packet."""

from __future__ import annotations

import json
from typing import Any

import pytest

from messango.doctor.firewall.packet_filter import Obstacle, Ruleset
from messango.doctor.firewall.packet_match import Packet
from tests.doctor.factories import match, ruleset

HEARD = Packet("in", "udp", "192.168.1.8", "224.0.0.251", 5353, 5353, "eth0")
ACCEPT: dict[str, Any] = {"accept": None}
DROP: dict[str, Any] = {"drop": None}
MDNS = match("udp", "dport", 5353)
LIMIT = {"limit": {"rate": 5, "per": "second"}}

CERTAIN = [Obstacle("inet", "filter", "input", certain=True)]
PERHAPS = [Obstacle("inet", "filter", "input", certain=False)]


def obstacles(text: str) -> list[Obstacle]:
    """Return the chains that drop an announcement of another computer."""
    return Ruleset.parse(text).obstacles(HEARD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ruleset(), []),
        (ruleset(policy="drop"), CERTAIN),
        (ruleset([MDNS, DROP]), CERTAIN),
        (ruleset([MDNS, {"reject": None}]), CERTAIN),
        (ruleset([MDNS, ACCEPT], [DROP]), []),
        (ruleset([DROP], [MDNS, ACCEPT]), CERTAIN),
        (ruleset([match("tcp", "dport", 22), ACCEPT], policy="drop"), CERTAIN),
        (ruleset([MDNS, LIMIT, ACCEPT], policy="drop"), PERHAPS),
        (ruleset([MDNS, LIMIT, DROP]), PERHAPS),
        (ruleset([MDNS, DROP], hook="output"), []),
        (ruleset([MDNS, DROP], family="ip6"), []),
        (ruleset([MDNS, {"return": None}], [DROP]), []),
    ],
)
def test_the_first_rule_that_matches_decides(text: str, expected: list[Obstacle]) -> None:
    """Then the chain's policy; what is not sure is said to be so."""
    assert obstacles(text) == expected


def chain(name: str, **base: object) -> dict[str, Any]:
    """Return a chain of the table `inet filter`."""
    return {"chain": {"family": "inet", "table": "filter", "name": name, **base}}


def rule(name: str, *expressions: dict[str, Any]) -> dict[str, Any]:
    """Return a rule of a chain of the table `inet filter`."""
    return {"rule": {"family": "inet", "table": "filter", "chain": name, "expr": list(expressions)}}


BASE = chain("input", type="filter", hook="input", prio=0, policy="drop")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([rule("input", MDNS, {"jump": {"target": "lan"}}), rule("lan", ACCEPT)], []),
        ([rule("input", {"jump": {"target": "lan"}}), rule("lan", {"return": None})], CERTAIN),
        ([rule("input", {"goto": {"target": "lan"}}), rule("input", ACCEPT)], CERTAIN),
        ([rule("input", LIMIT, {"jump": {"target": "lan"}}), rule("lan", ACCEPT)], PERHAPS),
        ([rule("input", {"jump": {"target": "lan"}}), rule("lan", {"jump": {"target": "input"}})], CERTAIN),
    ],
)
def test_jumps_are_followed(rules: list[dict[str, Any]], expected: list[Obstacle]) -> None:
    """Into other chains and back, also in a circle; the base chain is the one to mend."""
    assert obstacles(json.dumps({"nftables": [BASE, chain("lan"), *rules]})) == expected


def test_a_verdict_map_decides() -> None:
    """As in `ct state vmap { established : accept, invalid : drop }`."""
    key = {"payload": {"protocol": "udp", "field": "dport"}}
    vmap = {"vmap": {"key": key, "data": {"set": [[22, ACCEPT], [5353, DROP]]}}}
    assert obstacles(ruleset([vmap], [ACCEPT])) == CERTAIN
    assert obstacles(ruleset([{"vmap": {"key": key, "data": {"set": [[22, DROP]]}}}])) == []


def test_every_base_chain_has_to_let_it_pass() -> None:
    """An accept ends one chain only; the one with the lower priority comes first."""
    late = chain("late", type="filter", hook="input", prio=10, policy="drop")
    early = chain("early", type="filter", hook="input", prio=-10, policy="drop")
    found = obstacles(json.dumps({"nftables": [late, early]}))
    assert [one.chain for one in found] == ["early", "late"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"nftables": [{"rule": {}}]}', '{"nftables": 5}'])
def test_what_is_not_a_ruleset_is_a_value_error(text: str) -> None:
    """Another version of nft may print another form."""
    with pytest.raises(ValueError, match=r"."):
        Ruleset.parse(text)
