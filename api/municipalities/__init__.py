"""Municipalities over HTTP: what they say of themselves, and who had access on a day."""
