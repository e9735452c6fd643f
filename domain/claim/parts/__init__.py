"""What a claim is made of: names, limits, documents, accounts."""
