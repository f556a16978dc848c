"""What the engine sends is counted, compared, and handed over as fast as the room folds. No engine runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from nats.aio.msg import Msg

from messango.link.nats import stream_reader
from messango.link.nats.link_broken import LinkBroken
from messango.link.nats.link_ends import RoomSide
from messango.link.nats.names import link_names
from messango.link.nats.stream_reader import StreamReader
from tests.support.linked.recorder import Recorder


class ScriptedEngine:
    """The connection and the client of a reader; `published` has what it answers to flow control."""

    def __init__(self, recorder: Recorder) -> None:
        self.client = self
        self.names = link_names("0" * 32)
        self.published: list[str] = []
        self.failures: list[LinkBroken] = []
        self._send: Callable[[Msg], Awaitable[None]]
        room = RoomSide(
            "a",
            "life",
            recorder.place,
            recorder.last_raw_digest,
            recorder.on_entries,
            recorder.on_state,
            recorder.on_note,
            lambda _: None,
        )
        self.reader = StreamReader(cast(Any, self), room)

    def new_inbox(self) -> str:
        return "inbox"

    async def subscribe(self, _: str, cb: Callable[[Msg], Awaitable[None]], **__: int) -> None:
        self._send = cb

    async def add_consumer(self, *_: object, **__: object) -> None:
        pass

    async def publish(self, subject: str) -> None:
        self.published.append(subject)

    def fail(self, why: LinkBroken) -> None:
        self.failures.append(why)

    async def send_entry(self, stream_seq: int, data: bytes) -> None:
        reply = f"$JS.ACK.stream.consumer.1.{stream_seq}.{stream_seq}.1700000000000000000.0"
        await self._send(Msg(cast(Any, None), "subject", reply, data))

    async def send_sign_of_life(self, last_stream: int) -> None:
        headers = {"Status": "100", "Nats-Last-Stream": str(last_stream)}
        await self._send(Msg(cast(Any, None), "inbox", "", b"", headers))

    async def send_flow_control(self, reply: str) -> None:
        await self._send(Msg(cast(Any, None), "inbox", reply, b"", {"Status": "100"}))

    async def send_foreign(self) -> None:
        await self._send(Msg(cast(Any, None), "inbox", "somewhere", b"boo"))


def entry(number: int) -> bytes:
    """Return an entry of a stream."""
    return f'{{"server":"b","life":"x","n":{number},"at":[0,0,""],"entries":[]}}'.encode()


def run(recorder: Recorder, script: Callable[[ScriptedEngine], Awaitable[None]]) -> ScriptedEngine:
    """Run a reader for this room while the engine follows the script; return the engine."""

    async def both() -> ScriptedEngine:
        engine = ScriptedEngine(recorder)
        await engine.reader.open(cast(Any, engine))
        handing_over = asyncio.ensure_future(engine.reader.hand_over())
        following = asyncio.ensure_future(cast(Any, script(engine)))
        await asyncio.wait({handing_over, following}, return_when=asyncio.FIRST_COMPLETED)
        if handing_over.done():
            following.cancel()
            handing_over.result()
        handing_over.cancel()
        following.result()
        return engine

    return asyncio.run(both())


async def until(holds: Callable[[], bool]) -> None:
    """Wait in the loop until this is so."""
    for _ in range(60_000):
        if holds():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("this never came about")


def test_entries_are_counted() -> None:
    """One that was left out ends the life of the link; the room does not get what follows."""
    recorder = Recorder("a", "life")

    async def script(engine: ScriptedEngine) -> None:
        await engine.send_entry(1, entry(1))
        await engine.send_entry(3, entry(3))
        await until(lambda: bool(recorder.raw))

    assert "lost on the way" in str(run(recorder, script).failures[0])
    assert recorder.raw == [entry(1)]


def test_signs_of_life_count_too() -> None:
    """The engine says which entry it has sent last: a lost one is noticed although nothing follows it."""
    recorder = Recorder("a", "life")

    async def script(engine: ScriptedEngine) -> None:
        await engine.send_sign_of_life(0)
        await engine.send_entry(1, entry(1))
        await engine.send_sign_of_life(1)
        assert engine.failures == []
        await engine.send_sign_of_life(2)

    assert len(run(recorder, script).failures) == 1


def test_what_is_no_entry_is_ignored() -> None:
    """Anybody who is linked can send to anywhere in NATS."""
    recorder = Recorder("a", "life")

    async def script(engine: ScriptedEngine) -> None:
        await engine.send_foreign()
        await engine.send_entry(1, entry(1))
        await until(lambda: bool(recorder.raw))

    assert run(recorder, script).failures == []


def test_the_entry_at_the_place_is_compared() -> None:
    """It is not handed over again; another one there is another stream."""
    recorder = Recorder("a", "life")
    recorder.on_entries([(1, entry(1)), (2, entry(2))])

    async def script(engine: ScriptedEngine) -> None:
        assert not engine.reader.has_reached(2)
        await engine.send_entry(2, entry(2))
        await engine.send_entry(3, entry(3))
        await until(lambda: len(recorder.raw) == 3)
        assert engine.reader.has_reached(3)

    run(recorder, script)

    async def another(engine: ScriptedEngine) -> None:
        await engine.send_entry(3, entry(99))
        await until(lambda: False)

    with pytest.raises(LinkBroken) as broken:
        run(recorder, another)
    assert broken.value.state.permanent
    assert recorder.batches == [2, 1]


def test_flow_control_waits_for_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is answered when what came before was handed over, and that waits until the room has folded."""
    monkeypatch.setattr(stream_reader, "MAX_UNFOLDED_BYTES", 100)
    monkeypatch.setattr(stream_reader, "MAX_BATCH_ENTRIES", 2)
    recorder = Recorder("a", "life")

    async def script(engine: ScriptedEngine) -> None:
        recorder.hold()
        for number in (1, 2, 3):
            await engine.send_entry(number, entry(number))
        await engine.send_flow_control("go on")
        await until(lambda: bool(recorder.batches))
        # Many times as long as a look at the room takes.
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert recorder.batches == [2]
        assert engine.published == []
        assert engine.reader.waits_for_room
        recorder.release()
        await until(lambda: engine.published == ["go on"])
        assert recorder.raw == [entry(1), entry(2), entry(3)]
        assert not engine.reader.waits_for_room

    run(recorder, script)
