"""A doctor or claim that cannot be projected is set aside; all others go on."""
