"""What differs between operating systems: dark mode, notifications, geometry, dialogs."""
