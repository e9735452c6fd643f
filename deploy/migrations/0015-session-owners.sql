-- Whose a session is: a keyed digest of the person's id, by which an operator, or the person in another browser, ends it.
-- Sessions that go on while this step is taken have none.

ALTER TABLE sessions ADD COLUMN owner bytea;
CREATE INDEX sessions_of_owner ON sessions (owner);
