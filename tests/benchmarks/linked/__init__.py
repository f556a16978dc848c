"""What a room of several servers costs beside one that is not linked."""
