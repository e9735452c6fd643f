"""What can be done to a claim: one decision for each step."""
