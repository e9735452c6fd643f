"""The stream of rule sets, and those of the release."""
