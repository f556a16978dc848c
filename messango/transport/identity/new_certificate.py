"""Makes the server's certificate: a key on P-256 and what a browser asks of a certificate.

Messango's own clients check the fingerprint and nothing else. Browsers warn of any certificate that no
authority has signed, and iOS does not offer to go on if it lacks what is here (Apple, HT103769).
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from messango.storage import machine_name

if TYPE_CHECKING:
    from cryptography import x509

#: The name in every certificate, by which `certificate.looks_like_ours` recognizes one.
COMMON_NAME: Final = "messango"

#: As long as Apple allows; both the first and the last second count (RFC 5280, section 4.1.2.5).
_VALIDITY: Final = datetime.timedelta(days=825, seconds=-1)

#: For phones whose clock is behind ours, and for a host that takes its local time for UTC.
_BEFORE_NOW: Final = datetime.timedelta(days=1)

#: A clock outside these years is wrong: a board without a battery begins at 1970 after each start. Members
#: do not mind; for guests, a certificate of the first year is neither expired nor from the future.
_THIS_PROGRAM: Final = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
_NO_LATER: Final = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)

#: A computer with hundreds of networks must not make each handshake of its rooms larger than a packet.
MAX_ADDRESSES: Final = 16

LOOPBACK: Final = ("127.0.0.1", "::1")

_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def generate_certificate(addresses: Sequence[str] = (), *, now: datetime.datetime | None = None) -> bytes:
    """Return a new key and its certificate as PEM, for this computer's names and for these addresses of it.

    The loopback is always among them. Without `now`, the clock says when the certificate begins.
    """
    # Imported here because only the very first start needs it, and the import is slow.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, COMMON_NAME)])
    begin = _plausible(now or datetime.datetime.now(datetime.timezone.utc)) - _BEFORE_NOW
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + _VALIDITY)
    )
    for extension, critical in _extensions([*addresses[:MAX_ADDRESSES], *LOOPBACK]):
        builder = builder.add_extension(extension, critical)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _extensions(addresses: Sequence[str]) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """Yield what browsers look at, each with whether a client that does not know it has to refuse."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    names = [x509.DNSName(name) for name in machine_names(machine_name())]
    literals = [x509.IPAddress(ipaddress.ip_address(text)) for text in addresses]
    yield x509.SubjectAlternativeName([*names, *literals]), False
    # Firefox refuses an authority's certificate as a server's.
    yield x509.BasicConstraints(ca=False, path_length=None), True
    yield only_signatures(), True
    yield x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False


def only_signatures() -> x509.KeyUsage:
    """Return that the key only signs handshakes, which is all that TLS 1.3 does with it."""
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def machine_names(machine: str) -> list[str]:
    """Return the names of this computer that others may know it by; one that DNS can't hold is left out."""
    names = ["localhost"]
    if _LABEL.fullmatch(machine) and machine.lower() not in names:
        names += [machine.lower(), f"{machine.lower()}.local"]
    return names


def _plausible(now: datetime.datetime) -> datetime.datetime:
    return now if _THIS_PROGRAM <= now < _NO_LATER else _THIS_PROGRAM
