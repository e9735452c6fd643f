"""What follows a decision: the money, the revisor's attestation, the report, the end."""
