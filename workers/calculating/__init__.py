"""calculate, replay, explain, preview."""
