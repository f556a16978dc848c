"""A room's names and TXT record."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zeroconf import ServiceInfo

from messango.discovery.model.txt_record import (
    MAX_COUNT,
    MAX_LABEL_BYTES,
    SERVICE_TYPE,
    RoomRecord,
    display_name,
    from_txt,
    instance_label,
    label_of,
    record_of,
    service_name,
    strip_unsafe,
    to_txt,
    truncate_utf8,
    unique_label,
    unique_server_name,
)
from messango.protocol.features import FEATURES, clean_features
from messango.protocol.text.validation import normalized_name
from tests.discovery.factories import FINGERPRINT, some_room_info

names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=32)


def on_the_wire(record: RoomRecord) -> ServiceInfo:
    return ServiceInfo(SERVICE_TYPE, service_name("x"), properties=to_txt(record))


def test_a_record_survives_the_wire() -> None:
    """Others read the same record, with the keys that DESIGN names."""
    info = msgspec.structs.replace(some_room_info(members=3), password=True, features=FEATURES)
    record = record_of(info, FINGERPRINT, "ann-laptop")
    read = ServiceInfo(SERVICE_TYPE, service_name("x"), properties=on_the_wire(record).text)
    assert from_txt(read.properties) == record
    assert set(to_txt(record)) == {"v", "id", "n", "max", "locked", "pw", "fp", "version", "host", "features"}


@pytest.mark.parametrize(
    ("value", "password"), [(b"1", True), (b"0", False), (None, None), (b"", None), (b"yes", None)]
)
def test_a_password_is_only_told_by_new_records(*, value: bytes | None, password: bool | None) -> None:
    """A record of an earlier version has only `locked`, for a password too."""
    record = from_txt({b"locked": b"1"} | ({} if value is None else {b"pw": value}))
    assert (record.locked, record.password) == (True, password)


@given(st.text(), st.text(), st.text(), st.text(), st.lists(st.text() | st.from_regex("[a-z-]{1,40}")))
def test_a_record_stays_under_400_bytes(
    room_id: str, fingerprint: str, version: str, host: str, features: list[str]
) -> None:
    """Larger records silently never arrive, so no text can make one larger."""
    record = RoomRecord(
        1,
        room_id,
        10**9,
        10**9,
        locked=True,
        fingerprint=fingerprint,
        version=version,
        host=host,
        password=True,
        features=(*features, *FEATURES, "a" * 32, "b" * 32, "c" * 32),
    )
    assert len(on_the_wire(record).text) < 400


def test_features_are_never_cut_within_a_name() -> None:
    """Later versions may have more of them than fit."""
    many = tuple(f"{letter * 20}-{number}" for number, letter in enumerate("abcdefgh"))
    assert from_txt(on_the_wire(RoomRecord(features=many)).properties).features == many[:4]


def test_what_is_not_a_feature_is_left_out() -> None:
    """Anybody can announce anything."""
    value = b"search,,Edits,se arch,search,x\xe2\x80\xaey,web"
    assert from_txt({b"features": value}).features == ("search", "xy", "web")
    assert from_txt({}).features == ()


@given(
    st.dictionaries(
        st.binary(max_size=8) | st.sampled_from([b"v", b"n", b"max", b"id", b"host", b"features"]),
        st.none() | st.binary(max_size=255),
    )
)
def test_any_txt_is_parsed(pairs: dict[bytes, bytes | None]) -> None:
    """A hostile record raises nothing, and the result is never large or harmful."""
    record = from_txt(pairs)
    for value in dataclasses.astuple(record):
        if isinstance(value, str):
            assert len(value.encode()) <= 64
            assert strip_unsafe(value) == value
        elif isinstance(value, tuple):
            assert clean_features(value) == value
        else:
            assert value is None or 0 <= value <= MAX_COUNT


@given(st.binary(max_size=600))
def test_any_bytes_are_parsed_as_txt(data: bytes) -> None:
    """Even bytes that are not a TXT record."""
    from_txt(ServiceInfo(SERVICE_TYPE, service_name("x"), properties=data).properties)


@pytest.mark.parametrize("value", [b"-1", b"1e9", b"\xd9\xa3", b"", None, b"9" * 4000, b" 1"])
def test_an_invalid_count_is_zero(value: bytes | None) -> None:
    """Only plain digits count."""
    assert from_txt({b"n": value}).members == 0


def test_a_label_is_cut_between_characters() -> None:
    """Fifteen mangos fit into 63 bytes; the sixteenth is left out completely."""
    assert instance_label("🥭" * 16) == "🥭" * 15


@given(names)
def test_a_label_fits_and_reads_like_the_name(name: str) -> None:
    """A label has at most 63 bytes and no dot, and its start counts as the same name."""
    label = instance_label(name)
    assert len(label.encode()) <= MAX_LABEL_BYTES
    assert "." not in label
    if len(name.encode()) <= 40 and "." not in name:
        assert label == name


def test_a_dot_is_replaced_by_one_that_looks_the_same() -> None:
    """zeroconf would split the label at it; the result counts as the same name and is shown with a dot."""
    label = instance_label("v1.2")
    assert label != "v1.2"
    assert normalized_name(label) == normalized_name("v1.2")
    assert display_name(label) == "v1.2"
    assert label_of(service_name(label)) == label


def test_a_taken_name_gets_a_number_in_any_case() -> None:
    """DNS ignores case, and so do people."""
    assert unique_label("Office", []) == "Office"
    assert unique_label("Office", ["OFFICE"]) == "Office 2"
    assert unique_label("Office", ["office", "Office 2", "OFFICE 3"]) == "Office 4"


def test_servers_of_one_room_are_told_apart_by_their_computers() -> None:
    """Where the computer's name has no place, or is the same, a number does it."""
    assert unique_label("Hall", [], "h2") == "Hall"
    assert unique_label("Hall", ["HALL"], "h2") == "Hall (h2)"
    assert unique_label("Hall", ["Hall", "hall (H2)"], "h2") == "Hall (h2) 2"
    assert unique_label("Hall", ["Hall"], "a" * 30) == "Hall 2"
    assert unique_label("🥭" * 14, ["🥭" * 14], "\N{MANGO}" * 4) == "🥭" * 14 + " 2"


def test_a_numbered_label_is_cut_before_its_number() -> None:
    """The number is what makes the two different."""
    name = "🥭" * 16
    label = unique_label(name, [instance_label(name)])
    assert label.endswith("🥭 2")
    assert len(label.encode()) <= MAX_LABEL_BYTES


@given(names, st.integers(1, 12))
def test_a_numbered_label_is_unique(name: str, others: int) -> None:
    """However many others have the name already."""
    taken: list[str] = []
    for _ in range(others):
        label = unique_label(name, taken)
        assert normalized_name(label) not in map(normalized_name, taken)
        assert len(label.encode()) <= MAX_LABEL_BYTES
        taken.append(label)


def test_each_server_has_a_host_name_of_its_own() -> None:
    """A valid DNS name; a copy of the room has another, so that addresses never mix."""
    label = unique_server_name("1f" * 16).removesuffix(".local.")
    assert len(label) <= MAX_LABEL_BYTES
    assert label.replace("-", "").isalnum()
    assert unique_server_name("1f" * 16) != unique_server_name("1f" * 16)


@pytest.mark.parametrize(
    "text", [b"", b"1f", b"1F" * 16, b"1f" * 15 + b"\n\n", b"1f" * 16 + b"\n", b"1f" * 32]
)
def test_what_is_not_an_id_is_none(text: bytes) -> None:
    """And a fingerprint that is not one is none either."""
    assert from_txt({b"id": text.replace(b"\n", b" x")}).id == ""
    assert from_txt({b"fp": text[:40]}).fingerprint == ""


@given(st.text(st.characters()), st.integers(0, 80))
def test_cutting_splits_no_character(text: str, limit: int) -> None:
    """Surrogates, which no encoding accepts, do no harm."""
    assert len(truncate_utf8(text, limit).encode()) <= limit


def test_emoji_stay_whole() -> None:
    """Families, flags and skin tones use harmless joiners; only marks that reverse text are removed."""
    whole = "👩‍👩‍👧 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f 👍🏽 ❤️"
    assert strip_unsafe(whole) == whole
    assert strip_unsafe("a\u202eb\x1b[2Jc\u2066d\u2028e\ud800") == "ab[2Jcde"
