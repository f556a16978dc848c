"""Real browsers for tests, driven over W3C WebDriver: Debian's Chromium and WebKitGTK."""
