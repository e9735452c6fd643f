"""What findings are found from: a line as it is, and a doctor as things might have been."""
