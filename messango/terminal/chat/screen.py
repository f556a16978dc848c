"""The terminal screen: the conversation, below it a status line, and below that the prompt."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app_session
from prompt_toolkit.completion import Completer, ConditionalCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindingsBase
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.shortcuts import CompleteStyle

from messango.errors import InternalError
from messango.terminal.chat.chat_state import Line
from messango.terminal.chat.lost_terminal import end_input_at_read_error, is_terminal_gone
from messango.terminal.chat.painted import Block, PaintedBlocks, Render, Repaint
from messango.terminal.chat.palette import chat_style
from messango.terminal.pipe.line_output import redirected_output

_END: Final = ("", "\n")


class Screen:
    """One long prompt of prompt_toolkit. Used only by the thread that runs it, but for `call_soon`."""

    def __init__(
        self,
        rows: Callable[[int], Iterable[Line]],
        completer: Completer,
        keys: KeyBindingsBase,
        *,
        color: bool,
        is_secret: Callable[[], bool] = lambda: False,
    ) -> None:
        """`rows` returns the rows between conversation and prompt for a number of columns.

        While `is_secret` returns True the prompt asks for a password and shows stars.
        """
        self._rows = rows
        self._is_secret = is_secret
        self._style = chat_style(color=color)
        self._color_depth = None if color else ColorDepth.DEPTH_1_BIT
        #: What the person was typing when the password was needed.
        self._stashed_input = ""
        output = get_app_session().output
        if isinstance(output, Vt100_Output):
            # The cursor's position is not needed, and at the end it would be waited for up to a second.
            output.enable_cpr = False
        self._session: PromptSession[None] = PromptSession(
            lambda: FormattedText(self._prompt()),
            multiline=True,
            prompt_continuation="  ",
            completer=ConditionalCompleter(completer, ~Condition(is_secret)),
            is_password=Condition(is_secret),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            key_bindings=keys,
            style=self._style,
            color_depth=self._color_depth,
            erase_when_done=True,
        )
        self._app = self._session.app
        self._painted = PaintedBlocks()
        self._render: Render | None = None
        self._app.after_render += lambda _: self._note_prompt()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._has_failed = False
        end_input_at_read_error(self._app.input)

    @property
    def columns(self) -> int:
        """The width of the terminal now."""
        return self._app.output.get_size().columns

    def on_text_changed(self, callback: Callable[[str], None]) -> None:
        """Call `callback` with the text in the prompt whenever it changes."""
        self._session.default_buffer.on_text_changed += lambda buffer: callback(buffer.text)

    def _prompt(self) -> Line:
        # Not prompt_toolkit's bottom toolbar: it is hidden at each print until the terminal has reported
        # its cursor position, and flickers.
        rows = self._rows(self.columns)
        prompt = "Password: " if self._is_secret() else "› "
        return [part for row in rows for part in [*row, _END]] + [("class:prompt", prompt)]

    def run(self, on_start: Callable[[], None]) -> None:
        """Handle keys until `close`, or until the terminal is gone; calls `on_start` when the loop runs.

        Raises `InternalError` after a bug: a screen that can't be drawn would fail again and again.
        """

        def start() -> None:
            self._loop = asyncio.get_running_loop()
            # Not prompt_toolkit's handler: it waits for Enter, and fails again if the terminal is gone.
            self._loop.set_exception_handler(self._on_loop_error)
            on_start()

        try:
            with redirected_output(self._show_printed):
                self._session.prompt(pre_run=start, set_exception_handler=False, handle_sigint=False)
        except Exception as error:
            if not is_terminal_gone(error):
                raise
        if self._has_failed:
            raise InternalError

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not is_terminal_gone(error):
            loop.default_exception_handler(context)
            self._has_failed = self._has_failed or error is not None
        if error is not None:
            self.close()

    def _show_printed(self, lines: list[str]) -> None:
        """Show what other code prints. Any thread."""
        self.call_soon(lambda: self.show([[("", line)] for line in lines]))

    def call_soon(self, function: Callable[[], object]) -> None:
        """Call `function` in the loop soon, if it runs. Any thread."""
        with contextlib.suppress(RuntimeError):  # The loop was closed at this very moment.
            if self._loop is not None:
                self._loop.call_soon_threadsafe(function)

    def ignore_keys(self) -> None:
        """Read no more keys: at the end a long paste must not hold up what else is to be done."""
        with contextlib.suppress(NotImplementedError):  # On Windows, where keys come from another thread.
            if self._loop is not None:
                self._loop.remove_reader(self._app.input.fileno())

    def close(self) -> None:
        """End `run`."""
        if self._app.is_running and not self._app.is_done:
            self._app.exit()

    def stash_input(self) -> None:
        """Put the typed text aside until `restore_input`, to ask for something else."""
        self._stashed_input += self._session.default_buffer.text
        self._session.default_buffer.reset()

    def restore_input(self) -> None:
        """Put the text of `stash_input` back into the prompt."""
        if self._stashed_input:
            text, self._stashed_input = self._stashed_input + self._session.default_buffer.text, ""
            self._session.default_buffer.document = Document(text)

    def redraw(self) -> None:
        """Redraw the prompt and the status line soon."""
        self._app.invalidate()

    @property
    def typed(self) -> str:
        """The text in the prompt."""
        return self._session.default_buffer.text

    def set_typed(self, text: str) -> None:
        """Replace the text in the prompt; the cursor is at its end."""
        self._session.default_buffer.document = Document(text)

    def ring(self) -> None:
        """Ring the terminal's bell."""
        with contextlib.suppress(OSError):
            self._app.output.bell()
            self._app.output.flush()

    def show(self, lines: Sequence[Line]) -> None:
        """Print lines above the prompt."""
        self.show_blocks([Block([*lines])])

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Print blocks above the prompt.

        Like prompt_toolkit's run_in_terminal, but keys are neither echoed nor delayed meanwhile.
        """
        size = self._app.output.get_size()
        self._painted.printed(blocks, size.rows, size.columns)
        self._app.renderer.erase()
        self.print(line for block in blocks for line in block.lines)
        self._app.invalidate()

    @property
    def visible_seqs(self) -> set[int]:
        """The numbers of the messages that are still on the screen, hidden ones too."""
        return self._painted.visible_seqs

    def repaint(self, seqs: Collection[int], render: Render) -> bool:
        """Paint messages again in their place; returns False if none of them is on the screen any more."""
        size = self._app.output.get_size()
        repaint = self._painted.repaint(seqs, render, size.rows, size.columns)
        if repaint is None:
            return False
        self._paint(repaint)
        return True

    def repaint_when_resized(self, render: Render) -> None:
        """From now on, paint what is on the screen again whenever the size of the terminal changes."""
        self._render = render

    def _paint(self, repaint: Repaint) -> None:
        output = self._app.output
        self._app.renderer.erase()
        with contextlib.suppress(OSError):
            output.cursor_up(repaint.rows_up)
            # In two steps: tmux keeps in its scrollback what is erased from the very top of the screen.
            output.erase_end_of_line()
            output.cursor_down(1)
            output.erase_down()
            output.cursor_up(1)
        self.print(repaint.lines)
        self._app.invalidate()

    def _note_prompt(self) -> None:
        if screen := self._app.renderer.last_rendered_screen:
            size = self._app.output.get_size()
            self._painted.prompt_drawn(screen.height, size.rows)
            if self._render and (repaint := self._painted.resized(self._render, size.rows, size.columns)):
                self.call_soon(lambda: self._paint(repaint))

    def print(self, lines: Iterable[Line]) -> None:
        """Print lines when there is no prompt: after `run`. They are lost if the terminal is gone."""
        fragments = FormattedText(part for line in lines for part in [*line, _END])
        with contextlib.suppress(OSError):
            print_formatted_text(self._app.output, fragments, self._style, color_depth=self._color_depth)
