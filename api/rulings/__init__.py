"""Questions about what the rules leave open, over HTTP: ask, answer, approve, read."""
