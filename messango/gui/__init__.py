"""The window face (Tk). Decisions live in plain classes without Tk; the widgets that show them are thin."""
