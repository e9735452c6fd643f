"""The book that one can read (docs/rules)."""
