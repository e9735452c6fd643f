"""The wave of conversions over HTTP."""
