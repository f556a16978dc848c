"""`chat --plain`: the conversation as plain lines, for screen readers, simple terminals and logs."""
