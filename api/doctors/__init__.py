"""A doctor over HTTP: facts, preview, history."""
