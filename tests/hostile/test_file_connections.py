"""Hostile file connections: refused in one sentence, with bounded memory, and talk goes on."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messango.errors import ConnectionLost
from messango.protocol import error_codes
from messango.protocol.files.transfer_codec import encode_transfer, reply_line
from messango.protocol.files.transfer_frames import Get, Go, Put, Stored
from messango.protocol.frames import Leave, Problem, Share, Welcome
from messango.protocol.limits import DEFAULT_FILE_BYTES
from messango.server.limits import MAX_UNJOINED_PER_ADDRESS
from tests.hostile.measure import Usage
from tests.hostile.pair import MemberPair
from tests.support.file_client import FileClient, put_file
from tests.support.raw_client import RawClient

#: The room, its members and Mallory are in this process.
MAX_GROWTH_MB = 20.0

DIGEST = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture
def port(pair: MemberPair) -> int:
    return pair.server.port


@pytest.fixture
def mallory(port: int) -> Iterator[Welcome]:
    """A member who is up to no good."""
    with RawClient(port) as client:
        yield client.join("Mallory")


@contextlib.contextmanager
def harmless(pair: MemberPair) -> Iterator[None]:
    """Fail unless memory stays bounded, and members can talk and join afterwards."""
    before = Usage.of()
    yield
    pair.check_room_works()
    assert Usage.of().resident_mb - before.resident_mb < MAX_GROWTH_MB


def problem_of(port: int, request: Put | Get | bytes, body: bytes = b"") -> Problem:
    """Return how a request is refused: by the last line."""
    with FileClient(port) as client:
        with contextlib.suppress(ConnectionLost):
            client.send_bytes((request if isinstance(request, bytes) else encode_transfer(request)) + body)
        lines = client.await_end().splitlines(keepends=True)
        problem = reply_line().feed(lines[-1])
        assert isinstance(problem, Problem)
        assert problem.reason
        assert problem.hint
        return problem


def test_sessions_that_are_no_members(pair: MemberPair, port: int) -> None:
    """Made up, the server's own, or a member's of the past: the same answer, and few lines for the host."""
    with RawClient(port) as client:
        former = client.join("Mallory").session
        client.send(Leave())
        client.await_end()
    pair.host_events()
    with harmless(pair):
        sessions = [former, pair.server.own_token, *(secrets.token_urlsafe(24) for _ in range(50))]
        problems = {problem_of(port, Get(session, "f1")) for session in sessions}
        assert {problem.code for problem in problems} == {error_codes.NOT_JOINED}
        assert len(problems) == 1
    assert len(pair.refusals()) <= 2


def test_files_of_others(pair: MemberPair, port: int, mallory: Welcome) -> None:
    """What is not shared, or not there, can't be had, nor shared by somebody else."""
    with RawClient(port) as ann:
        file = put_file(port, ann.join("Cat").session, "u1", b"hello")
        for wanted in (file.id, "u1", "../" + file.id, "/etc/passwd", "*", "\0", "files.sqlite"):
            assert problem_of(port, Get(mallory.session, wanted)).code == error_codes.UNKNOWN_ENTRY
        with RawClient(port) as thief:
            thief.join("Mallory", mallory.session)
            thief.send(Share("1", file.id, "mine"))
            assert thief.await_frame(Problem).code == error_codes.UNKNOWN_ENTRY
        # An upload with the digest of somebody's file is not that file until its bytes have come.
        with FileClient(port) as client:
            client.send(Put(mallory.session, "u1", "a", 5, DIGEST))
            assert client.await_reply(Go).offset == 0
    pair.check_room_works()


@pytest.mark.parametrize(
    "name",
    ["../../../evil", "..\\..\\evil", "/etc/evil", "C:\\evil", "evil\0.txt", "..", ".", "e\u202elive", "con"],
)
def test_names_are_no_paths(pair: MemberPair, port: int, mallory: Welcome, tmp_path: Path, name: str) -> None:
    """Nothing is written outside, and nothing is named as the client wants."""
    for upload in (name, "u1"):
        file = put_file(port, mallory.session, upload, b"hello", name=name)
        assert not {"/", "\\", "\0"} & {*file.name}
    # Other tests have folders beside this one.
    found = [
        *tmp_path.rglob("*evil*"),
        *(path for above in tmp_path.parents for path in above.glob("*evil*")),
    ]
    assert not [path for path in found if path.is_file()]
    pair.check_room_works()


def test_wrong_bytes_again_and_again(pair: MemberPair, port: int, mallory: Welcome) -> None:
    """Each time one sentence, and nothing is kept."""
    with harmless(pair):
        for number in range(30):
            put = Put(mallory.session, f"u{number}", "a", 100_000, DIGEST)
            assert problem_of(port, put, b"x" * 100_000).code == error_codes.WRONG_DIGEST


def test_an_endless_body(pair: MemberPair, port: int, mallory: Welcome) -> None:
    """It is refused at its first byte too many, whether a digest came before it or not."""
    with harmless(pair):
        for digest in (DIGEST, None):
            with FileClient(port) as client:
                client.send(Put(mallory.session, "u1", "a", 5, digest))
                client.await_reply(Go)
                with contextlib.suppress(ConnectionLost):
                    for _ in range(100):
                        client.send_bytes(b"hello" * 20_000)
                assert client.await_reply(Problem).code == error_codes.TOO_LARGE


def test_a_thousand_uploads_that_reserve_space(pair: MemberPair, port: int, mallory: Welcome) -> None:
    """They use up Mallory's own share at most."""
    codes = set()
    with harmless(pair):
        for number in range(1_000):
            with FileClient(port) as client:
                client.send(Put(mallory.session, f"u{number}", "a", DEFAULT_FILE_BYTES))
                line = client.connection.receive(60)
                codes.add(b'"go"' in line or b"store-full" in line)
            if number % 100 == 0:
                pair.check_room_works()
    assert codes == {True}


@pytest.mark.parametrize(
    "bomb",
    [
        b"[" * 4_000 + b"\n",
        b'{"type":"put","session":' + b'{"a":' * 700 + b"\n",
        b'{"type":"get","session":"' + b"s" * 4_000 + b'","file":"f"}\n',
        b'{"type":"put","session":"s","upload":"u","name":"n","size":1e400}\n',
        b'{"type":"put","session":"s","upload":"u","name":"' + b"n" * 3_000 + b'","size":1}\n',
        b"\xff\xfe\n",
        b"\n",
        b"x" * 100_000,
    ],
    ids=["nested", "deep", "long session", "huge number", "long name", "no text", "empty", "no line"],
)
def test_bombs(pair: MemberPair, port: int, bomb: bytes) -> None:
    """One sentence each."""
    with harmless(pair):
        assert problem_of(port, bomb).code == error_codes.BAD_FRAME


def test_many_connections_that_say_nothing(pair: MemberPair, port: int) -> None:
    """Those of one address take each other's place, and nobody else's."""
    _check_crowd(pair, port, lambda _: None)


def test_many_connections_with_half_a_line(pair: MemberPair, port: int) -> None:
    """The same."""
    _check_crowd(pair, port, lambda client: client.send_bytes(b'{"type":"put","session":"'))


def _check_crowd(pair: MemberPair, port: int, begin: Callable[[FileClient], None]) -> None:
    with harmless(pair), contextlib.ExitStack() as stack:
        clients = [stack.enter_context(FileClient(port)) for _ in range(MAX_UNJOINED_PER_ADDRESS + 10)]
        for client in clients:
            with contextlib.suppress(ConnectionLost):
                begin(client)
        assert sum(_has_ended(client) for client in clients) >= 10


def _has_ended(client: FileClient) -> bool:
    try:
        return client.connection.receive(0.05) == b""
    except TimeoutError:
        return False
    except ConnectionLost:
        return True


def test_a_member_cannot_have_many_transfers(pair: MemberPair, port: int, mallory: Welcome) -> None:
    """However many connections there are, and talk goes on beside those that stand still."""
    with harmless(pair), contextlib.ExitStack() as stack:
        busy = 0
        for number in range(20):
            client = stack.enter_context(FileClient(port))
            client.send(Put(mallory.session, f"u{number}", "a", 1_000))
            busy += b"busy" in client.connection.receive(60)
        assert busy == 18


def test_stored_is_for_the_bytes_that_came(pair: MemberPair, port: int, mallory: Welcome) -> None:
    """The same upload with another size or digest begins again."""
    put_file(port, mallory.session, "u1", b"hello")
    with FileClient(port) as client:
        client.send(Put(mallory.session, "u1", "a", 5, "0" * 64))
        reply = client.connection.receive(60)
        assert b'"stored"' not in reply or DIGEST.encode() in reply
    with FileClient(port) as client:
        client.send(Put(mallory.session, "u1", "notes.txt", 5, DIGEST))
        assert client.await_reply(Stored).file.sha256 == DIGEST
    pair.check_room_works()
