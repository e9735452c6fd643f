"""Personal fields, sealed under the doctor's key."""
