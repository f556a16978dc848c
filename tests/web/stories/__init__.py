"""Whole evenings of guests, with every program that takes part."""
