"""The events of a claim and the state that they make."""
