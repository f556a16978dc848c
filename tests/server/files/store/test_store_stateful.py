"""Random uploads, shares, deletions, ends and kills: what is announced is whole, and goes after its time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path
from random import Random
from typing import TypeVar
from unittest import mock

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.protocol.limits import PART_KEPT_S
from messango.room.files.refusals import FileRefused
from messango.room.files.shared_file import SharedFile
from messango.server.files.store import file_store
from messango.server.files.store.housekeeper import Housekeeper
from messango.server.files.store.upload import Upload
from tests.server.files.stores import ANN, BEN, DAY_S, KEPT_S, StoreHarness, put_of, sha256

K = TypeVar("K", str, int, tuple[str, str])

UPLOADERS = {"ann": ANN, "ben": BEN}
MEMBERS = st.sampled_from(sorted(UPLOADERS))
UPLOADS = st.sampled_from(["u1", "u2", "u3"])
#: Few of them, so that members often send the same bytes.
CONTENTS = st.sampled_from([b"", b"a", b"hello", b"x" * 5_000, b"y" * 5_000])


class StoreMachine(RuleBasedStateMachine):
    """A store whose thread never runs by itself, beside a history that is always right.

    What the thread would have done is not done when the server is killed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp())
        self._runs = 0
        self._patch = mock.patch.object(Housekeeper, "wake")
        self._patch.start()
        #: All of them are small: a kill must not lose them.
        self._small = mock.patch.object(file_store, "_RECORDED_PART_BYTES", 1)
        self._small.start()
        self.harness = StoreHarness(self._folder / "0")
        #: Stored files with their bytes and members; messages that announce them; uploads on their way.
        self.files: dict[str, tuple[FileInfo, bytes, str]] = {}
        self.history: dict[int, SharedFile] = {}
        self.active: dict[tuple[str, str], tuple[Upload, bytes]] = {}
        self.seq = 0

    def teardown(self) -> None:
        self.harness.store.close()
        self._patch.stop()
        self._small.stop()
        shutil.rmtree(self._folder)

    @rule(member=MEMBERS, upload=UPLOADS, data=CONTENTS)
    def begin(self, member: str, upload: str, data: bytes) -> None:
        before = self.active.pop((member, upload), None)
        try:
            begun = self.harness.store.begin_upload(UPLOADERS[member], put_of(data, upload))
        except FileRefused as refused:
            if refused.code != error_codes.WRONG_DIGEST:
                raise
            return  # It is stored with other bytes.
        if isinstance(begun, FileInfo):
            assert begun.id in self.files
            return
        if before is not None and begun.offset:
            # Of the same size, the bytes may be others: then the digest is wrong in the end.
            assert len(before[1]) == len(data)
        for _ in begun.read_prefix():
            pass
        self.active[member, upload] = begun, data

    @precondition(lambda self: self.active)
    @rule(choice=st.randoms(use_true_random=False), part=st.floats(0, 1))
    def write(self, choice: Random, part: float) -> None:
        upload, data = self.active[self._choose(choice, self.active)]
        upload.write(data[upload.offset : upload.offset + int(part * len(data)) + 1])

    @precondition(lambda self: self.active)
    @rule(choice=st.randoms(use_true_random=False))
    def finish(self, choice: Random) -> None:
        member, name = self._choose(choice, self.active)
        upload, data = self.active.pop((member, name))
        if upload.offset < len(data):
            upload.write(data[upload.offset :])
        try:
            info = upload.finish(sha256(data))
        except FileRefused:
            return  # Begun with other bytes of this size.
        self.files[info.id] = (info, data, member)

    @precondition(lambda self: self.active)
    @rule(choice=st.randoms(use_true_random=False), is_wanted=st.booleans())
    def stop(self, choice: Random, *, is_wanted: bool) -> None:
        member, name = self._choose(choice, self.active)
        upload, _data = self.active.pop((member, name))
        if is_wanted:
            self.harness.store.cancel_upload(member, name)
        else:
            upload.pause()

    @precondition(lambda self: self.files)
    @rule(choice=st.randoms(use_true_random=False))
    def share(self, choice: Random) -> None:
        info, _data, member = self.files[self._choose(choice, self.files)]
        if self.harness.store.uploaded(member, info.id) is None:
            return
        self.seq += 1
        shared = SharedFile(self.seq, member, member.title(), self.harness.now_s, info)
        self.history[self.seq] = shared
        self.harness.announce(shared)

    @precondition(lambda self: self.history)
    @rule(choice=st.randoms(use_true_random=False))
    def delete(self, choice: Random) -> None:
        seq = self._choose(choice, self.history)
        del self.history[seq]
        self.harness.store.remove_share(seq)

    @precondition(lambda self: self.history)
    @rule(choice=st.randoms(use_true_random=False))
    def remove_by_host(self, choice: Random) -> None:
        file = self.history[self._choose(choice, self.history)].file
        self.harness.store.remove(file.id)
        self.harness.store.expire()
        self.history = {seq: each for seq, each in self.history.items() if each.file.id != file.id}

    @rule(seconds=st.sampled_from([1.0, PART_KEPT_S / 2, PART_KEPT_S, DAY_S, 3 * DAY_S]))
    def let_time_pass(self, seconds: float) -> None:
        self.harness.now_s += seconds
        expired = self.harness.now_s - KEPT_S
        self.history = {seq: each for seq, each in self.history.items() if each.time_s > expired}

    @rule()
    def tidy(self) -> None:
        self.harness.store.expire()

    @rule()
    def reopen(self) -> None:
        self.active.clear()
        self.harness.reopen([*self.history.values()])

    @rule()
    def kill(self) -> None:
        """Go on in a copy of the folder as it is at this moment."""
        self.active.clear()
        self._runs += 1
        target = self._folder / str(self._runs)
        if self.harness.path.exists():
            shutil.copytree(self.harness.path, target)
        self.harness.store.close()
        self.harness.path = target
        self.harness.open([*self.history.values()])

    @invariant()
    def what_is_announced_is_whole(self) -> None:
        for shared in self.history.values():
            assert self.harness.read(shared.file.id) == self.files[shared.file.id][1]

    @invariant()
    def the_list_is_the_history(self) -> None:
        listed = {file.id for file in self.harness.store.listing().files}
        assert {shared.file.id for shared in self.history.values()} <= listed

    @rule()
    def nothing_stays_for_ever(self) -> None:
        for upload, _data in self.active.values():
            upload.pause()
        self.active.clear()
        self.harness.now_s += KEPT_S + PART_KEPT_S
        self.history.clear()
        assert self.harness.on_disk() == []
        assert self.harness.store.listing().total == 0
        self.files.clear()

    @staticmethod
    def _choose(choice: Random, among: Collection[K]) -> K:
        return choice.choice(sorted(among))


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
