"""What the pages of a window share."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from messango.gui.appearance import Appearance
from messango.gui.chores import Chores
from messango.gui.display import Display
from messango.gui.hosts import Hosts
from messango.gui.notifier import Notifier
from messango.gui.pages import Pages
from messango.gui.pump import Pump
from messango.gui.room_list import RoomList
from messango.gui.services import Services
from messango.gui.settings import KeptSettings
from messango.gui.style import Look


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
