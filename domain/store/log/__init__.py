"""The log on PostgreSQL: appending, reading, documents."""
