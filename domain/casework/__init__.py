"""The application service: load, decide, append; it knows neither HTTP nor the read models."""
