"""What the municipality does until the claim is submitted, and what it reports."""
