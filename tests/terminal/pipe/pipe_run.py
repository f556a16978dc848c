"""Runs a pipe to its end and keeps what it printed."""

from __future__ import annotations

import io
import json
from typing import TextIO

from messango.errors import MessangoError
from messango.terminal.pipe.pipe import run_pipe
from tests.terminal.fake_client import FakeClient


class PipeRun:
    """What one run printed, and its status or error."""

    def __init__(self, client: FakeClient, lines: str | TextIO, *, as_json: bool = False) -> None:
        self.client = client
        out, err = io.StringIO(), io.StringIO()
        self.status: int | None = None
        self.error: MessangoError | None = None
        stream = io.StringIO(lines) if isinstance(lines, str) else lines
        try:
            self.status = run_pipe(client, stream, out, err, as_json=as_json)
        except MessangoError as error:
            self.error = error
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def objects(self) -> list[dict[str, object]]:
        """The objects of --json."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def kinds(self) -> list[object]:
        """Their kinds."""
        return [fields["event"] for fields in self.objects]
