"""`messango chat` without a terminal: lines in, lines out."""
