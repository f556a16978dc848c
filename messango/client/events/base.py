"""The base class of the events, and their JSON form."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar, TypeAlias

JsonFields: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """Base class of the events."""

    #: The value of `event` in the JSON form; empty for an event that is not written as JSON.
    json_name: ClassVar[str] = ""

    def to_json_fields(self) -> JsonFields:
        """Return what `chat --json` writes: the name and all fields. Empty if nothing is written.

        The format is public: a field that is added here also belongs in `terminal/json/json_schema.py`.
        """
        if not self.json_name:
            return {}
        return {"event": self.json_name, **{field.name: getattr(self, field.name) for field in fields(self)}}
