"""The access log: who read which case, written before the answer is sent, in a chain of its own."""
