"""The help topics: Markdown files in this folder, readable on a code site and by `messango help TOPIC`."""

from __future__ import annotations

import difflib
import importlib.resources
from typing import Final

#: In the order in which somebody new to Messango would read them.
TOPICS: Final = (
    "getting-started",
    "commands",
    "window",
    "terminal",
    "trust",
    "security",
    "network",
    "history",
    "json",
    "exit-status",
    "service",
    "original-client",
    "how-it-works",
    "performance",
)

#: The JSON Schema of `messango chat --json`, made by `messango.terminal.json_schema`.
SCHEMA_FILE: Final = "json-schema.json"


def read_topic(topic: str) -> str:
    """Return the Markdown of one of `TOPICS`."""
    return _read(f"{topic}.md")


def read_schema() -> str:
    """Return the JSON Schema of `messango chat --json`."""
    return _read(SCHEMA_FILE)


def title(topic: str) -> str:
    """Return what a topic is about: the heading that its file begins with."""
    return read_topic(topic).partition("\n")[0].removeprefix("# ")


def nearest_topics(typed: str) -> list[str]:
    """Return the topics that `typed` may have been meant for, the likeliest first."""
    wanted = typed.casefold()
    containing = [topic for topic in TOPICS if wanted and wanted in topic]
    similar = difflib.get_close_matches(wanted, TOPICS, n=3, cutoff=0.5)
    return list(dict.fromkeys([*containing, *similar]))


def _read(name: str) -> str:
    return importlib.resources.files("messango.help").joinpath(name).read_text("utf-8")
