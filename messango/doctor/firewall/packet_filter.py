"""Reads a ruleset of nftables, which includes what iptables, ufw and firewalld make, and follows packets
through it: which chain drops them. Pure: `nft -j list ruleset` in, obstacles out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from messango.doctor.firewall.packet_match import NamedSets, Packet, compare, field_value, matches

#: The hooks that a packet passes on the way in and out, in this order.
_HOOKS: Final = {"in": ("ingress", "prerouting", "input"), "out": ("output", "postrouting", "egress")}
_FAMILIES: Final = ("ip", "inet", "netdev")
_DROPS: Final = ("drop", "reject")
#: nft allows 16 (the kernel's NFT_JUMP_STACK_SIZE).
_MAX_JUMPS: Final = 16


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A chain that drops a packet; unless `certain`, a rule that can't be told from here decides."""

    family: str
    table: str
    chain: str
    certain: bool


@dataclass(slots=True)
class _Chain:
    """A chain with its rules; `hook` is empty for one that is only jumped to."""

    family: str
    table: str
    name: str
    hook: str
    priority: int
    policy: str
    rules: list[Sequence[Mapping[str, Any]]] = field(default_factory=list)


class Ruleset:
    """The chains of a packet filter."""

    def __init__(self, chains: Mapping[tuple[str, str, str], _Chain], sets: NamedSets) -> None:
        self._chains, self._sets = chains, sets

    @classmethod
    def parse(cls, text: str) -> Ruleset:
        """Parse the output of `nft -j list ruleset`; raises `ValueError`."""
        try:
            return _parse(json.loads(text)["nftables"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a ruleset: {error!r}") from error

    def obstacles(self, packet: Packet) -> list[Obstacle]:
        """Return the chains that drop this packet, each of which has to let it pass."""
        hooks = _HOOKS[packet.direction]
        bases = [
            chain for chain in self._chains.values() if chain.hook in hooks and chain.family in _FAMILIES
        ]
        bases.sort(key=lambda chain: (hooks.index(chain.hook), chain.priority))
        walks = [(chain, _Walk(self._chains, self._sets, packet)) for chain in bases]
        return [
            Obstacle(chain.family, chain.table, chain.name, certain)
            for chain, walk in walks
            if (certain := walk.drops(chain)) is not None
        ]


class _Walk:
    """One packet's way through one base chain and the chains that it jumps to."""

    def __init__(
        self, chains: Mapping[tuple[str, str, str], _Chain], sets: NamedSets, packet: Packet
    ) -> None:
        self._chains, self._sets, self._packet = chains, sets, packet
        self._may_pass = self._may_drop = False

    def drops(self, base: _Chain) -> bool | None:
        """Return True if the packet is dropped, False if it may be, None if it passes."""
        verdict = self._run(base, sure=True, depth=0) or base.policy
        if verdict in _DROPS:
            return not self._may_pass
        return False if self._may_drop else None

    def _run(self, chain: _Chain, *, sure: bool, depth: int) -> str:
        """Return the verdict for sure, or ""; what is not sure is noted."""
        for rule in chain.rules:
            matched, verdict, target = self._evaluate(rule, chain)
            if matched is False or not verdict:
                continue
            certain = sure and matched is True
            if verdict in ("jump", "goto"):
                to = self._chains.get((chain.family, chain.table, target))
                if to is not None and depth < _MAX_JUMPS:
                    verdict = self._run(to, sure=certain, depth=depth + 1) or (
                        "return" if verdict == "goto" else ""
                    )
            elif not certain:
                self._may_pass |= verdict == "accept"
                self._may_drop |= verdict in _DROPS
            if certain and verdict == "return":
                return ""
            if certain and verdict in ("accept", *_DROPS):
                return verdict
        return ""

    def _evaluate(self, rule: Sequence[Mapping[str, Any]], chain: _Chain) -> tuple[bool | None, str, str]:
        """Return whether the rule matches, its verdict or "", and the chain that it jumps to."""
        matched: bool | None = True
        for expression in rule:
            if (verdict := _verdict(expression)) is not None:
                return matched, *verdict
            if "vmap" in expression:
                answer, verdict = self._look_up(expression["vmap"], chain)
                if verdict is not None:
                    return (matched if answer else None), *verdict
                continue
            answer = matches(expression, self._packet, self._elements(expression, chain))
            if answer is False:
                return False, "", ""
            matched = matched if answer else None
        return matched, "", ""

    def _look_up(self, vmap: Mapping[str, Any], chain: _Chain) -> tuple[bool | None, tuple[str, str] | None]:
        """Return the verdict that a map has for this packet, and whether it is sure."""
        value = field_value(vmap["key"], self._packet)
        data = vmap["data"]
        if isinstance(data, str):
            pairs = self._sets.get((chain.family, chain.table, data.lstrip("@")), ())
        else:
            pairs = data.get("set", ())
        for key, verdict in pairs:
            if isinstance(value, (str, int)) and compare(value, key):
                return True, _verdict(verdict)
        return False, None

    def _elements(self, expression: Mapping[str, Any], chain: _Chain) -> Sequence[Any]:
        right = expression["match"]["right"] if "match" in expression else ""
        name = right[1:] if isinstance(right, str) and right.startswith("@") else ""
        return self._sets.get((chain.family, chain.table, name), ())


def _verdict(expression: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return a verdict and the chain it leads to; None if the expression is none."""
    for word in ("accept", "drop", "reject", "return"):
        if word in expression:
            return word, ""
    for word in ("jump", "goto"):
        if word in expression:
            return word, str(expression[word]["target"])
    return None


def _parse(objects: Sequence[Mapping[str, Any]]) -> Ruleset:
    chains: dict[tuple[str, str, str], _Chain] = {}
    sets: dict[tuple[str, str, str], Sequence[Any]] = {}
    for one in objects:
        for kind, words in one.items():
            if kind == "chain":
                key = (words["family"], words["table"], words["name"])
                chains[key] = _Chain(
                    *key, words.get("hook", ""), int(words.get("prio", 0)), words.get("policy", "accept")
                )
            elif kind in ("set", "map"):
                sets[words["family"], words["table"], words["name"]] = words.get("elem", ())
    for one in objects:
        if "rule" in one:
            rule = one["rule"]
            chains[rule["family"], rule["table"], rule["chain"]].rules.append(rule.get("expr", ()))
    return Ruleset(chains, sets)
