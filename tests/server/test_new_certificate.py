"""The certificate that a server makes on its first start."""

from __future__ import annotations

import ipaddress

import pytest
from cryptography import x509

from messango.server import server as server_module
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.storage import home
from messango.transport.identity.certificate import FILE_NAME


def test_it_is_for_the_addresses_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guest's browser asks that; later starts leave it as it is."""
    monkeypatch.setattr(server_module, "browser_addresses", lambda: ["192.168.1.20"])
    (home() / FILE_NAME).unlink(missing_ok=True)
    options = ServerOptions("Tea", host="127.0.0.1", port=0)
    for _ in range(2):
        server = Server(options)
        server.open()
        server.close()
        certificate = x509.load_pem_x509_certificate((home() / FILE_NAME).read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert ipaddress.ip_address("192.168.1.20") in names.get_values_for_type(x509.IPAddress)
        monkeypatch.setattr(server_module, "browser_addresses", pytest.fail)
