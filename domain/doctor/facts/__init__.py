"""The facts, which are the events, and how they are stored."""
