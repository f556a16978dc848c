"""What a server needs to be linked: from a file, or with an engine whose file is for the others."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.errors import ExtraMissing, LinkUnusable
from messango.link import extra, link_choice
from messango.link.engine.engine_config import CONFIG_FILE
from messango.link.engine.engine_folder import EngineFolder
from messango.link.link_choice import LinkChoice, OpenedLink, open_link_choice, own_server_name
from messango.link.link_file import LinkFile, read_link_file, write_link_file
from messango.storage import home

ANY = "0.0.0.0"  # noqa: S104 (what the engine is told)
LINK = "0123456789abcdef" * 2


@contextlib.contextmanager
def hosting(folder: Path, addresses: list[str], host: str | None = None) -> Iterator[OpenedLink]:
    """Yield what `--link-host` opens; the engine is not started."""
    opened = open_link_choice(LinkChoice(folder=folder, addresses=addresses), "Hall", host)
    assert opened.engine is not None
    with contextlib.closing(opened.engine):
        yield opened


def config() -> str:
    """Return the configuration of the only engine."""
    return next(home().glob(f"links/*/{CONFIG_FILE}")).read_text()


def test_a_file(tmp_path: Path) -> None:
    """It is read, and checked before anything else is opened."""
    path = tmp_path / "hall.link"
    link_file = LinkFile(LINK, "Hall", ("192.168.1.20:4222",))
    write_link_file(path, link_file)
    assert open_link_choice(LinkChoice(path), "Hall", None) == OpenedLink(link_file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_file_that_others_can_read(tmp_path: Path) -> None:
    """Works, with a warning."""
    path = tmp_path / "hall.link"
    write_link_file(path, LinkFile(LINK, "Hall", ("192.168.1.20:4222",)))
    path.chmod(0o644)
    assert "Other users" in open_link_choice(LinkChoice(path), "Hall", None).warnings[0]


def test_a_file_with_a_damaged_key(tmp_path: Path) -> None:
    """Is refused here, not by a link that never comes up."""
    folder = EngineFolder("Hall")
    folder.close()
    good = folder.link_file(["127.0.0.1"])
    path = tmp_path / "hall.link"
    write_link_file(path, dataclasses.replace(good, key=folder.settings.authority.key))
    with pytest.raises(LinkUnusable, match="do not belong together") as caught:
        open_link_choice(LinkChoice(path), "Hall", None)
    assert caught.value.hint


@pytest.mark.engine
def test_an_engine_and_its_file(tmp_path: Path) -> None:
    """The others get this computer's addresses; its own server goes by the loopback."""
    with hosting(tmp_path, ["192.168.1.20", "10.0.0.7"]) as opened:
        port = opened.link_file.servers[0].rpartition(":")[2]
        assert opened.link_file.servers == (f"127.0.0.1:{port}",)
        others = read_link_file(tmp_path / "Hall.link")
        assert others.servers == (f"192.168.1.20:{port}", f"10.0.0.7:{port}")
        assert (opened.link_file.replicas, others.replicas) == (1, None)
        assert others.key == opened.link_file.key
        assert str(tmp_path / "Hall.link") in opened.notices[0]
        assert "messango server --link Hall.link" in opened.notices[0]
        assert 'host: "0.0.0.0"' in config()


@pytest.mark.engine
def test_addresses_that_are_no_use(tmp_path: Path) -> None:
    """A link-local one leads nowhere from another computer, and of very many the best are enough."""
    with hosting(tmp_path / "a", ["fe80::1", "10.0.0.7"]):
        (server,) = read_link_file(tmp_path / "a" / "Hall.link").servers
        assert server.startswith("10.0.0.7:")
    with hosting(tmp_path / "b", [f"10.0.{number}.1" for number in range(200)]):
        servers = read_link_file(tmp_path / "b" / "Hall.link").servers
        assert len(servers) == 16
        assert servers[0].startswith("10.0.0.1:")
    with hosting(tmp_path / "c", ["fe80::1"]):
        assert read_link_file(tmp_path / "c" / "Hall.link").servers[0].startswith("127.0.0.1:")


@pytest.mark.engine
def test_starting_again(tmp_path: Path) -> None:
    """The file stays as it is; that this computer has other addresses is said."""
    with hosting(tmp_path, ["10.0.0.7", "10.0.1.7"]) as opened:
        assert "was written" in opened.notices[0]
    before = (tmp_path / "Hall.link").read_bytes()
    with hosting(tmp_path, ["10.0.0.7"]) as opened:
        assert "was written" not in opened.notices[0]
        assert "other addresses" not in opened.notices[0]
    with hosting(tmp_path, ["10.0.0.8"]) as opened:
        port = opened.link_file.servers[0].rpartition(":")[2]
        assert f"other addresses than this computer has now, 10.0.0.8:{port}:" in opened.notices[0]
    assert (tmp_path / "Hall.link").read_bytes() == before


@pytest.mark.engine
def test_link_local_addresses_are_left_out(tmp_path: Path) -> None:
    """They need a scope, which another computer does not have; the engine's log would name one in vain."""
    with hosting(tmp_path, ["192.0.2.7", "fe80::1", "2001:db8::7"]):
        servers = read_link_file(tmp_path / "Hall.link").servers
    assert [server.rpartition(":")[0] for server in servers] == ["192.0.2.7", "[2001:db8::7]"]


@pytest.mark.engine
@pytest.mark.parametrize(
    ("host", "addresses", "listens"),
    [
        (None, ["127.0.0.1"], "127.0.0.1"),
        ("127.0.0.1", ["127.0.0.1"], "127.0.0.1"),
        ("localhost", ["127.0.0.1"], "127.0.0.1"),
        ("::", ["10.0.0.7"], ANY),
        ("ann-laptop.local", ["10.0.0.7"], ANY),
        ("::1", ["::1"], "::1"),
    ],
)
def test_where_the_engine_listens(
    tmp_path: Path, host: str | None, addresses: list[str], listens: str
) -> None:
    """Where the room does; a room that only this computer can reach has such an engine."""
    with hosting(tmp_path, addresses, host) as opened:
        assert f'host: "{listens}"' in config()
        own = "127.0.0.1" if listens == ANY else listens
        assert own in opened.link_file.servers[0]


@pytest.mark.engine
def test_another_rooms_file_is_in_the_way(tmp_path: Path) -> None:
    """It is left alone, and the engine's folder is free afterwards."""
    other = LinkFile(LINK, "Hall", ("192.168.1.20:4222",))
    write_link_file(tmp_path / "Hall.link", other)
    for _ in range(2):
        with pytest.raises(LinkUnusable, match="is another linked room's"), hosting(tmp_path, ["10.0.0.7"]):
            pass
    assert read_link_file(tmp_path / "Hall.link") == other


@pytest.mark.engine
def test_a_folder_that_can_not_be_written_to(tmp_path: Path) -> None:
    """As where a service starts: then the file is in Messango's folder."""
    with hosting(tmp_path / "file" / "in", ["10.0.0.7"]) as opened:
        assert "was written" in opened.notices[0]
    (tmp_path / "blocked").write_text("a file, not a folder")
    with hosting(tmp_path / "blocked", ["10.0.0.7"]) as opened:
        path = next(home().glob("links/*/Hall.link"))
        assert str(path) in opened.notices[0]


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What to install is said."""
    monkeypatch.setattr(extra, "_MODULE", "no_such_module")
    assert importlib.util.find_spec("no_such_module") is None
    with pytest.raises(ExtraMissing, match="“link”") as caught:
        open_link_choice(LinkChoice(folder=tmp_path), "Hall", None)
    assert 'pip install "messango[link]"' in caught.value.hint


def test_the_servers_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer's; a room has the same name on each server."""
    monkeypatch.setattr(link_choice, "machine_name", lambda: "desk-12")
    assert own_server_name("Hall") == "desk-12"
    monkeypatch.setattr(link_choice, "machine_name", lambda: "d" * 60)
    assert own_server_name("Hall") == "d" * 32
    monkeypatch.setattr(link_choice, "machine_name", str)
    assert own_server_name("Hall") == "Hall"
