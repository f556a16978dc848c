"""What guests from the browser notice, and what they cost: a real page in Chromium beside native members."""
