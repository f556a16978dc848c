"""The page with a conversation."""
