"""The password's exchange: proved by both ends, useless to whoever listens, relays, replays or guesses."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from spake2 import SPAKE2_A  # type: ignore[import-untyped] # ships no types

from messango.errors import BadPassword, RemoteProtocolError, WrongPassword
from messango.protocol.frames import Challenge, Proof
from messango.protocol.limits import MAX_PASSWORD_CHARACTERS
from messango.protocol.password import ClientExchange, Password, ServerExchange

CERTIFICATE = hashlib.sha256(b"the certificate").hexdigest()
ANOTHER = hashlib.sha256(b"another certificate").hexdigest()
ROOM = "00112233445566ff"

#: Password, client's pake, server's pake, server's confirm, client's confirm: for the certificate, the room
#: and the randomness of this file.
VECTORS = [
    (
        "correct horse",
        "QZv490iI/isD70Vxw5YUpfSy6SZ6Hw+aqVw8GZhEUggF",
        "Qkz9ckloadUoBi/CpVWs0DVqAgQ9bJM1qgK+53b9Y3ep",
        "qQJcQzCSBrr7sBWLUDrkiPTaf0bitXMELWUZBak3wNw=",
        "mRBLDj4cFN7yD3EhHCNmqUBri7SAV4E+etC3N1tVhpw=",
    ),
    (
        "Ünïcode pass",
        "QW6jv3zXNX66vz7USvxt72//0KNPa9naU6L2gTEhQdaQ",
        "QtBUq/AVBVC7TY5xr2Yn0RqfgozwssZ0uMN40uipPk9E",
        "l3poiiLDSF5ttpIcaB5GaOUIiFtrDMAwTkUopXIuc+Q=",
        "T8oxeYpixhTvB5ZNwPsldm1OMN/ZvWSO1N1EW5MwP28=",
    ),
]


def randomness(seed: bytes) -> Callable[[int], bytes]:
    """Return what gives the same bytes each time: SHAKE-256 of the seed."""
    return lambda size: hashlib.shake_256(seed).digest(size)


def run_exchange(
    client: str, server: str, *, seen_certificate: str = CERTIFICATE, room: str = ROOM
) -> tuple[Proof, bool]:
    """Run one exchange; `seen` is the certificate that the client sees, `room` what it is told."""
    client_exchange = ClientExchange(Password(client))
    server_exchange = ServerExchange(Password(server), client_exchange.pake, CERTIFICATE, ROOM)
    proof = client_exchange.prove(
        msgspec.structs.replace(server_exchange.challenge, room=room), seen_certificate
    )
    return proof, server_exchange.verify(proof)


@pytest.mark.parametrize("vector", VECTORS, ids=["ascii", "unicode"])
def test_the_vectors(vector: tuple[str, ...]) -> None:
    """With these random bytes exactly this is said, so another implementation can compare itself."""
    text, pake, answer, server_confirm, client_confirm = vector
    client = ClientExchange(Password(text), randomness(b"client"))
    assert client.pake == pake
    server = ServerExchange(Password(text), pake, CERTIFICATE, ROOM, randomness(b"server"))
    assert server.challenge == Challenge(answer, server_confirm, ROOM)
    assert client.prove(server.challenge, CERTIFICATE) == Proof(client_confirm)


def test_another_implementation_of_the_description_gets_in() -> None:
    """A client written from the docstring's words alone is understood."""
    spake = SPAKE2_A(b"tea time", idA=b"messango client", idB=b"messango server")
    ours = spake.start()
    server = ServerExchange(Password("tea time"), base64.b64encode(ours).decode(), CERTIFICATE, ROOM)
    theirs = base64.b64decode(server.challenge.pake)
    key = spake.finish(theirs)

    def confirm(role: bytes) -> bytes:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"messango confirm " + role).derive(key)
        fields = (role, ours, theirs, bytes.fromhex(CERTIFICATE), ROOM.encode(), b"1")
        return hmac.digest(derived, b"".join(bytes([0, len(field)]) + field for field in fields), "sha256")

    assert base64.b64decode(server.challenge.confirm) == confirm(b"server")
    assert server.verify(Proof(base64.b64encode(confirm(b"client")).decode()))


def test_the_same_password_is_proved_on_both_ends() -> None:
    """Neither end raises, and the server believes the proof."""
    assert run_exchange("open sesame", "open sesame")[1]


@pytest.mark.parametrize("typed", ["open sesam", "Open sesame", "open sesame ", "x"])
def test_another_password_is_noticed_by_the_client_first(typed: str) -> None:
    """The server has to prove itself before it hears any proof."""
    with pytest.raises(WrongPassword):
        run_exchange(typed, "open sesame")


def test_a_relay_with_a_certificate_of_its_own_is_noticed() -> None:
    """It may pass everything on: what the two ends see differs, and so do their confirmations."""
    with pytest.raises(WrongPassword):
        run_exchange("open sesame", "open sesame", seen_certificate=ANOTHER)


def test_a_proof_for_another_certificate_is_not_believed() -> None:
    """A relay that could talk the client into a proof has one for the wrong certificate."""
    client = ClientExchange(Password("open sesame"), randomness(b"client"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM, randomness(b"server"))
    elsewhere = ServerExchange(Password("open sesame"), client.pake, ANOTHER, ROOM, randomness(b"server"))
    assert not server.verify(client.prove(elsewhere.challenge, ANOTHER))


def test_a_challenge_for_another_room_is_noticed() -> None:
    """Two rooms of one host may have one certificate and one password; they are two rooms all the same."""
    with pytest.raises(WrongPassword):
        run_exchange("open sesame", "open sesame", room="another")


def test_what_was_recorded_is_of_no_use() -> None:
    """Neither the client's words to a server nor the server's to a client are good a second time."""
    client = ClientExchange(Password("open sesame"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM)
    proof = client.prove(server.challenge, CERTIFICATE)
    assert not ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM).verify(proof)
    with pytest.raises(WrongPassword):
        ClientExchange(Password("open sesame")).prove(server.challenge, CERTIFICATE)


def test_words_sent_back_to_their_speaker_prove_nothing() -> None:
    """Whoever knows nothing may still send our own words back to us."""
    client = ClientExchange(Password("open sesame"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM)
    assert not server.verify(Proof(server.challenge.confirm))
    with pytest.raises(RemoteProtocolError):
        ServerExchange(Password("open sesame"), server.challenge.pake, CERTIFICATE, ROOM)
    turned_round = base64.b64encode(b"B" + base64.b64decode(client.pake)[1:]).decode()
    with pytest.raises(RemoteProtocolError):
        client.prove(Challenge(turned_round, server.challenge.confirm, ROOM), CERTIFICATE)


#: Points of small order on Ed25519 would leave the key to chance or to the sender.
SMALL_ORDER = [
    bytes([1]) + bytes(31),
    bytes(32),
    (2**255 - 20).to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]


@pytest.mark.parametrize("point", SMALL_ORDER, ids=bytes.hex)
def test_a_point_of_small_order_is_refused(point: bytes) -> None:
    """Such a point is no honest end's, whatever the password."""
    for side in (b"A", b"B"):
        said = base64.b64encode(side + point).decode()
        with pytest.raises(RemoteProtocolError):
            ServerExchange(Password("open sesame"), said, CERTIFICATE, ROOM)
        with pytest.raises(RemoteProtocolError):
            ClientExchange(Password("open sesame")).prove(Challenge(said, said, ROOM), CERTIFICATE)


@given(
    st.one_of(st.text(max_size=60), st.binary(max_size=40).map(lambda data: base64.b64encode(data).decode()))
)
def test_no_words_do_harm(said: str) -> None:
    """Whatever a peer says in place of SPAKE2 is refused as such, and no other way."""
    with pytest.raises(RemoteProtocolError):
        ServerExchange(Password("open sesame"), said, CERTIFICATE, ROOM)
    with pytest.raises(RemoteProtocolError):
        ClientExchange(Password("open sesame")).prove(Challenge(said, said, ROOM), CERTIFICATE)


@given(st.sampled_from([b"A", b"B"]), st.binary(min_size=32, max_size=32))
def test_no_point_does_harm(side: bytes, point: bytes) -> None:
    """Of the right length it may be a point by chance, and then the confirmation is wrong."""
    said = base64.b64encode(side + point).decode()
    with pytest.raises((RemoteProtocolError, WrongPassword)):
        ClientExchange(Password("open sesame")).prove(Challenge(said, VECTORS[0][3], ROOM), CERTIFICATE)


def test_no_confirmation_does_harm() -> None:
    """Short, long, empty or no base64: never believed, and nothing but our own errors."""
    client = ClientExchange(Password("open sesame"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM)
    assert not server.verify(Proof(""))
    assert not server.verify(Proof("AAAA"))
    for said in ("é", "===", "AAAAA"):
        with pytest.raises(RemoteProtocolError):
            server.verify(Proof(said))
    with pytest.raises(RemoteProtocolError):
        client.prove(Challenge(server.challenge.pake, "=", ROOM), CERTIFICATE)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("caf\u00e9", "cafe\u0301"),
        ("a b", "a\u00a0b"),
        ("a b", "a\u3000b"),
        ("\u212b", "\u00c5"),
    ],
)
def test_what_looks_the_same_is_the_same(typed: str, same: str) -> None:
    """Keyboards differ in how they compose letters and in their spaces."""
    assert Password(typed).secret == Password(same).secret


@pytest.mark.parametrize(("one", "other"), [("tea", "Tea"), ("tea", " tea"), ("ﬁ", "fi"), ("ａ", "a")])
def test_what_looks_otherwise_is_another(one: str, other: str) -> None:
    """Case, spaces and widths count, as in RFC 8265."""
    assert Password(one).secret != Password(other).secret


@pytest.mark.parametrize("text", ["", "tea\ntime", "a\x00", "\x7f", "tea\u2028", "\ud800", "x" * 257])
def test_what_cannot_be_a_password_is_refused(text: str) -> None:
    """With a reason that does not repeat it."""
    with pytest.raises(BadPassword) as refused:
        Password(text)
    assert "tea" not in f"{refused.value}{refused.value.hint}"


def test_a_password_may_be_long() -> None:
    """A passphrase of many words, or one letter."""
    assert len(Password("x" * MAX_PASSWORD_CHARACTERS).secret) == MAX_PASSWORD_CHARACTERS
    assert Password("x").secret == b"x"


def test_a_password_does_not_show() -> None:
    """Not in a repr, and so not in the repr of anything that holds it."""
    assert "sesame" not in f"{Password('sesame')!r} {Password('sesame')} {[Password('sesame')]}"
