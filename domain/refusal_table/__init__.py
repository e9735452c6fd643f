"""Refusals by code: the kind, the title and the Norwegian sentence of each."""
