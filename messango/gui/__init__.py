"""The window (Tk). Models without Tk decide what is shown; the widgets that show it are thin."""
