"""Whether a packet matches an expression of nftables, in the JSON form of `nft -j` (libnftables-json(5)).

Three answers: yes, no, and None for what can't be told from here, such as a rate limit or a match of an
extension of iptables.
"""

from __future__ import annotations

import fnmatch
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

#: Elements of the named sets: (family, table, name) -> elements as in `nft -j`.
NamedSets = Mapping[tuple[str, str, str], Sequence[Any]]


#: The value of a field that this packet does not have: no comparison is true of it.
_ABSENT: Final = object()
#: The value of a field that can't be told from here.
_UNKNOWN: Final = object()

#: Statements beside the verdict that let every packet through; a limit or a quota does not.
_NEUTRAL: Final = frozenset({"counter", "log", "comment", "mangle", "ct helper", "set", "notrack", "meta"})


@dataclass(frozen=True, slots=True)
class Packet:
    """An IPv4 packet that this computer sends or receives, as its packet filter sees it.

    `interface` is the one that it leaves or arrives by; `is_new` is false for an answer on a connection of
    ours. `port` is the one of ours that a rule for it would name: UDP 5353, or the port of the room.
    """

    direction: Literal["in", "out"]
    transport: Literal["udp", "tcp"]
    source: str
    destination: str
    source_port: int
    destination_port: int
    interface: str
    is_new: bool = True

    @property
    def is_multicast(self) -> bool:
        """Whether it goes to a group, as those of mDNS do."""
        return ipaddress.ip_address(self.destination).is_multicast


def matches(expression: Mapping[str, Any], packet: Packet, sets: Sequence[Any]) -> bool | None:
    """Return whether a packet passes one expression of a rule; `sets` holds elements of the named set."""
    if "match" not in expression:
        return True if _NEUTRAL & expression.keys() else None
    match = expression["match"]
    if (mask := _flags_mask(match["left"])) is not None:
        return _flags_match(match, mask, packet)
    value = field_value(match["left"], packet)
    if value is _UNKNOWN:
        return None
    if value is _ABSENT:
        return False
    right = sets if isinstance(match["right"], str) and match["right"].startswith("@") else match["right"]
    found = compare(value, right, match["op"])
    return None if found is None else found is not (match["op"] == "!=")


def _flags_mask(left: Any) -> Sequence[str] | None:
    """Return which flags of TCP an expression looks at, none for all of them; None if it is about others."""
    mask: Any = ()
    if isinstance(left, Mapping) and "&" in left:
        left, mask = left["&"]
    is_flags = left == {"payload": {"protocol": "tcp", "field": "flags"}}
    return ([mask] if isinstance(mask, str) else list(mask)) if is_flags else None


def _flags_match(match: Mapping[str, Any], mask: Sequence[str], packet: Packet) -> bool | None:
    """Return whether the flags match of the packet that opens a connection: SYN only (RFC 9293, 3.5)."""
    if packet.transport != "tcp":
        return False
    if not packet.is_new:
        return None  # Answers have several combinations.
    flags, right = {"syn"} & set(mask or ["syn"]), match["right"]
    if match["op"] == "in" or isinstance(right, Mapping):
        return compare("syn", right)
    wanted = {right} if isinstance(right, str) else set(right) if isinstance(right, list) else set()
    return (flags == wanted) is not (match["op"] == "!=")


def field_value(left: Any, packet: Packet) -> object:
    """Return the packet's value of a field; a private mark where it has none or it can't be told."""
    if not isinstance(left, Mapping) or len(left) != 1:
        return _UNKNOWN
    (kind, words), *_ = left.items()
    read = _READERS.get(kind)
    return read(words, packet) if read is not None and isinstance(words, Mapping) else _UNKNOWN


def compare(value: object, right: Any, operator: str = "==") -> bool | None:
    """Return whether a value is the one on the right, or one of them; None if that can't be told.

    For `!=` too, which the caller turns round.
    """
    if isinstance(right, Mapping):
        return _compare_special(value, right)
    if isinstance(right, (list, tuple)):
        answers = [compare(value, one) for one in right]
        return True if True in answers else None if None in answers else False
    if operator in ("<", ">", "<=", ">="):
        return _ordered(value, right, operator)
    if isinstance(value, str) and isinstance(right, str):
        return fnmatch.fnmatchcase(value, right) if right.endswith("*") else value == right
    return str(value) == str(right)


def _compare_special(value: object, right: Mapping[str, Any]) -> bool | None:
    if "set" in right:
        return compare(value, right["set"])
    if "elem" in right:
        return compare(value, right["elem"].get("val"))
    if "prefix" in right:
        prefix = right["prefix"]
        return _in_network(value, f"{prefix['addr']}/{prefix['len']}")
    if "range" in right:
        first, last = right["range"]
        low, high = _ordered(value, first, ">="), _ordered(value, last, "<=")
        return None if low is None or high is None else low and high
    return None


def _in_network(value: object, network: str) -> bool | None:
    try:
        return ipaddress.ip_address(str(value)) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return None


def _ordered(value: object, right: Any, operator: str) -> bool | None:
    here, there = _number(value), _number(right)
    if here is None or there is None:
        return None
    return {"<": here < there, ">": here > there, "<=": here <= there, ">=": here >= there}[operator]


def _number(value: Any) -> int | None:
    if isinstance(value, int):
        return value
    try:
        return int(ipaddress.ip_address(value))
    except ValueError:
        return None


def _payload(words: Mapping[str, Any], packet: Packet) -> object:
    protocol, field = words.get("protocol"), words.get("field")
    if protocol == "ip":
        values = {"saddr": packet.source, "daddr": packet.destination, "protocol": packet.transport}
        return values.get(str(field), _UNKNOWN)
    if protocol in ("th", packet.transport):
        ports = {"sport": packet.source_port, "dport": packet.destination_port}
        return ports.get(str(field), _UNKNOWN)
    # nft itself adds that the packet has to be of this protocol. A field by its offset has none.
    return _ABSENT if protocol else _UNKNOWN


def _meta(words: Mapping[str, Any], packet: Packet) -> object:
    key = str(words.get("key"))
    if key in ("iif", "iifname", "oif", "oifname"):
        return packet.interface if (key[0] == "i") is (packet.direction == "in") else _ABSENT
    values = {
        "l4proto": packet.transport,
        "nfproto": "ipv4",
        "protocol": "ip",
        "pkttype": "multicast" if packet.is_multicast else "host",
    }
    return values.get(key, _UNKNOWN)


def _conntrack(words: Mapping[str, Any], packet: Packet) -> object:
    return ("new" if packet.is_new else "established") if words.get("key") == "state" else _UNKNOWN


def _fib(words: Mapping[str, Any], packet: Packet) -> object:
    if words.get("result") != "type" or "daddr" not in words.get("flags", ()):
        return _UNKNOWN
    if packet.is_multicast:
        return "multicast"
    return "local" if packet.direction == "in" else "unicast"


_READERS: Final = {"payload": _payload, "meta": _meta, "ct": _conntrack, "fib": _fib}
