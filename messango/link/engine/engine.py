"""The engine of a linked room while its server runs: started, restarted if it dies, and stopped with it."""

from __future__ import annotations

import logging
import queue
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.errors import EngineUnavailable
from messango.link.engine.bounded_log import BoundedLog
from messango.link.engine.engine_lock import EngineLock
from messango.link.engine.engine_process import EngineProcess
from messango.link.engine.find_engine import EngineProgram

logger = logging.getLogger(__name__)

LOG_FILE: Final = "engine.log"

#: An engine checks its whole store before it listens, which a slow disk may make long.
_START_TIMEOUT_S: Final = 120.0

#: The pauses before an engine that dies again and again is started again; the last one for every further one.
_PAUSES_S: Final = (0.1, 1.0, 3.0, 10.0, 30.0)
#: After so long, it is not dying again and again.
_STABLE_S: Final = 60.0

#: As Linux and macOS say it, and as Windows does.
_PORT_IN_USE: Final = re.compile("address already in use|Only one usage of each socket address")
_PORT_HINT: Final = (
    "The other servers of the room look for the engine at this port, so it has to be free: end the program "
    "that uses it. Perhaps that is a nats-server that was left over."
)

#: Of the two seconds in which a room closes.
_STOP_S: Final = 0.8
_KILL_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class EngineState:
    """Whether the engine runs; if not, `reason` is a sentence for the host."""

    running: bool
    reason: str = ""


class Engine:
    """Owns the engine's processes, one after the other, and the thread that watches them.

    `syncs`: what the engine acknowledges is on its disk. `on_state` is called in the engine's thread when it
    dies after its start, and when it runs again; it must not wait. `lock` is released by `close`.
    """

    def __init__(self, program: EngineProgram, folder: Path, lock: EngineLock, *, syncs: bool) -> None:
        self.program, self.syncs = program, syncs
        self.state = EngineState(running=False)
        self.on_state: Callable[[EngineState], None] = _ignore
        self._folder = folder
        self._lock = lock
        self._log = BoundedLog(folder / LOG_FILE)
        self._closing = threading.Event()
        #: Guards `_process`, so that none begins after `close` has asked the last one to end.
        self._process_lock = threading.Lock()
        self._process: EngineProcess | None = None
        #: Only for the thread.
        self._was_ready = False
        #: "" once the first process is ready, or why it has ended.
        self._first: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="messango-engine", daemon=True)

    @property
    def pid(self) -> int | None:
        """The engine's process; None between two."""
        with self._process_lock:
            return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the engine, and return when it accepts connections; raises `EngineUnavailable`."""
        self._thread.start()
        try:
            failure = self._first.get(timeout=_START_TIMEOUT_S)
        except queue.Empty:
            failure = f"it was not ready after {_START_TIMEOUT_S:.0f} seconds"
        if failure:
            self.close()
            raise EngineUnavailable(
                f"The engine of the linked room, {self.program.path}, did not start: {failure.rstrip('.')}.",
                _PORT_HINT if _PORT_IN_USE.search(failure) else f"Its log is {self._folder / LOG_FILE}.",
            )

    def close(self) -> None:
        """Stop the engine, within 1.3 s even if it does not end by itself. Twice is harmless."""
        self._closing.set()
        if self._thread.is_alive():
            self._stop(at_once=False)
            self._thread.join(_STOP_S)
        if self._thread.is_alive():
            self._stop(at_once=True)
            self._thread.join(_KILL_S)
        self._lock.close()

    def _stop(self, *, at_once: bool) -> None:
        with self._process_lock:
            if self._process is not None:
                self._process.stop(at_once=at_once)

    def _run(self) -> None:
        deaths = 0
        while not self._closing.is_set():
            started_s = time.monotonic()
            reason = self._run_once()
            deaths = 0 if time.monotonic() - started_s > _STABLE_S else deaths
            self._died(reason)
            self._closing.wait(_PAUSES_S[min(deaths, len(_PAUSES_S) - 1)])
            deaths += 1

    def _run_once(self) -> str:
        """Run one process to its end, and return why it ended."""
        try:
            with self._process_lock:
                if self._closing.is_set():
                    return ""
                process = self._process = EngineProcess(self.program, self._folder, self._lock)
        except OSError as error:
            return error.strerror or str(error)
        for line in process.lines(self._ready):
            self._log.append(line)
        reason = process.wait()
        with self._process_lock:
            self._process = None
        return reason

    def _ready(self) -> None:
        if self._was_ready:
            self._change(EngineState(running=True))
        else:
            self._was_ready = True
            self.state = EngineState(running=True)
            self._first.put("")

    def _died(self, reason: str) -> None:
        if not self._was_ready:
            self._first.put(reason)
        elif not self._closing.is_set():
            logger.info("the engine ended: %s", reason)
            self._change(
                EngineState(running=False, reason=f"The engine ended ({reason}); it is started again.")
            )

    def _change(self, state: EngineState) -> None:
        if state != self.state:
            self.state = state
            self.on_state(state)


def _ignore(_: EngineState) -> None:
    """Do nothing: nobody wants to know yet."""
