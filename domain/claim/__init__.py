"""The grant claim: one stream per municipality and round, from opening to closing and after."""
