"""The second wall: roles of the database, and what each of them sees there."""
