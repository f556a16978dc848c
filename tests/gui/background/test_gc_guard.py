"""Which thread collects cyclic garbage while a window is open."""

from __future__ import annotations

import gc
import queue
import threading
from collections.abc import Iterator

import pytest

from messango.gui.background.event_pump import EventPump
from messango.gui.background.gc_guard import (
    FULL_AFTER,
    gc_in_main_thread,
    look_at_everything_again,
    run_due_gc,
)
from tests.gui.conftest import WindowDriver


@pytest.fixture(autouse=True)
def _restore_gc() -> Iterator[None]:
    """Restore the collector's state."""
    enabled = gc.isenabled()
    yield
    (gc.enable if enabled else gc.disable)()


class Loop:
    """Cyclic garbage that records which thread collects it."""

    def __init__(self, threads: list[str]) -> None:
        self.myself = self
        self.threads = threads

    def __del__(self) -> None:
        self.threads.append(threading.current_thread().name)


def make_garbage(threads: list[str]) -> None:
    """Make more garbage in another thread than the threshold."""

    def make_loops() -> None:
        for _ in range(20 * gc.get_threshold()[0]):
            Loop(threads)

    thread = threading.Thread(target=make_loops, name="test-garbage")
    thread.start()
    thread.join()


@pytest.mark.window
def test_garbage_is_collected_in_the_windows_thread(driver: WindowDriver) -> None:
    """And in no other."""
    threads: list[str] = []
    pump = EventPump(driver.root(), lambda _: None)
    pump.subscribe(queue.SimpleQueue(), lambda _: None)
    with gc_in_main_thread():
        make_garbage(threads)
        assert threads == []
        pump.start()
        driver.until(lambda: bool(threads))
        pump.stop()
    assert set(threads) == {threading.current_thread().name}


def test_every_generation_is_collected() -> None:
    """Old objects, too."""
    threads: list[str] = []
    with gc_in_main_thread():
        old = Loop(threads)
        gc.collect(1)
        del old
        alive: list[list[str]] = []
        for _ in range(1_000):
            alive += [[] for _ in range(gc.get_threshold()[0] + 1)]
            run_due_gc()
            if threads:
                break
    assert threads == [threading.current_thread().name]


def test_nothing_is_due_with_automatic_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python does it already."""
    gc.enable()
    monkeypatch.setattr(gc, "collect", lambda *_: pytest.fail("collected"))
    alive: list[list[str]] = [[] for _ in range(2 * gc.get_threshold()[0])]
    run_due_gc()
    assert alive


@pytest.mark.parametrize("enabled", [True, False])
def test_collector_state_is_restored(*, enabled: bool) -> None:
    """The window may be part of a longer program."""
    (gc.enable if enabled else gc.disable)()
    with gc_in_main_thread():
        assert not gc.isenabled()
    assert gc.isenabled() is enabled


def test_what_survives_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full collection takes the longer the more messages there are: it stops the window only once."""
    threads: list[str] = []
    looked_at: list[int] = []
    collect = gc.collect

    def counted(generation: int = 2) -> int:
        looked_at.append(sum(len(gc.get_objects(each)) for each in range(generation + 1)))
        return collect(generation)

    monkeypatch.setattr(gc, "collect", counted)
    with gc_in_main_thread():
        old = Loop(threads)
        alive: list[list[str]] = []
        for _ in range(400):
            alive += [[] for _ in range(gc.get_threshold()[0] + 1)]
            run_due_gc()
        assert len(alive) > 10 * FULL_AFTER
        assert max(looked_at[len(looked_at) // 2 :]) < 2 * FULL_AFTER
        del old
        look_at_everything_again()
        alive += [[] for _ in range(2 * FULL_AFTER)]
        run_due_gc()
        assert threads == [threading.current_thread().name]
