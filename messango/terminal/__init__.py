"""The terminal: the chat, its JSON Lines form, and the host's prompt."""
