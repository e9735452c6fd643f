"""Commands, and the rule book, which they change."""
