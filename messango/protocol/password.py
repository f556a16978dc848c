"""The password exchange: client and server prove to each other that they know the room's password.

SPAKE2 gives each end a key; the keys are equal if the passwords are. Then each end confirms its key together
with the certificate that it sees. Neither an eavesdropper nor a machine in the middle can test guesses
offline: each connection allows one guess, and the server counts them.

The construction, for other clients (`tests/protocol/test_password.py` has vectors):

1. The password is a string of 1 to 256 characters, none of them a control character. As in OpaqueString of
   RFC 8265, every space character (category Zs) becomes U+0020; then NFC and UTF-8 are applied.
2. SPAKE2 over Ed25519 as the Python package `spake2` 0.9 computes it, with the client as A and the server
   as B, idA `messango client` and idB `messango server`. `pake` is its message, 33 bytes, of which the first
   is the side's letter. Both ends get a key K of 32 bytes.
3. An end's `confirm` is HMAC-SHA256 over the fields below, with the key HKDF-SHA256(K, no salt, info
   `messango confirm ` followed by the role, 32 bytes). Each field is preceded by its length in two bytes,
   big-endian: the role (`client` or `server`), the client's `pake`, the server's `pake` (33 bytes each),
   SHA-256 of the server's certificate (DER) as that end sees it, the room's id from `challenge` in UTF-8,
   and the protocol version in decimal digits.
4. On the wire `pake` and `confirm` are base64 with padding. The server confirms first, in `challenge`. If its
   confirmation is wrong, the client sends no proof: the passwords differ, or a machine is in the middle.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from messango.errors import VERSION_HINT, BadPassword, RemoteProtocolError, WrongPassword
from messango.protocol.frames import Challenge, Proof
from messango.protocol.limits import MAX_PASSWORD_CHARACTERS, PROTOCOL_VERSION

#: Returns this many random bytes; tests replace it by fixed bytes.
Entropy = Callable[[int], bytes]

_CLIENT: Final = b"client"
_SERVER: Final = b"server"
_PAKE_BYTES: Final = 33

#: The time of `spake2` depends a little on the password. Each half of an exchange takes a multiple of this
#: time, several times what `spake2` needs, so that the time reveals nothing to the other end.
_STEP_S: Final = 0.05

_FORBIDDEN_CHARACTERS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Password:
    """A valid password. Its text is only in `secret`, never in a repr or an error."""

    __slots__ = ("secret",)

    def __init__(self, text: str) -> None:
        """Clean and check a typed text; raises `BadPassword`, which does not quote it."""
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
    """A client's half of one exchange; for one connection. `pake` is for the `join` frame."""

    def __init__(self, password: Password, entropy: Entropy | None = None) -> None:
        self._spake = _new_spake2("SPAKE2_A", password, entropy)
        self._message: bytes = self._spake.start()
        self.pake = _b64encode(self._message)

    def prove(self, challenge: Challenge, fingerprint: str) -> Proof:
        """Return the answer to a server's challenge; `fingerprint` is its certificate's (SHA-256, hex).

        Raises `WrongPassword` if the server did not prove that it knows our password, and
        `RemoteProtocolError` if the challenge is not valid.
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
    """A server's half of one exchange: `challenge` is the frame to send, `verify` checks the answer."""

    def __init__(
        self, password: Password, pake: str, fingerprint: str, room: str, entropy: Entropy | None = None
    ) -> None:
        """Compute the challenge for a client's `pake`, about 10 ms; raises `RemoteProtocolError`.

        `fingerprint` is our certificate's (SHA-256, hex), `room` the room's id.
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
        """Return whether the client knows the password and sees our certificate.

        Raises `RemoteProtocolError` if the proof is not valid base64.
        """
        return hmac.compare_digest(_b64decode(proof.confirm), self._expected_confirm)


def pause_s(elapsed_s: float) -> float:
    """Return how long to wait after a computation of `elapsed_s` seconds, so that the sum reveals nothing."""
    return -elapsed_s % _STEP_S


def _new_spake2(side: str, password: Password, entropy: Entropy | None) -> Any:
    import spake2  # type: ignore[import-untyped] # ships no types

    ids = {"idA": b"messango client", "idB": b"messango server"}
    options = {} if entropy is None else {"entropy_f": entropy}
    return getattr(spake2, side)(password.secret, **ids, **options)


def _derive_key(spake: Any, theirs: bytes) -> bytes:
    from spake2 import SPAKEError
    from spake2.ed25519_basic import NotOnCurve  # type: ignore[import-untyped] # ships no types

    # The package would truncate longer messages and pad shorter ones.
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
    """Return 32 bytes of HKDF-SHA256 without salt (RFC 5869); this length needs one expansion step."""
    extracted = hmac.digest(bytes(32), key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def _b64encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _b64decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise _malformed_exchange() from error
    # Versions of Python differ in how strictly they check the padding.
    if _b64encode(data) != text:
        raise _malformed_exchange()
    return data


def _malformed_exchange() -> RemoteProtocolError:
    return RemoteProtocolError("The password exchange is not valid.", VERSION_HINT)
