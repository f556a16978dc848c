"""A replica on a disk that is full, and one whose server is killed: whole transactions, or nothing."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Message, Reacted
from messango.room.history.file.replica_file import StorageFailed
from messango.room.history.file.replica_history import ReplicaHistory
from tests.room.messages import make_messages

NOW_S = 1_700_000_000.0
LINK = "1" * 32

#: Stores rounds of messages and changes, and prints the last number after each.
_STORES_FOR_EVER = """
import sys
from pathlib import Path
from messango.protocol.frames import Reacted
from messango.room.history.file.replica_history import ReplicaHistory
from tests.room.messages import make_messages
replica = ReplicaHistory(Path(sys.argv[1]), "1" * 32, 1.0)
while True:
    first = replica.latest + 1
    entries = make_messages(first, first + 120)
    plain = first % 2 == 0
    if not plain:
        last = entries[-1].seq + 1
        entries.append(Reacted(last, f"{last}", first, "bob", "Bob", 1.0, "👍", on=True))
    replica.store(entries, {"place": f"{entries[-1].seq}", f"checkpoint:{first}": "x"}, plain=plain)
    print(replica.latest, flush=True)
"""


@contextlib.contextmanager
def no_file_beyond(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond this size: writing fails in the middle of a transaction."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("more_bytes", [0, 5_000, 50_000])
def test_a_write_that_fails_in_the_middle(tmp_path: Path, more_bytes: int, *, plain: bool) -> None:
    """At any byte of the log: what was stored before is there, and it goes on when there is space."""
    path = tmp_path / "hall.sqlite"
    long = [Message(seq, f"{seq}", "ann", 1.0, "Ann", "x" * 2_000) for seq in range(3, 103)]
    with closing(ReplicaHistory(path, LINK, NOW_S)) as replica:
        replica.store(make_messages(1, 2), {"place": "2"}, plain=True)
        size = Path(f"{path}-wal").stat().st_size
        with no_file_beyond(size + more_bytes), pytest.raises(StorageFailed) as failed:
            replica.store(long, {"place": "102"}, plain=plain)
        assert failed.value.problem.hint
        assert (replica.latest, replica.link_state()) == (2, {"place": "2"})
        assert replica.find("ann", ["3"]) == {}
        with closing(ReplicaHistory(path, LINK, NOW_S)) as other:
            assert (other.latest, other.link_state()) == (2, {"place": "2"})
        replica.reopen(NOW_S)
        replica.store(long, {"place": "102"}, plain=plain)
        assert [each.seq for each in replica.since(0)] == [*range(1, 103)]
    with closing(ReplicaHistory(path, LINK, NOW_S)) as replica:
        assert (replica.latest, replica.link_state()) == (102, {"place": "102"})


@pytest.mark.skipif(sys.platform == "win32", reason="a killed process is another thing on Windows")
def test_a_killed_server_goes_on_where_its_file_is(tmp_path: Path) -> None:
    """Entries and state are of the same moment, nothing acknowledged is lost, and there are no holes."""
    path = tmp_path / "hall.sqlite"
    acknowledged = 0
    for rounds in (1, 2, 5, 9):
        with subprocess.Popen(
            [sys.executable, "-c", _STORES_FOR_EVER, str(path)], stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            for _ in range(rounds):
                acknowledged = int(server.stdout.readline())
            server.kill()
            server.wait()
        with closing(ReplicaHistory(path, LINK, NOW_S)) as replica:
            entries = replica.since(0)
            assert replica.latest >= acknowledged
            assert [each.seq for each in entries] == [*range(1, replica.latest + 1)]
            assert replica.link_state()["place"] == f"{replica.latest}"
            changes = [entry.target for entry in entries if isinstance(entry, Reacted)]
            assert {*changes} == {*replica.reactions(range(1, replica.latest + 1))}
