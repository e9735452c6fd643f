"""A claim over HTTP: steps, documents, effects."""
