"""The JSON Schema of `messango chat --json`, made from its typed events and requests.

`python -m messango.terminal.json.json_schema > messango/help/json-schema.json` writes the schema that is
shipped with the help.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import msgspec

from messango.terminal.json.json_events import AnyEvent
from messango.terminal.json.json_requests import REQUESTS

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema: `$defs/event` for a line of output, `$defs/request` for a line of input.

    An object with a `text` and with the field that names another request is that other one.
    """
    (event, *requests), components = msgspec.json.schema_components(
        [AnyEvent, *REQUESTS], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": _DIALECT,
        "title": "messango chat --json",
        "description": "One JSON object a line. Output lines are events, input lines are requests.",
        "anyOf": [{"$ref": "#/$defs/event"}, {"$ref": "#/$defs/request"}],
        "$defs": {"event": event, "request": {"anyOf": requests}, **components},
    }


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    return msgspec.json.format(msgspec.json.encode(schema())).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
