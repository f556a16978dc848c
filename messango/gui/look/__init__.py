"""Colours, fonts, pictures and ttk styles of the window."""
