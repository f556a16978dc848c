"""Who is in the room, who came and left, and what is said about names."""
