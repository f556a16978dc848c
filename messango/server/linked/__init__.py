"""What a server has only if its room is linked: the link, and the engine if that is its own."""
