"""Several hosts that claim one service name."""

from __future__ import annotations

from messango.discovery.model.service_claims import MAX_CLAIMS_OF_A_NAME, ServiceClaims
from messango.discovery.model.txt_record import service_name

OFFICE = service_name("Office")
FP, OTHER_FP = b"ab" * 32, b"cd" * 32


def pairs(room_id: bytes, fingerprint: bytes = FP, members: bytes = b"0") -> dict[bytes, bytes | None]:
    """Return the TXT pairs of a room."""
    return {b"id": room_id * 16, b"fp": fingerprint, b"n": members}


def seen(claims: ServiceClaims) -> list[tuple[str, str, int]]:
    """Return host, id and members of each claim to the office."""
    return [(claim.server, claim.record.id[:2], claim.record.members) for claim in claims.of(OFFICE.upper())]


def test_each_host_of_a_name_is_a_claim() -> None:
    """The second does not replace the first; the same once more changes nothing."""
    claims = ServiceClaims()
    assert claims.apply_packet({OFFICE: [("a.local.", 1)]}, {OFFICE: [pairs(b"1a")]}) == {OFFICE}
    assert claims.apply_packet({OFFICE: [("b.local.", 1)]}, {OFFICE: [pairs(b"2b", OTHER_FP)]}) == {OFFICE}
    assert claims.apply_packet({OFFICE: [("A.local.", 1)]}, {}) == set()
    assert seen(claims) == [("a.local.", "1a", 0), ("b.local.", "2b", 0)]


def test_a_new_number_of_members_is_the_same_claim() -> None:
    """It stays one, also when its TXT record comes by itself."""
    claims = ServiceClaims()
    claims.apply_packet({OFFICE: [("a.local.", 1)]}, {OFFICE: [pairs(b"1a")]})
    assert claims.apply_packet({}, {OFFICE: [pairs(b"1a", members=b"4")]}) == {OFFICE}
    assert seen(claims) == [("a.local.", "1a", 4)]


def test_a_forged_text_changes_no_claim() -> None:
    """Announced with the host of a room, it is another claim; by itself it is none."""
    claims = ServiceClaims()
    claims.apply_packet({OFFICE: [("a.local.", 1)]}, {OFFICE: [pairs(b"1a")]})
    assert claims.apply_packet({}, {OFFICE: [pairs(b"2b", OTHER_FP)]}) == set()
    assert claims.apply_packet({OFFICE: [("a.local.", 1)]}, {OFFICE: [pairs(b"2b")]}) == {OFFICE}
    assert seen(claims) == [("a.local.", "1a", 0), ("a.local.", "2b", 0)]


def test_records_that_come_one_by_one_are_joined() -> None:
    """In either order: some responders answer each question in a packet of its own."""
    for first, second in (
        (({OFFICE: [("a.local.", 1)]}, {}), ({}, {OFFICE: [pairs(b"1a")]})),
        (({}, {OFFICE: [pairs(b"1a")]}), ({OFFICE: [("a.local.", 1)]}, {})),
    ):
        claims = ServiceClaims()
        assert claims.apply_packet(*first) == set()
        assert claims.apply_packet(*second) == {OFFICE}
        assert seen(claims) == [("a.local.", "1a", 0)]


def test_a_host_that_leaves_takes_only_its_claim() -> None:
    """Without a host, all claims of the name are gone."""
    claims = ServiceClaims()
    for server in ("a.local.", "b.local."):
        claims.apply_packet({OFFICE: [(server, 1)]}, {OFFICE: [pairs(b"1a")]})
    claims.remove(OFFICE, "A.local.")
    assert [server for server, _, _ in seen(claims)] == ["b.local."]
    claims.remove(OFFICE)
    assert seen(claims) == []


def test_a_flood_of_claims_is_bounded() -> None:
    """The latest stay: an honest host announces itself again."""
    claims = ServiceClaims()
    for number in range(100):
        claims.apply_packet({OFFICE: [(f"{number}.local.", 1)]}, {OFFICE: [pairs(b"1a")]})
    assert len(seen(claims)) == MAX_CLAIMS_OF_A_NAME
    assert seen(claims)[-1][0] == "99.local."
    for number in range(5_000):
        claims.apply_packet({service_name(f"Fake {number}"): [("a.local.", 1)]}, {})
