"""The search of a conversation: the bar, and the list of what the whole room has."""
