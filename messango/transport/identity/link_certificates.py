"""Certificates of a linked room's engine: its authority, and what that signs for the engine and the servers.

The authority signs for one linked room only: a program that shows such a certificate belongs to it. Their
dates say nothing: they hold with any clock, since a wrong one must not take a server out of its room.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from messango.storage import machine_name
from messango.transport.identity.new_certificate import (
    LOOPBACK,
    MAX_ADDRESSES,
    machine_names,
    only_signatures,
)

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

_BEGIN: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
#: For a certificate without an end (RFC 5280, section 4.1.2.5).
_END: Final = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate and its key, both PEM."""

    certificate: str
    key: str = field(repr=False)


def engine_tls_name(link: str) -> str:
    """Return the name in the engine's certificate, by which servers know it at any address.

    `link` is the linked room's id. Nobody can have a name below `.internal` in the world's DNS.
    """
    return f"{link}.messango.internal"


def create_authority(link: str) -> KeyPair:
    """Return a new authority for the engine of the linked room with this id."""
    # Here and below, imported where it is needed: only a room's first start makes certificates.
    from cryptography import x509

    key = _new_key()
    name = _common_name(f"messango link {link}")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return _signed(builder, key, key)


def sign_for_engine(authority: KeyPair, link: str, addresses: Sequence[str]) -> KeyPair:
    """Return a certificate for the engine, for this computer's names and for these addresses of it."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    names, literals = _subjects(link, addresses)
    alternative = x509.SubjectAlternativeName(
        [*map(x509.DNSName, names), *(x509.IPAddress(ipaddress.ip_address(text)) for text in literals)]
    )
    return _issue(authority, "messango engine", ExtendedKeyUsageOID.SERVER_AUTH, [alternative])


def sign_for_servers(authority: KeyPair) -> KeyPair:
    """Return the certificate that the linked servers show the engine; all of them have the same."""
    from cryptography.x509.oid import ExtendedKeyUsageOID

    return _issue(authority, "messango linked server", ExtendedKeyUsageOID.CLIENT_AUTH, [])


def is_for(certificate: str, link: str, addresses: Sequence[str]) -> bool:
    """Return whether an engine's certificate (PEM) is for all these addresses, as a new one would be."""
    from cryptography import x509

    found = x509.load_pem_x509_certificate(certificate.encode())
    alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    names, literals = _subjects(link, addresses)
    return set(names) <= set(alternative.get_values_for_type(x509.DNSName)) and set(literals) <= {
        str(address) for address in alternative.get_values_for_type(x509.IPAddress)
    }


def _subjects(link: str, addresses: Sequence[str]) -> tuple[list[str], list[str]]:
    literals = [*addresses[:MAX_ADDRESSES], *LOOPBACK]
    return [engine_tls_name(link), *machine_names(machine_name())], list(dict.fromkeys(literals))


def _issue(
    authority: KeyPair, name: str, usage: x509.ObjectIdentifier, more: Iterable[x509.ExtensionType]
) -> KeyPair:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    issuer_key = serialization.load_pem_private_key(authority.key.encode(), None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is not one of ours")
    key = _new_key()
    builder = (
        _builder(_common_name(name), issuer.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(only_signatures(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    for extension in more:
        builder = builder.add_extension(extension, critical=False)
    return _signed(builder, key, issuer_key)


def _new_key() -> ec.EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _common_name(name: str) -> x509.Name:
    from cryptography import x509

    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signed(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
) -> KeyPair:
    from cryptography.hazmat.primitives import hashes, serialization

    certificate = builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(certificate.decode("ascii"), private.decode("ascii"))
