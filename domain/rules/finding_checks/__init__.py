"""What the findings of rules.md section 6 look for, a file for each part of the case."""
