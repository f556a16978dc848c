"""Who collects cyclic garbage while a window is open."""

from __future__ import annotations

import gc
import queue
import threading
from collections.abc import Iterator

import pytest

from messango.gui.background.event_pump import EventPump
from messango.gui.background.gc_guard import gc_in_main_thread, run_due_gc
from tests.gui.conftest import WindowDriver


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Let the collector be as it was."""
    enabled = gc.isenabled()
    yield
    (gc.enable if enabled else gc.disable)()


class Loop:
    """Garbage that only the collector finds, and that tells who has found it."""

    def __init__(self, finders: list[str]) -> None:
        self.myself = self
        self.finders = finders

    def __del__(self) -> None:
        self.finders.append(threading.current_thread().name)


def make_garbage(finders: list[str]) -> None:
    """Have another thread leave more behind than Python suffers."""

    def leave_behind() -> None:
        for _ in range(20 * gc.get_threshold()[0]):
            Loop(finders)

    thread = threading.Thread(target=leave_behind, name="messy")
    thread.start()
    thread.join()


@pytest.mark.window
def test_what_others_leave_behind_is_collected_by_the_window(driver: WindowDriver) -> None:
    """Its thread does so by itself, and no other ever does."""
    finders: list[str] = []
    pump = EventPump(driver.root(), lambda _: None)
    pump.subscribe(queue.SimpleQueue(), lambda _: None)
    with gc_in_main_thread():
        make_garbage(finders)
        assert finders == []
        pump.start()
        driver.until(lambda: bool(finders))
        pump.stop()
    assert set(finders) == {threading.current_thread().name}


def test_each_generation_has_its_turn() -> None:
    """Also what has lived for a while is collected in the end."""
    finders: list[str] = []
    with gc_in_main_thread():
        old = Loop(finders)
        gc.collect(1)
        del old
        kept: list[list[str]] = []
        for _ in range(1_000):
            kept += [[] for _ in range(gc.get_threshold()[0] + 1)]
            run_due_gc()
            if finders:
                break
    assert finders == [threading.current_thread().name]


def test_nothing_is_due_where_python_collects_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be done twice."""
    gc.enable()
    monkeypatch.setattr(gc, "collect", lambda *_: pytest.fail("collected"))
    kept: list[list[str]] = [[] for _ in range(2 * gc.get_threshold()[0])]
    run_due_gc()
    assert kept


@pytest.mark.parametrize("enabled", [True, False])
def test_afterwards_it_is_as_before(*, enabled: bool) -> None:
    """The window may be one part of a longer program."""
    (gc.enable if enabled else gc.disable)()
    with gc_in_main_thread():
        assert not gc.isenabled()
    assert gc.isenabled() is enabled
