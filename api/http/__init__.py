"""How this service speaks HTTP; knows no doctor and no claim."""
