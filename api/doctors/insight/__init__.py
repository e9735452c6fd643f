"""A doctor's own insight: all that is stored about one, in one file."""
