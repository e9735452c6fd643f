"""OpenAPI and the page that one reads."""
