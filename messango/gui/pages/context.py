"""What the pages of a window share."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from messango.gui.background.event_pump import EventPump
from messango.gui.background.host_threads import HostThreads
from messango.gui.background.services import Services
from messango.gui.background.tasks import BackgroundTasks
from messango.gui.desktop.notifier import Notifier
from messango.gui.look.appearance import Appearance
from messango.gui.look.look import Look
from messango.gui.model.room_list import RoomList
from messango.gui.model.text_sanitizer import TextSanitizer
from messango.gui.settings import SettingsStore
from messango.gui.widgets.page_stack import PageStack


@dataclass(frozen=True, slots=True)
class WindowContext:
    """The window's root and what goes with it; `now` gives seconds since 1970. Main thread only."""

    root: tk.Tk
    look: Look
    sanitizer: TextSanitizer
    pump: EventPump
    host_threads: HostThreads
    rooms: RoomList
    pages: PageStack
    services: Services
    settings: SettingsStore
    appearance: Appearance
    tasks: BackgroundTasks
    notifier: Notifier
    now: Callable[[], float]
