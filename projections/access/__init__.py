"""The access log as people read it."""
