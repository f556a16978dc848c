"""The folder of an engine: made once, kept, and refused in words if it is damaged. No engine is started."""

from __future__ import annotations

import json
import socket
import stat
import sys
from pathlib import Path

import pytest
from cryptography import x509

from messango.errors import CorruptFile, EngineUnavailable
from messango.link.engine import engine_folder
from messango.link.engine.engine_config import CERTIFICATE_FILE, CONFIG_FILE, engine_config
from messango.link.engine.engine_folder import SETTINGS_FILE, EngineFolder
from messango.link.engine.find_engine import EngineProgram
from messango.link.link_file import read_link_file, write_link_file

NO_PROGRAM = EngineProgram(Path("/nowhere/nats-server"), (2, 9, 10))


def made(addresses: list[str]) -> EngineFolder:
    """Return the folder of the room Hall, closed, with what an engine needs."""
    folder = EngineFolder("Hall")
    folder.engine("127.0.0.1", addresses, NO_PROGRAM).close()
    return folder


def test_the_key_for_other_servers(tmp_path: Path) -> None:
    """Has all that they need, also if written and read."""
    link_file = made([]).link_file(["192.168.1.20", "fd00::1"])
    port = link_file.servers[0].rpartition(":")[2]
    assert link_file.servers == (f"192.168.1.20:{port}", f"[fd00::1]:{port}")
    assert link_file.name == "Hall"
    write_link_file(tmp_path / "hall.link", link_file)
    assert read_link_file(tmp_path / "hall.link") == link_file


def test_a_certificate_for_other_addresses() -> None:
    """It is renewed when the computer has another address, and only then; the authority stays."""
    folder = made(["10.0.0.1"])
    path = folder.path / CERTIFICATE_FILE
    first = path.read_bytes()
    assert made(["10.0.0.1"]).settings == folder.settings
    assert path.read_bytes() == first
    assert made(["10.0.0.2"]).settings == folder.settings
    second = x509.load_pem_x509_certificate(path.read_bytes())
    assert second.serial_number != x509.load_pem_x509_certificate(first).serial_number
    authority = x509.load_pem_x509_certificate(folder.settings.authority.certificate.encode())
    second.verify_directly_issued_by(authority)


def test_a_damaged_certificate_is_made_again() -> None:
    """It can be: the authority is there."""
    path = made([]).path / CERTIFICATE_FILE
    path.write_bytes(b"\xff")
    made([])
    x509.load_pem_x509_certificate(path.read_bytes())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_nobody_else_can_read_it() -> None:
    """Keys are in it."""
    folder = made([]).path
    for path in [folder, *folder.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


@pytest.mark.parametrize(
    "change",
    [None, {"link": "../other"}, {"port": 0}, {"authority": None}],
    ids=["cut", "id", "port", "keys"],
)
def test_a_damaged_folder(change: dict[str, object] | None) -> None:
    """It is left as it is, and what to do is said; no key is in the words or in the cause."""
    path = made([]).path / SETTINGS_FILE
    text = path.read_text("utf-8")
    damaged = text[:-20] if change is None else json.dumps(json.loads(text) | change)
    path.write_text(damaged)
    with pytest.raises(CorruptFile, match=r"can't be read") as caught:
        EngineFolder("Hall")
    assert "backup" in caught.value.hint
    assert caught.value.__cause__ is None
    assert path.read_text("utf-8") == damaged


def test_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is free again afterwards."""

    def missing() -> EngineProgram:
        raise EngineUnavailable("nothing there", "install it")

    monkeypatch.setattr(engine_folder, "find_engine", missing)
    for _ in range(2):
        with pytest.raises(EngineUnavailable, match="nothing there"):
            EngineFolder("Hall").engine("127.0.0.1", [])


def test_rooms_do_not_share_an_engine() -> None:
    """But one room with two spellings of its name does."""
    first, second = EngineFolder("Hall"), EngineFolder("Lab")
    try:
        assert first.path != second.path
        assert first.settings.link != second.settings.link
        with pytest.raises(EngineUnavailable):
            EngineFolder("hall")
    finally:
        first.close()
        second.close()


def test_its_configuration() -> None:
    """Only servers with a certificate, at one port; with paths that need no quoting."""
    text = engine_config("messango-1", "127.0.0.1", 4222, syncs=True)
    assert "verify: true" in text
    assert "sync_interval: always" in text
    assert "sync_interval" not in engine_config("messango-1", "127.0.0.1", 4222, syncs=False)
    assert "http" not in text
    assert str(made([]).path) not in (made([]).path / CONFIG_FILE).read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="There a port is free at once.")
def test_a_port_whose_last_connections_have_just_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken: with another one, the rules of firewalls for the former engine would not fit."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setattr(engine_folder, "DEFAULT_PORT", port)
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = listener.accept()
            assert engine_folder._free_port() != port
            # The end that closes first keeps the port for a minute.
            accepted.close()
            client.recv(1)
    assert engine_folder._free_port() == port
