"""Disqualification: ties that keep a person from handling the cases of a doctor or a municipality."""
