-- Who read which case, for ever: written before the answer is sent. Rows are inserted and never changed.
-- Positions have no gaps, because each batch counts on from the last one under an advisory lock of this log's own.

CREATE TABLE access_log (
    position       bigint PRIMARY KEY CHECK (position > 0),
    moment         timestamptz NOT NULL,     -- when it was written, by the database's clock
    subject        text NOT NULL,            -- who read, `kind:name`
    role           text,
    organisation   text,                     -- the municipality that the reader acted for
    on_behalf_of   text,                     -- the organisation number of a supplier or of who delegated
    operation      text NOT NULL,
    doctors        text[] NOT NULL,          -- the HPR numbers of all doctors in the answer
    municipality   text,                     -- whose case it was
    claim          text,
    reason         text,                     -- where one is asked for
    outcome        text NOT NULL CHECK (outcome IN ('answered', 'not_found', 'refused')),
    code           text,                     -- of the refusal
    channel        text NOT NULL CHECK (channel IN ('api', 'terminal')),
    correlation_id uuid NOT NULL,
    hash           bytea NOT NULL            -- of the hash before, the content, the position, the moment
);
-- Without a list of pending entries: putting many in order at once would make one batch wait.
CREATE INDEX access_log_by_doctor ON access_log USING gin (doctors) WITH (fastupdate = off);
CREATE INDEX access_log_by_municipality ON access_log (municipality, position) WHERE municipality IS NOT NULL;
CREATE INDEX access_log_by_moment ON access_log (moment);

CREATE FUNCTION refuse_access_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is append-only';
END $$;
CREATE TRIGGER access_log_is_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_access_change();

-- How many requests each client has made in a minute, over all processes. Lost in a crash, and in no backup.

CREATE UNLOGGED TABLE request_counts (
    client text NOT NULL,
    minute bigint NOT NULL,                  -- since 1970
    count  integer NOT NULL,
    PRIMARY KEY (client, minute)
);
CREATE INDEX request_counts_by_minute ON request_counts (minute);
