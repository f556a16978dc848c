"""Widgets that hold others: columns, pages, and areas that scroll."""
