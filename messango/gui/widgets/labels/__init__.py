"""Labels that wrap or cut their text."""
