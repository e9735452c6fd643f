"""The small things everything is made of: fields, days, words, refusals."""
