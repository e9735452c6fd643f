"""The calculation of rules.md as pure functions over what is known and a rule set."""
