"""The room's password: each end proves to the other that it knows it, and nobody learns anything of it.

SPAKE2 gives both ends a key, the same where the passwords are; then each confirms that it has it, over the
certificate that it sees. Neither a listener nor a machine in the middle gets anything to guess against: one
connection is one guess, and the server counts those.

The construction, for other clients (`tests/protocol/test_password.py` has vectors):

1. The password is a string of 1 to 256 characters, none of them a control character. As in OpaqueString of
   RFC 8265 every space character (category Zs) becomes U+0020, then the whole NFC, then UTF-8.
2. SPAKE2 over Ed25519 as the Python package `spake2` 0.9 computes it, with the client as A and the server
   as B, idA `messango client` and idB `messango server`. `pake` is its message, 33 bytes with the side's
   letter in front. It gives both ends a key K of 32 bytes.
3. An end's `confirm` is HMAC-SHA256, its key HKDF-SHA256(K, no salt, info `messango confirm ` and the role,
   32 bytes), over these fields, each with its length before it in two bytes, big-endian: the role (`client`
   or `server`), the client's `pake`, the server's `pake` (33 bytes each), SHA-256 of the server's
   certificate (DER) as that end sees it, the room's id in UTF-8 as `challenge` names it, and the protocol's
   number in decimal digits.
4. On the wire `pake` and `confirm` are base64 with padding. The server confirms first, in `challenge`. A
   client that finds that wrong says no more: the passwords differ, or somebody stands in between.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from messango.errors import BadPassword, RemoteProtocolError, WrongPassword
from messango.protocol.frames import Challenge, Proof
from messango.protocol.limits import MAX_PASSWORD_CHARACTERS, PROTOCOL_VERSION

#: Makes so many random bytes; tests give a fixed one.
Entropy = Callable[[int], bytes]

_CLIENT: Final = b"client"
_SERVER: Final = b"server"
_PAKE_BYTES: Final = 33
_FORBIDDEN_CHARACTERS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Password:
    """What a room's members know; the text is in `secret` alone, never in a repr or a message."""

    __slots__ = ("secret",)

    def __init__(self, text: str) -> None:
        """Take what was typed or read; raises `BadPassword`, which does not repeat it."""
        spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in text)
        cleaned = unicodedata.normalize("NFC", spaced)
        if not cleaned:
            raise BadPassword("The password is empty.", "Choose one of at least one character.")
        if len(cleaned) > MAX_PASSWORD_CHARACTERS:
            raise BadPassword(
                f"The password has more than {MAX_PASSWORD_CHARACTERS} characters.", "Choose a shorter one."
            )
        if _FORBIDDEN_CHARACTERS.search(cleaned):
            raise BadPassword(
                "The password has a line break or a control character in it, which not everybody can type.",
                "Choose one without.",
            )
        self.secret = cleaned.encode()

    def __repr__(self) -> str:
        return "Password(…)"


class ClientExchange:
    """A client's half of one exchange; good for one connection."""

    def __init__(self, password: Password, entropy: Entropy | None = None) -> None:
        self._spake = _new_spake2("SPAKE2_A", password, entropy)
        self._message: bytes = self._spake.start()
        self.pake = _b64encode(self._message)

    def prove(self, challenge: Challenge, fingerprint: str) -> Proof:
        """Return what to say to a server with this certificate (SHA-256, hex) that has challenged us.

        Raises `WrongPassword` where the server did not prove to know the same, and `RemoteProtocolError`.
        """
        theirs = _b64decode(challenge.pake)
        key = _derive_key(self._spake, theirs)
        transcript = (self._message, theirs, bytes.fromhex(fingerprint), challenge.room.encode())
        if not hmac.compare_digest(
            _b64decode(challenge.confirm), _confirmation_mac(key, _SERVER, *transcript)
        ):
            raise WrongPassword
        return Proof(_b64encode(_confirmation_mac(key, _CLIENT, *transcript)))


class ServerExchange:
    """A server's half of one exchange: `challenge` is what to say, `proves` judges the answer to it."""

    def __init__(
        self, password: Password, pake: str, fingerprint: str, room: str, entropy: Entropy | None = None
    ) -> None:
        """Compute the challenge (some 10 ms) to a client's `pake`; raises `RemoteProtocolError`.

        `fingerprint` is that of our certificate (SHA-256, hex), `room` the room's id.
        """
        theirs = _b64decode(pake)
        spake = _new_spake2("SPAKE2_B", password, entropy)
        ours: bytes = spake.start()
        key = _derive_key(spake, theirs)
        transcript = (theirs, ours, bytes.fromhex(fingerprint), room.encode())
        self._expected_confirm = _confirmation_mac(key, _CLIENT, *transcript)
        self.challenge = Challenge(
            _b64encode(ours), _b64encode(_confirmation_mac(key, _SERVER, *transcript)), room
        )

    def verify(self, proof: Proof) -> bool:
        """Tell if the client knows the password and sees our certificate; raises `RemoteProtocolError`."""
        return hmac.compare_digest(_b64decode(proof.confirm), self._expected_confirm)


def _new_spake2(side: str, password: Password, entropy: Entropy | None) -> Any:
    import spake2  # type: ignore[import-untyped] # ships no types

    ids = {"idA": b"messango client", "idB": b"messango server"}
    options = {} if entropy is None else {"entropy_f": entropy}
    return getattr(spake2, side)(password.secret, **ids, **options)


def _derive_key(spake: Any, theirs: bytes) -> bytes:
    from spake2 import SPAKEError
    from spake2.ed25519_basic import NotOnCurve  # type: ignore[import-untyped] # ships no types

    # Longer messages would be cut and shorter ones filled up by the package.
    if len(theirs) != _PAKE_BYTES:
        raise _malformed_exchange()
    try:
        key: bytes = spake.finish(theirs)
    except (SPAKEError, NotOnCurve, ValueError) as error:
        raise _malformed_exchange() from error
    return key


def _confirmation_mac(key: bytes, role: bytes, *transcript: bytes) -> bytes:
    fields = (role, *transcript, str(PROTOCOL_VERSION).encode())
    framed = b"".join(len(field).to_bytes(2, "big") + field for field in fields)
    return hmac.digest(_hkdf(key, b"messango confirm " + role), framed, hashlib.sha256)


def _hkdf(key: bytes, info: bytes) -> bytes:
    """Return 32 bytes by HKDF-SHA256 without salt (RFC 5869): at this length the expansion is one step."""
    extracted = hmac.digest(bytes(32), key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def _b64encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _b64decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise _malformed_exchange() from error
    # How strictly padding is looked at differs between versions of Python.
    if _b64encode(data) != text:
        raise _malformed_exchange()
    return data


def _malformed_exchange() -> RemoteProtocolError:
    return RemoteProtocolError(
        "What the other side says of the password is no SPAKE2.",
        "Is the other side Messango, and of a version that fits?",
    )
