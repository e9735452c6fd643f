"""Commands about doctors, and about those who guide them."""
