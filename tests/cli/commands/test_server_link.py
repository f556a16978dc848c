"""`--link` and `--link-host`, `messango doctor FILE.link`: what is refused, before anything is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from messango.cli.link_options import choose_link
from messango.link import extra
from messango.link.link_choice import LinkChoice
from messango.link.link_file import LinkFile, write_link_file
from tests.support.program import run_here

LINK_FILE = LinkFile("0123456789abcdef" * 2, "Hall", ("127.0.0.1:9",))


pytestmark = pytest.mark.program


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """The file of a linked room, whose engine does not answer."""
    path = tmp_path / "hall.link"
    write_link_file(path, LINK_FILE)
    return path


def choose(file: Path | None = None, name: str | None = None) -> tuple[str | None, LinkChoice]:
    """Return what `messango server` does with its options."""
    return choose_link(name, file, None, is_engine_host=file is None, keeps_history=True)


def test_the_file_says_the_name(hall: Path) -> None:
    """Unless the host does."""
    assert choose(hall) == ("Hall", LinkChoice(hall))
    assert choose(hall, "Our hall") == ("Our hall", LinkChoice(hall))


def test_the_engine_is_for_the_addresses_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the file for the others goes to the current folder."""
    monkeypatch.chdir(tmp_path)
    assert choose(name="Hall") == ("Hall", LinkChoice(None, tmp_path, ("127.0.0.1",)))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--link", "hall.link", "--link-host"], "--link and --link-host can't be used together"),
        (["--link", "hall.link", "--no-history"], "--link and --no-history can't be used together"),
        (["--link-host", "--no-history"], "--link-host and --no-history can't be used together"),
    ],
)
def test_what_excludes_each_other(options: list[str], sentence: str) -> None:
    """The status is 2, as for every wrong use."""
    done = run_here("server", "--name", "Hall", *options)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", [["server", "--link"], ["doctor"]])
def test_a_file_that_is_not_there(command: list[str]) -> None:
    """It is named, and what to do is said."""
    done = run_here(*command, "missing.link")
    assert done.returncode == 1
    assert "There is no file" in done.stderr
    assert "missing.link" in done.stderr
    assert "--link-host" in done.stderr


@pytest.mark.parametrize("options", [["--link-host"], ["--link", "hall.link"]])
def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, options: list[str]) -> None:
    """What to install is said, before the name is asked for."""
    monkeypatch.setattr(extra, "_MODULE", "no_such_module")
    done = run_here("server", *options)
    assert done.returncode == 1
    assert 'pip install "messango[link]"' in done.stderr


def test_the_doctor_with_the_file(hall: Path) -> None:
    """Port 9 of the loopback has no engine."""
    done = run_here("doctor", str(hall), "--json")
    (finding,) = json.loads(done.stdout)
    assert (done.returncode, finding["check"], finding["level"]) == (1, "link", "problem")
    assert "can't be reached at 127.0.0.1:9" in finding["what"]
    assert "TCP port 9" in finding["cure"]


def test_the_doctor_without_the_extra(hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It checks the way all the same."""
    monkeypatch.setattr(extra, "_MODULE", "no_such_module")
    found = json.loads(run_here("doctor", str(hall), "--json").stdout)
    assert [each["level"] for each in found] == ["warning", "problem"]
    assert 'pip install "messango[link]"' in found[0]["cure"]


def test_the_doctor_with_a_damaged_key(tmp_path: Path) -> None:
    """It says so, and asks nobody."""
    pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    path = tmp_path / "hall.link"
    write_link_file(path, LinkFile(LINK_FILE.link, "Hall", LINK_FILE.servers, ca=pem))
    (finding,) = json.loads(run_here("doctor", str(path), "--json").stdout)
    assert finding["level"] == "problem"
    assert "is damaged" in finding["what"]
