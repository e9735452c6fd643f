"""What a month and a line come to: basis, months, kroner, costs."""
