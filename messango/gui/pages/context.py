"""What the pages of a window share."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from messango.gui.background.event_pump import Pump
from messango.gui.background.host_threads import Hosts
from messango.gui.background.services import Services
from messango.gui.background.tasks import Chores
from messango.gui.desktop.notifier import Notifier
from messango.gui.look.appearance import Appearance
from messango.gui.look.look import Look
from messango.gui.model.room_list import RoomList
from messango.gui.model.text_sanitizer import Display
from messango.gui.settings import KeptSettings
from messango.gui.widgets.page_stack import Pages


@dataclass(frozen=True, slots=True)
class Shell:
    """The window's root and what goes with it; `now` gives seconds since 1970. Main thread only."""

    root: tk.Tk
    look: Look
    display: Display
    pump: Pump
    hosts: Hosts
    rooms: RoomList
    pages: Pages
    services: Services
    settings: KeptSettings
    appearance: Appearance
    chores: Chores
    notifier: Notifier
    now: Callable[[], float]
