"""The JSON lines of `chat --json`, and their schema."""
