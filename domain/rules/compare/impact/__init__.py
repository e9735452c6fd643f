"""What a rule set would do: every line, grouped, with what one should know of it."""
