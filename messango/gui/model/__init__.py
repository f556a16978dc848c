"""The window's decisions: no Tk, no thread."""
