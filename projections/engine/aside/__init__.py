"""Whoever cannot be projected is set aside; everybody else goes on."""
