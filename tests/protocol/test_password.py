"""The password exchange: both ends prove it; eavesdropping, relays and replays are useless."""

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

#: Password, client's pake, server's pake, server's confirm, client's confirm; with the certificate, the room
#: and the random bytes of this file.
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
    """Return a function that always returns the same bytes: SHAKE-256 of the seed."""
    return lambda size: hashlib.shake_256(seed).digest(size)


def run_exchange(
    client: str, server: str, *, seen_certificate: str = CERTIFICATE, room: str = ROOM
) -> tuple[Proof, bool]:
    """Run one exchange; `seen` is the certificate and `room` the room's id that the client gets."""
    client_exchange = ClientExchange(Password(client))
    server_exchange = ServerExchange(Password(server), client_exchange.pake, CERTIFICATE, ROOM)
    proof = client_exchange.prove(
        msgspec.structs.replace(server_exchange.challenge, room=room), seen_certificate
    )
    return proof, server_exchange.verify(proof)


@pytest.mark.parametrize("vector", VECTORS, ids=["ascii", "unicode"])
def test_the_vectors(vector: tuple[str, ...]) -> None:
    """With fixed random bytes, for other implementations."""
    text, pake, answer, server_confirm, client_confirm = vector
    client = ClientExchange(Password(text), randomness(b"client"))
    assert client.pake == pake
    server = ServerExchange(Password(text), pake, CERTIFICATE, ROOM, randomness(b"server"))
    assert server.challenge == Challenge(answer, server_confirm, ROOM)
    assert client.prove(server.challenge, CERTIFICATE) == Proof(client_confirm)


def test_an_implementation_of_the_description() -> None:
    """A client that was written from the docstring is accepted."""
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


def test_the_same_password() -> None:
    """Neither end raises, and the server accepts the proof."""
    assert run_exchange("open sesame", "open sesame")[1]


@pytest.mark.parametrize("typed", ["open sesam", "Open sesame", "open sesame ", "x"])
def test_another_password_fails_at_the_client(typed: str) -> None:
    """The server has to prove itself before it gets a proof."""
    with pytest.raises(WrongPassword):
        run_exchange(typed, "open sesame")


def test_a_relay_with_its_own_certificate_fails() -> None:
    """It may relay everything: the ends see different certificates, so their confirmations differ."""
    with pytest.raises(WrongPassword):
        run_exchange("open sesame", "open sesame", seen_certificate=ANOTHER)


def test_a_proof_for_another_certificate_fails() -> None:
    """Even if a relay gets a proof from the client."""
    client = ClientExchange(Password("open sesame"), randomness(b"client"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM, randomness(b"server"))
    elsewhere = ServerExchange(Password("open sesame"), client.pake, ANOTHER, ROOM, randomness(b"server"))
    assert not server.verify(client.prove(elsewhere.challenge, ANOTHER))


def test_a_challenge_for_another_room_fails() -> None:
    """Two rooms of one host may have the same certificate and password."""
    with pytest.raises(WrongPassword):
        run_exchange("open sesame", "open sesame", room="another")


def test_replays_fail() -> None:
    """Of the client's frames to a server, and of the server's to a client."""
    client = ClientExchange(Password("open sesame"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM)
    proof = client.prove(server.challenge, CERTIFICATE)
    assert not ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM).verify(proof)
    with pytest.raises(WrongPassword):
        ClientExchange(Password("open sesame")).prove(server.challenge, CERTIFICATE)


def test_reflected_frames_prove_nothing() -> None:
    """A peer without the password may send our own frames back."""
    client = ClientExchange(Password("open sesame"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM)
    assert not server.verify(Proof(server.challenge.confirm))
    with pytest.raises(RemoteProtocolError):
        ServerExchange(Password("open sesame"), server.challenge.pake, CERTIFICATE, ROOM)
    turned_round = base64.b64encode(b"B" + base64.b64decode(client.pake)[1:]).decode()
    with pytest.raises(RemoteProtocolError):
        client.prove(Challenge(turned_round, server.challenge.confirm, ROOM), CERTIFICATE)


#: With points of small order on Ed25519, the sender could guess or choose the key.
SMALL_ORDER = [
    bytes([1]) + bytes(31),
    bytes(32),
    (2**255 - 20).to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]


@pytest.mark.parametrize("point", SMALL_ORDER, ids=bytes.hex)
def test_a_point_of_small_order_is_refused(point: bytes) -> None:
    """An honest end never sends one."""
    for side in (b"A", b"B"):
        sent = base64.b64encode(side + point).decode()
        with pytest.raises(RemoteProtocolError):
            ServerExchange(Password("open sesame"), sent, CERTIFICATE, ROOM)
        with pytest.raises(RemoteProtocolError):
            ClientExchange(Password("open sesame")).prove(Challenge(sent, sent, ROOM), CERTIFICATE)


@given(
    st.one_of(st.text(max_size=60), st.binary(max_size=40).map(lambda data: base64.b64encode(data).decode()))
)
def test_an_invalid_pake_is_refused(sent: str) -> None:
    """Any text raises only `RemoteProtocolError`."""
    with pytest.raises(RemoteProtocolError):
        ServerExchange(Password("open sesame"), sent, CERTIFICATE, ROOM)
    with pytest.raises(RemoteProtocolError):
        ClientExchange(Password("open sesame")).prove(Challenge(sent, sent, ROOM), CERTIFICATE)


@given(st.sampled_from([b"A", b"B"]), st.binary(min_size=32, max_size=32))
def test_a_random_point_is_refused(side: bytes, point: bytes) -> None:
    """It may be valid by chance; then the confirmation is wrong."""
    sent = base64.b64encode(side + point).decode()
    with pytest.raises((RemoteProtocolError, WrongPassword)):
        ClientExchange(Password("open sesame")).prove(Challenge(sent, VECTORS[0][3], ROOM), CERTIFICATE)


def test_an_invalid_confirmation_is_refused() -> None:
    """Short, long, empty or not base64."""
    client = ClientExchange(Password("open sesame"))
    server = ServerExchange(Password("open sesame"), client.pake, CERTIFICATE, ROOM)
    assert not server.verify(Proof(""))
    assert not server.verify(Proof("AAAA"))
    for sent in ("é", "===", "AAAAA"):
        with pytest.raises(RemoteProtocolError):
            server.verify(Proof(sent))
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
def test_equal_looking_passwords_are_equal(typed: str, same: str) -> None:
    """Keyboards differ in how they compose letters and in their spaces."""
    assert Password(typed).secret == Password(same).secret


@pytest.mark.parametrize(("one", "other"), [("tea", "Tea"), ("tea", " tea"), ("ﬁ", "fi"), ("ａ", "a")])
def test_different_looking_passwords_differ(one: str, other: str) -> None:
    """Case, spaces and widths count, as in RFC 8265."""
    assert Password(one).secret != Password(other).secret


@pytest.mark.parametrize("text", ["", "tea\ntime", "a\x00", "\x7f", "tea\u2028", "\ud800", "x" * 257])
def test_an_invalid_password_is_refused(text: str) -> None:
    """The error does not repeat it."""
    with pytest.raises(BadPassword) as refused:
        Password(text)
    assert "tea" not in f"{refused.value}{refused.value.hint}"


def test_a_password_may_be_long() -> None:
    """Or one letter."""
    assert len(Password("x" * MAX_PASSWORD_CHARACTERS).secret) == MAX_PASSWORD_CHARACTERS
    assert Password("x").secret == b"x"


def test_a_password_is_not_in_its_repr() -> None:
    """Nor in the repr of an object that contains it."""
    assert "sesame" not in f"{Password('sesame')!r} {Password('sesame')} {[Password('sesame')]}"
