"""The history's file: opened, checked, written, extended, and continued elsewhere when it is lost."""
