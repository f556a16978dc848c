"""What the screen and the plain lines have in common: what was said, and what commands do."""
