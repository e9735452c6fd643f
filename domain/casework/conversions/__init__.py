"""The wave of conversions: who waits for the new scheme, and converting many at once."""
