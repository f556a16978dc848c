"""Which certificate a computer uses if Messango's folder was copied."""

from __future__ import annotations

import ipaddress
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from messango.errors import CorruptFile, StorageUnavailable
from messango.storage import home
from messango.transport.identity import host_identity, machine_id
from messango.transport.identity.certificate import FILE_NAME, load_or_create_certificate
from messango.transport.identity.host_identity import (
    MACHINE_FILE_NAME,
    NEW_MACHINE_NOTICE,
    RENEWED_NOTICE,
    IdentityChoice,
    load_host_identity,
)

LAPTOP, OTHER_LAPTOP = "0123456789abcdef" * 2, "fedcba9876543210" * 2

UseMachine = Callable[[str | None], None]


@pytest.fixture
def use_machine(monkeypatch: pytest.MonkeyPatch) -> UseMachine:
    """Move to a computer with this computer id, with the same folder."""

    def use(machine: str | None) -> None:
        monkeypatch.setattr(host_identity, "machine_id", lambda: machine)

    use(LAPTOP)
    return use


@pytest.mark.usefixtures("use_machine")
def test_one_machine_keeps_its_certificate() -> None:
    """The binding shows the machine only as a salted hash."""
    first = load_host_identity()
    assert (load_host_identity().certificate.fingerprint, first.notice) == (first.certificate.fingerprint, "")
    assert first.certificate.fingerprint == load_or_create_certificate(home() / FILE_NAME).fingerprint
    assert LAPTOP not in (home() / MACHINE_FILE_NAME).read_text()


@pytest.mark.usefixtures("use_machine")
def test_a_new_certificate_is_for_the_addresses_of_now() -> None:
    """Later starts do not even look for them: the certificate stays as it is."""
    load_host_identity(find_addresses=lambda: ["192.168.1.20"])
    certificate = x509.load_pem_x509_certificate((home() / FILE_NAME).read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("192.168.1.20") in names.get_values_for_type(x509.IPAddress)
    load_host_identity(find_addresses=pytest.fail)


@pytest.mark.usefixtures("use_machine")
def test_a_certificate_from_before_stays() -> None:
    """Its fingerprint is known to people."""
    before = load_or_create_certificate()
    identity = load_host_identity()
    assert (identity.certificate.fingerprint, identity.notice) == (before.fingerprint, "")


def test_a_copy_gets_an_identity_of_its_own(use_machine: UseMachine) -> None:
    """It is told so once. Back on the first machine, everything is as before."""
    original = load_host_identity().certificate.fingerprint
    use_machine(OTHER_LAPTOP)
    copy = load_host_identity()
    assert copy.certificate.fingerprint != original
    assert copy.notice == NEW_MACHINE_NOTICE
    again = load_host_identity()
    assert (again.certificate.fingerprint, again.notice) == (copy.certificate.fingerprint, "")
    use_machine(LAPTOP)
    assert load_host_identity().certificate.fingerprint == original


def test_a_folder_that_moved_keeps_its_identity(use_machine: UseMachine) -> None:
    """If the host says so, even after the first start at the new place; from then on without being told."""
    original = load_host_identity().certificate.fingerprint
    use_machine(OTHER_LAPTOP)
    load_host_identity()
    kept = load_host_identity(IdentityChoice.KEEP)
    assert (kept.certificate.fingerprint, kept.notice) == (original, "")
    assert load_host_identity().certificate.fingerprint == original
    assert load_host_identity(IdentityChoice.KEEP).certificate.fingerprint == original


def test_a_machine_that_cannot_be_told_apart_is_renewed_on_request(use_machine: UseMachine) -> None:
    """A clone with the same machine id, or a system without one; the old key is kept in the folder."""
    for machine in (LAPTOP, None):
        use_machine(machine)
        before = load_host_identity().certificate.fingerprint
        renewed = load_host_identity(IdentityChoice.NEW)
        assert renewed.certificate.fingerprint != before
        assert renewed.notice == RENEWED_NOTICE
        assert load_host_identity().certificate.fingerprint == renewed.certificate.fingerprint
        old = {load_or_create_certificate(path).fingerprint for path in home().glob(f"{FILE_NAME}.2*")}
        assert before in old


def test_without_a_machine_id_the_certificate_is_the_folders(use_machine: UseMachine) -> None:
    """In a container, say: nothing is bound."""
    use_machine(None)
    assert load_host_identity().notice == ""
    assert not (home() / MACHINE_FILE_NAME).exists()


@pytest.mark.parametrize("damaged", [b"", b"\xff", b"0" * 500])
def test_a_damaged_binding_is_made_again(use_machine: UseMachine, damaged: bytes) -> None:
    """The certificate counts more than the note beside it."""
    original = load_host_identity().certificate.fingerprint
    (home() / MACHINE_FILE_NAME).write_bytes(damaged)
    assert load_host_identity().certificate.fingerprint == original
    use_machine(OTHER_LAPTOP)
    assert load_host_identity().certificate.fingerprint != original


@pytest.mark.usefixtures("use_machine")
def test_errors_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged certificate, and a folder in which nothing can be written."""
    load_host_identity()
    (home() / FILE_NAME).write_bytes(b"damaged")
    with pytest.raises(CorruptFile):
        load_host_identity()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    shutil.rmtree(tmp_path, ignore_errors=True)
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "other"))
    monkeypatch.setattr(host_identity, "write_private", full)
    with pytest.raises(StorageUnavailable, match="No space left"):
        load_host_identity()


@pytest.mark.skipif(os.name == "nt", reason="the files are Linux's")
@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ((f"{LAPTOP}\n", None), LAPTOP),
        ((None, f"{OTHER_LAPTOP}\n"), OTHER_LAPTOP),
        (("uninitialized\n", f"{OTHER_LAPTOP}\n"), OTHER_LAPTOP),
        (("0" * 32, "\xff"), None),
        (("", None), None),
        ((None, None), None),
    ],
)
def test_the_machine_id_of_linux(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    texts: tuple[str | None, str | None],
    found: str | None,
) -> None:
    """Of systemd, else of D-Bus; an image that has not started yet has none."""
    paths = [tmp_path / "machine-id", tmp_path / "dbus"]
    for path, text in zip(paths, texts, strict=True):
        if text is not None:
            path.write_text(text, "latin-1")
    monkeypatch.setattr(machine_id, "_LINUX_FILES", tuple(map(str, paths)))
    monkeypatch.setattr("sys.platform", "linux")
    assert machine_id.machine_id() == found


def test_the_hash_depends_on_machine_and_salt() -> None:
    """Two folders of one machine can't be recognised by it."""
    hashes = {machine_id.hashed_machine_id(machine, salt) for machine in "ab" for salt in "cd"}
    assert len(hashes) == 4
