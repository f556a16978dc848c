"""Each test has a home of its own, stays on loopback, and leaves no thread and no socket behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from tests.support.browser.chromium import chromium_skip_reason
from tests.support.browser.webkit import webkit_skip_reason
from tests.support.bytecode import compile_tests, keep_bytecode_for_processes
from tests.support.interpreters import Interpreters
from tests.support.leaks import open_sockets, stray_threads
from tests.support.network_namespace import move_to_own_network
from tests.support.scheduling import longest_first
from tests.support.skip_reasons import (
    clock_skip_reason,
    engine_skip_reason,
    lan_skip_reason,
    nft_skip_reason,
    window_skip_reason,
    zbar_skip_reason,
)

#: More than the slowest of our threads takes to notice that it is to end.
_THREADS_END_WITHIN_S = 10.0

_NEEDS: dict[str, Callable[[], str]] = {
    "lan": lan_skip_reason,
    "nft": nft_skip_reason,
    "clock": clock_skip_reason,
    "engine": engine_skip_reason,
    "window": window_skip_reason,
    "browser": chromium_skip_reason,
    "webkit": webkit_skip_reason,
    "zbar": zbar_skip_reason,
}

pytest_plugins = ["tests.support.browser.fixtures"]

# Before anything is started.
keep_bytecode_for_processes()

# Before anything has a thread or a socket; with pytest-xdist, for each of its processes.
move_to_own_network()

# No deadlines: the machine's load is not ours to test.
for _profile, _examples in (("here", 50), ("ci", 200)):
    settings.register_profile(
        _profile, deadline=None, max_examples=_examples, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Compile everything once before several processes need it."""
    compile_tests(config.rootpath, config.args)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In one of several processes, begin with the longest tests; a single one keeps the files' order."""
    if hasattr(config, "workerinput"):
        longest_first(items)


@pytest.hookimpl(hookwrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect tests without the garbage collector, and have it pass over what stays for the whole run.

    The thousands of tests are all kept, and afterwards windows are collected one by one.
    """
    gc.disable()
    yield
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this computer can't run; in CI nothing may be missing, so there it fails."""
    for marker, skip_reason in _NEEDS.items():
        reason = skip_reason() if item.get_closest_marker(marker) else ""
        if reason and os.environ.get("CI"):
            pytest.fail(f"A `{marker}` test can't be skipped in CI: {reason}.", pytrace=False)
        if reason:
            pytest.skip(reason)


_interpreters: Final = Interpreters()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Collect the windows of a test in this thread, once pytest itself has let go of them.

    A Tk interpreter that is collected in another thread than its own takes the process with it.
    """
    if item.get_closest_marker("window") is None:
        yield
        return
    gc.disable()
    _interpreters.install()
    yield
    gc.collect()
    # Something may still refer to a window, and is collected later, wherever that is.
    _interpreters.release_unused()
    gc.enable()


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    """Keep each test away from the settings of whoever runs it, and from the real network.

    With a patch of its own: a test may undo its `monkeypatch` and go on.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MESSANGO_HOME", str(tmp_path))
        environment.setenv("MESSANGO_INTERFACES", "127.0.0.1")
        environment.delenv("MESSANGO_NAME", raising=False)
        environment.delenv("NO_COLOR", raising=False)
        environment.setenv("TERM", "xterm")
        yield


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread or a socket behind."""
    threads = frozenset(threading.enumerate())
    sockets = open_sockets()
    yield
    strays = stray_threads(threads, _THREADS_END_WITHIN_S)
    if strays:
        pytest.fail(f"The test left threads behind: {', '.join(strays)}.", pytrace=False)
    # Tk keeps its connection to the display for as long as the interpreter object lives.
    if request.node.get_closest_marker("window") is None:
        left = open_sockets() - sockets
        if left:
            pytest.fail(f"The test left sockets open: {', '.join(sorted(left))}.", pytrace=False)
