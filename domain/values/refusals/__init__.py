"""Refusals by code with one sentence each, and whose name stands in `kind:name`."""
