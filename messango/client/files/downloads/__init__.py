"""Downloads: where they go, and what has come of them so far."""
