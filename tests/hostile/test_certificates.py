"""Rooms with odd certificates: only the fingerprint counts."""

from __future__ import annotations

import datetime
import hashlib
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from messango.transport.addresses import Address
from messango.transport.dialing.dial import dial
from messango.transport.writer import WriterThread

LONG_AGO = datetime.datetime(1970, 1, 2)
LONG_OVER = datetime.datetime(1970, 1, 3)


def odd_certificate(name: str) -> tuple[bytes, str]:
    """Return an expired certificate for this name with its key as PEM, and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name, _validate=False)])
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(LONG_AGO)
        .not_valid_after(LONG_OVER)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("*.example\x1b[2J")]), critical=False)
    )
    made = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    print_ = hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()
    return private + made.public_bytes(serialization.Encoding.PEM), print_


@pytest.mark.parametrize(
    "name", ["", "a\nb", "\x1b[2J", "\u202eevil", "x" * 500, "127.0.0.1", "nul\x00nul"], ids=ascii
)
@pytest.mark.filterwarnings("ignore:Attribute's length")
def test_only_the_fingerprint_counts(tmp_path: Path, name: str) -> None:
    """Whatever the certificate contains, the connection has its fingerprint."""
    pem, fingerprint = odd_certificate(name)
    (tmp_path / "odd.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "odd.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            plain, _ = listening.accept()
            with plain, context.wrap_socket(plain, server_side=True) as sock:
                sock.recv(1)

        room = threading.Thread(target=serve)
        room.start()
        writer = WriterThread("test")
        try:
            dialled = dial([Address("127.0.0.1", listening.getsockname()[1])], timeout_s=30, writer=writer)
            assert dialled.connection.fingerprint == fingerprint
            dialled.connection.close()
        finally:
            room.join()
            writer.close()
