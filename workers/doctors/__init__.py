"""Commands about one doctor."""
