"""Makes requests of the lines of an input: of JSON, or of texts."""

from __future__ import annotations

from collections.abc import Callable

from messango.protocol.text.validation import clean_text
from messango.terminal.json.json_lines import parse_plain_line
from messango.terminal.json.json_requests import BadLine, JsonRequest, parse_json_line
from messango.terminal.pipe.stdin_reader import MAX_LINE_CHARACTERS, LineRead, replace_invalid


class LineParser:
    """Used by one thread. `report` gets a sentence about bytes that are no text, once."""

    def __init__(self, report: Callable[[str], None], *, as_json: bool) -> None:
        self._report = report
        self._as_json = as_json
        self._replacement_reported = False

    def parse(self, line: LineRead) -> JsonRequest | BadLine | None:
        """Return what the line asks for; None for a line that is blank without its terminal sequences."""
        if line.text is None:
            return BadLine(f"The line is too long: more than {MAX_LINE_CHARACTERS:,} characters.")
        text = replace_invalid(line.text)
        if self._as_json:
            is_valid = text is line.text
            return parse_json_line(text) if is_valid else BadLine("The line is not valid UTF-8.")
        if text is not line.text and not self._replacement_reported:
            self._replacement_reported = True
            self._report(
                f"line {line.number}: Bytes that are not valid UTF-8 are sent as “\ufffd”, "
                "here and in later lines."
            )
        # A line of a progress bar may begin or end with a lone CR.
        cleaned = clean_text(text).strip("\n")
        return parse_plain_line(cleaned) if cleaned.strip() else None
