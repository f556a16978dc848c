"""The writing side of a conversation: the message field, the bar above it, and the lists it opens."""
