"""Claims loaded, decided, repeated."""
