"""What every step is made of: who may take it when, and what it may need to know."""
