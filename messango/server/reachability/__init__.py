"""Whether other computers reach the room, and at which of its addresses."""
