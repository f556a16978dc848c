"""The transcript on the screen: a read-only text that can be selected and copied."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from messango.gui import theme
from messango.gui.display import Display
from messango.gui.names import color_index
from messango.gui.style import Look
from messango.gui.transcript import Block, Change, Delivery, Kind, Transcript, Trimmed

#: Where the waiting messages begin; all above is settled.
_WAITING: Final = "waiting"
_MARKS: Final = {Delivery.WAITING: "   sending…", Delivery.ACCEPTED: "   ✓"}
_RULE: Final = "────────"


class TranscriptView(ttk.Frame):
    """Shows a `Transcript`. It follows the conversation unless the reader has scrolled up."""

    def __init__(self, parent: tk.Misc, look: Look, display: Display) -> None:
        super().__init__(parent, style="Card.TFrame", padding=look.px(theme.TINY))
        self._look, self._display = look, display
        self._following = True
        self._waiting: list[Block] = []
        self.text = tk.Text(
            self,
            state="disabled",
            wrap="word",
            borderwidth=0,
            highlightthickness=0,
            padx=0,
            pady=look.px(theme.SMALL_GAP),
            font=theme.BODY,
            cursor="xterm",
            insertwidth=0,
            width=1,
            height=1,
        )
        self._bar = ttk.Scrollbar(self, style="Inner.Vertical.TScrollbar", command=self._dragged)
        self.text.configure(yscrollcommand=self._bar.set)
        self.text.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns", padx=look.px(2), pady=look.px(theme.SMALL_GAP))
        self._silence = ttk.Label(self, style="SurfaceMuted.TLabel")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.text.mark_set(_WAITING, "end-1c")
        self.text.mark_gravity(_WAITING, "left")
        self._bind_events()
        self._color()

    def apply(self, transcript: Transcript, silence: str) -> None:
        """Show what has changed since the last time, or `silence` where there is nothing to show."""
        self._show_silence(silence)
        changes, waiting = transcript.take_changes(), transcript.waiting()
        if not changes and waiting == self._waiting:
            return
        self.text.configure(state="normal")
        self.text.delete(_WAITING, "end-1c")
        self._settle(changes)
        self.text.mark_set(_WAITING, "end-1c")
        self._insert(waiting)
        self.text.configure(state="disabled")
        self._waiting = waiting
        if self._following:
            self.text.see("end")

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._following = True
        self.text.see("end")

    def _show_silence(self, words: str) -> None:
        if words == self._silence.cget("text"):
            return
        self._silence.configure(text=words)
        if words:
            self._silence.place(relx=0.5, rely=0.5, anchor="center")
        else:
            self._silence.place_forget()

    def _settle(self, changes: list[Change]) -> None:
        blocks: list[Block] = []
        for change in changes:
            if isinstance(change, Trimmed):
                self._insert(blocks)
                blocks = []
                self.text.delete("1.0", f"{change.lines + 1}.0")
            else:
                blocks.append(change.block)
        self._insert(blocks)

    def _insert(self, blocks: list[Block]) -> None:
        """Insert all blocks by one call: that costs a tenth of a call for each."""
        pieces: list[str | tuple[str, ...]] = []
        for block in blocks:
            pieces += self._pieces(block)
        if pieces:
            self.text.insert("end-1c", *pieces)  # type: ignore[arg-type]

    def _pieces(self, block: Block) -> list[str | tuple[str, ...]]:
        if block.kind is Kind.RULE:
            return [f"{_RULE}  {self._display.line(block.text)}  {_RULE}\n", ("rule",)]
        if block.kind is Kind.NOTICE:
            return [f"{self._display.line(block.text)}\n", ("notice",)]
        side = "own" if block.own else "other"
        pieces: list[str | tuple[str, ...]] = []
        if block.headed:
            name = self._display.line(block.name)
            color = f"name-{color_index(block.name, len(self._look.palette.names))}"
            pieces += [
                "\n",
                ("space",),
                name,
                (side, "head", color),
                f"   {block.clock}\n",
                (side, "head", "time"),
            ]
        body = "waiting-text" if block.delivery is Delivery.WAITING else "body"
        pieces += [self._display.text(block.text), (side, "body", body)]
        pieces += [f"{_MARKS.get(block.delivery, '')}\n", (side, "body", "time")]
        if block.fault:
            pieces += [f"{self._display.line(block.fault)}\n", (side, "body", "fault")]
        return pieces

    def _bind_events(self) -> None:
        # Without a click a disabled text does not get the keyboard, and then Ctrl-C copies nothing.
        self.text.bind("<Button-1>", lambda _: self.text.focus_set(), add=True)
        self.bind("<<ThemeChanged>>", lambda _: self._color())
        self.text.bind("<Configure>", lambda _: self.follow() if self._following else None)
        after = "MessangoScrolled"
        self.text.bindtags((*self.text.bindtags(), after))
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>", "<B1-Motion>", "<KeyRelease>"):
            self.text.bind_class(after, event, _note_scrolled)
        self.text.bind("<<MessangoScrolled>>", lambda _: self._note())

    def _dragged(self, *place: str) -> None:
        self.text.yview(*place)
        self._note()

    def _note(self) -> None:
        self._following = self.text.yview()[1] >= 1.0

    def _color(self) -> None:
        palette, look, text = self._look.palette, self._look, self.text
        text.configure(
            background=palette.surface,
            foreground=palette.text,
            selectbackground=palette.chosen,
            selectforeground=palette.text,
            inactiveselectbackground=palette.chosen,
        )
        inset = look.px(theme.WIDE_GAP)
        for side, ground in (("own", palette.own), ("other", palette.surface)):
            text.tag_configure(
                side,
                background=ground,
                lmargin1=inset,
                lmargin2=inset,
                rmargin=inset,
                lmargincolor=ground,
                rmargincolor=ground,
            )
        text.tag_configure("space", font=theme.SPACE)
        text.tag_configure("head", spacing1=look.px(theme.TINY + 2), spacing3=look.px(2))
        text.tag_configure("time", font=theme.SMALL, foreground=palette.muted)
        text.tag_configure("body", spacing2=look.px(2), spacing3=look.px(3))
        text.tag_configure("waiting-text", foreground=palette.muted)
        text.tag_configure("fault", font=theme.SMALL, foreground=palette.danger)
        gap = look.px(theme.TINY)
        text.tag_configure("notice", font=theme.SMALL, foreground=palette.muted, spacing1=gap, spacing3=gap)
        text.tag_configure("notice", lmargin1=inset, lmargin2=inset, rmargin=inset)
        wide = look.px(theme.GAP)
        text.tag_configure(
            "rule", font=theme.SMALL, foreground=palette.muted, justify="center", spacing1=wide, spacing3=wide
        )
        for number, color in enumerate(palette.names):
            text.tag_configure(f"name-{number}", font=theme.STRONG, foreground=color)
        text.tag_raise("sel")


def _note_scrolled(event: tk.Event[tk.Misc]) -> None:
    event.widget.event_generate("<<MessangoScrolled>>")
