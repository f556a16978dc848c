"""A room's names and its TXT record in mDNS (RFC 6763).

Anybody on the network can forge a record, so parsing one never fails and nothing in it is trusted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from messango.protocol.features import clean_features
from messango.protocol.frames import RoomInfo
from messango.protocol.limits import MAX_NAME_CHARACTERS, PROTOCOL_VERSION
from messango.protocol.room_id import is_room_id
from messango.protocol.text.escaping import UNSAFE
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import is_fingerprint

SERVICE_TYPE: Final = "_messango._tcp.local."

#: A label's length is six bits on the wire (RFC 1035, section 4.1.4).
MAX_LABEL_BYTES: Final = 63

#: Every value except the two below is cut to this, so that the whole record stays under 400 bytes.
_MAX_VALUE_BYTES: Final = 40
#: SHA-256 in hexadecimal digits.
_MAX_FINGERPRINT_BYTES: Final = 64
#: Twice the length of all features that there are.
_MAX_FEATURES_BYTES: Final = 100
#: No room is larger, and no column of numbers in the list is wider.
MAX_COUNT: Final = 9_999

#: zeroconf would split a label at a dot. This character looks the same, and NFKC turns it into a plain dot,
#: so `normalized_name` does too.
_DOT_LEADER: Final = "\u2024"


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """The content of a TXT record; `host` is the machine's name, `protocol` is 0 if it is missing.

    `password` is None and there are no `features` from earlier versions, as in `RoomInfo`.
    """

    protocol: int = 0
    id: str = ""
    members: int = 0
    seats: int = 0
    locked: bool = False
    fingerprint: str = ""
    version: str = ""
    host: str = ""
    password: bool | None = None
    features: tuple[str, ...] = ()


def record_of(room_info: RoomInfo, fingerprint: str, host: str) -> RoomRecord:
    """Return the record to announce for a room."""
    return RoomRecord(
        PROTOCOL_VERSION,
        room_info.id,
        room_info.members,
        room_info.seats,
        room_info.locked,
        fingerprint,
        room_info.version,
        host,
        room_info.password,
        room_info.features,
    )


def to_txt(record: RoomRecord) -> dict[str, str]:
    """Return the record as TXT pairs, under 400 bytes on the wire."""
    return {
        "v": str(record.protocol),
        "id": truncate_utf8(record.id, _MAX_VALUE_BYTES),
        "n": str(record.members),
        "max": str(record.seats),
        "locked": "1" if record.locked else "0",
        "pw": "1" if record.password else "0",
        "fp": truncate_utf8(record.fingerprint, _MAX_FINGERPRINT_BYTES),
        "version": truncate_utf8(record.version, _MAX_VALUE_BYTES),
        "host": truncate_utf8(record.host, _MAX_VALUE_BYTES),
        "features": _joined(record.features),
    }


def from_txt(pairs: Mapping[bytes, bytes | None]) -> RoomRecord:
    """Parse TXT pairs; missing or invalid values get their defaults."""
    return RoomRecord(
        _number(pairs.get(b"v")),
        _if_valid(is_room_id, _text(pairs.get(b"id"))),
        _number(pairs.get(b"n")),
        _number(pairs.get(b"max")),
        pairs.get(b"locked") == b"1",
        _if_valid(is_fingerprint, _text(pairs.get(b"fp"), _MAX_FINGERPRINT_BYTES)),
        _text(pairs.get(b"version")),
        _text(pairs.get(b"host")),
        {b"0": False, b"1": True}.get(pairs.get(b"pw") or b""),
        clean_features(_text(pairs.get(b"features"), _MAX_FEATURES_BYTES).split(",")),
    )


def instance_label(name: str) -> str:
    """Return a room's name as an instance label: at most 63 bytes, no dot."""
    return truncate_utf8(name.replace(".", _DOT_LEADER), MAX_LABEL_BYTES)


def display_name(label: str) -> str:
    """Return a label as people read it: with plain dots and without unsafe characters."""
    return strip_unsafe(label).replace(_DOT_LEADER, ".")


def unique_label(name: str, taken: Collection[str], computer: str = "") -> str:
    """Return the label for `name`, with ` 2`, ` 3`... if a label that is equal but for case is taken.

    The servers of a linked room have one name: what tells them apart is the `computer`, if that fits.
    """
    label = instance_label(name)
    keys = {normalized_name(other) for other in taken}
    if computer and normalized_name(label) in keys:
        at_computer = f"{name} ({computer})"
        fits = len(at_computer) <= MAX_NAME_CHARACTERS and len(at_computer.encode()) <= MAX_LABEL_BYTES
        label = instance_label(at_computer) if fits else label
    number = 1
    unique = label
    while normalized_name(unique) in keys:
        number += 1
        suffix = f" {number}"
        unique = truncate_utf8(label, MAX_LABEL_BYTES - len(suffix)) + suffix
    return unique


def service_name(label: str) -> str:
    """Return the full name of the instance with this label."""
    return f"{label}.{SERVICE_TYPE}"


def is_room_service(full_name: str) -> bool:
    """Return whether this is the full name of a room's service instance."""
    return full_name.lower().endswith(f".{SERVICE_TYPE}")


def label_of(full_name: str) -> str:
    """Return the label of an instance's full name."""
    return full_name[: -len(SERVICE_TYPE) - 1]


def unique_server_name(room_id: str) -> str:
    """Return a host name for the address records of one server.

    Not even a copy of the room on another computer has the same, so their addresses never mix.
    """
    return f"messango-{room_id}-{secrets.token_hex(6)}.local."


def truncate_utf8(text: str, limit_bytes: int) -> str:
    """Return the start of `text`, at most `limit_bytes` of UTF-8, without splitting a character."""
    kept = text.encode(errors="replace")[:limit_bytes].decode(errors="ignore")
    return kept if kept == text else kept.rstrip()


def strip_unsafe(text: str) -> str:
    """Return a stranger's text without characters that move the cursor, break lines or reverse text."""
    return UNSAFE.sub("", text)


def _text(value: bytes | None, limit_bytes: int = _MAX_VALUE_BYTES) -> str:
    return truncate_utf8(strip_unsafe((value or b"")[:255].decode(errors="ignore")), limit_bytes).strip()


def _joined(features: Collection[str]) -> str:
    """Return as many names as fit, none of them cut."""
    joined = ",".join(clean_features(features))
    if len(joined) > _MAX_FEATURES_BYTES:
        joined = joined[: _MAX_FEATURES_BYTES + 1].rpartition(",")[0]
    return joined


def _if_valid(check: Callable[[str], bool], text: str) -> str:
    return text if check(text) else ""


def _number(value: bytes | None) -> int:
    return min(int(value), MAX_COUNT) if value and len(value) <= 9 and value.isdigit() else 0
