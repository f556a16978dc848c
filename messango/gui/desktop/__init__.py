"""What differs from system to system."""
