"""The commands about municipalities, and about ties that disqualify."""
