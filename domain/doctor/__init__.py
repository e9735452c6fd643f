"""One doctor: facts, streams and history."""
