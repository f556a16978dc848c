"""Pictures in the window: what is asked of the thread that decodes them, and what it answers."""
