"""What the pages of a window share."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from messango.gui.background.draft_store import DraftStore
from messango.gui.background.event_pump import EventPump
from messango.gui.background.host_registry import HostRegistry
from messango.gui.background.picture_folder import PictureFolder
from messango.gui.background.picture_loader import PictureLoader
from messango.gui.background.services import Services
from messango.gui.background.tasks import BackgroundTasks
from messango.gui.desktop.notifier import Notifier
from messango.gui.look.appearance import Appearance
from messango.gui.look.look import Look
from messango.gui.look.tk_root import text_sanitizer_for
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.settings import SettingsStore
from messango.gui.widgets.layout.page_stack import PageStack


@dataclass(frozen=True, slots=True)
class WindowContext:
    """The window's root and what goes with it; `now` returns seconds since 1970. Main thread only."""

    root: tk.Tk
    look: Look
    sanitizer: TextSanitizer
    pump: EventPump
    host_registry: HostRegistry
    rooms: RoomList
    pages: PageStack
    services: Services
    settings: SettingsStore
    appearance: Appearance
    tasks: BackgroundTasks
    pictures: PictureLoader
    picture_folder: PictureFolder
    drafts: DraftStore
    notifier: Notifier
    now: Callable[[], float]

    @classmethod
    def build(
        cls,
        root: tk.Tk,
        services: Services,
        settings: SettingsStore,
        now: Callable[[], float],
        on_tick: Callable[[bool], None],
    ) -> WindowContext:
        """Create the parts for a root; the pump calls `on_tick` once it is started."""
        tasks = BackgroundTasks()
        look, pump, sanitizer = Look(root, tasks.submit), EventPump(root, on_tick), text_sanitizer_for(root)
        return cls(
            root=root,
            look=look,
            sanitizer=sanitizer,
            pump=pump,
            host_registry=HostRegistry(pump),
            rooms=RoomList(services.trusted_link),
            pages=PageStack(root),
            services=services,
            settings=settings,
            appearance=Appearance(look, settings),
            tasks=tasks,
            pictures=PictureLoader(),
            picture_folder=PictureFolder(tasks),
            drafts=DraftStore(settings.folder, tasks),
            notifier=Notifier(root, look, sanitizer),
            now=now,
        )
