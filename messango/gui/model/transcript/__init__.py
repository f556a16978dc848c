"""What was said, as blocks: the transcript, what is loaded of it, its search, what is unread."""
