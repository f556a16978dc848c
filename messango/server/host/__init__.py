"""What the host of a room reads, and the commands that they give."""
