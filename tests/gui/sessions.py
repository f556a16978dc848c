"""A window with a conversation, for tests that write and read in it."""

from __future__ import annotations

from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.settings import SettingsStore
from messango.gui.window import Window
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeClient, FakeServices, joined

TARGET = JoinTarget("10.0.0.2:8000", (Address("10.0.0.2", 8000),))


class ChatWindow:
    """A window with a conversation, and its fake client."""

    def __init__(
        self, driver: WindowDriver, fakes: FakeServices, settings: SettingsStore | None = None
    ) -> None:
        self._driver = driver
        self.window: Window = driver.open(fakes.services(), target=TARGET, settings=settings)
        self.client: FakeClient = fakes.clients[-1]
        self.client.events.put(joined("Ben", "Ann"))
        driver.until(lambda: self.window.root.title() == "Office – Messango")
        driver.until(lambda: self.window.root.focus_get() == self.view.entry.text)

    @property
    def view(self) -> ConversationView:
        """The page with the conversation."""
        assert self.window.conversation_view is not None
        return self.window.conversation_view

    def transcript(self) -> str:
        """Return the text of the transcript."""
        return self.view.transcript.text.get("1.0", "end-1c").replace("\u00a0", " ")

    def type_text(self, text: str, *keys: str) -> None:
        """Type into the message field and press keys."""
        self.view.entry.text.insert("insert", text)
        self.press(*keys)

    def press(self, *keys: str) -> None:
        """Press keys in the message field."""
        self._driver.press(self.view.entry.text, *keys)
        self.window.root.update()

    def until_shown(self, words: str) -> None:
        """Wait until the transcript contains these words."""
        self._driver.until(lambda: words in self.transcript())
