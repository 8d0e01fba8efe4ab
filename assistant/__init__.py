"""Turns audience statistics into playful posts that are true, kind and sent exactly once."""

__version__ = "0.1.0"
