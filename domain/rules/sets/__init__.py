"""What a rule set says."""
