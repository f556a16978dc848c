"""What the window shows and decides, without Tk and threads."""
