"""The reasons for every krone."""
