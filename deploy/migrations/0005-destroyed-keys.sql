-- Whoever reads a page of the log finds at once whose keys were destroyed in it; there are few.
-- What is asked for at a terminal says so.

CREATE INDEX events_of_destroyed_keys ON events (position) WHERE topic = 'doctor-key.destroyed.v1';

ALTER TABLE events
    DROP CONSTRAINT events_source_check,
    ADD CONSTRAINT events_source_check CHECK (source IN ('page', 'api', 'import', 'release', 'terminal'));
