-- The log of events, for ever: rows are inserted and never changed.
-- Position order is commit order, because every insert holds one advisory lock.

CREATE TABLE events (
    position       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream         uuid NOT NULL,
    version        integer NOT NULL CHECK (version > 0),
    topic          text NOT NULL,
    payload        bytea NOT NULL,           -- JSON; personal fields sealed under the doctor's key
    doctor         uuid,                     -- whose event, over all streams of a doctor
    doctor_version integer,                  -- the order of a doctor's events; one writer wins each
    municipality   text,                     -- where the event says that the doctor holds a post
    recorded_at    timestamptz NOT NULL,     -- when it became known
    stored_at      timestamptz NOT NULL,     -- when we stored it, by the database's clock
    recorded_by    text NOT NULL,            -- subject, `kind:name`
    role           text,
    organisation   text,
    command_id     uuid NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id   uuid NOT NULL,
    source         text NOT NULL CHECK (source IN ('page', 'api', 'import', 'release')),
    hash           bytea NOT NULL,           -- of the hash before in the stream, the bytes, the metadata
    UNIQUE (stream, version),
    UNIQUE (doctor, doctor_version)
);
CREATE INDEX events_by_municipality ON events (municipality, doctor) WHERE municipality IS NOT NULL;

-- A command that is repeated gets its first result.
CREATE TABLE commands (
    id             uuid PRIMARY KEY,
    request        text NOT NULL,            -- digest of what was asked for
    result         text NOT NULL,            -- what was answered, JSON
    actor          text NOT NULL,
    first_position bigint NOT NULL,
    last_position  bigint NOT NULL,
    stored_at      timestamptz NOT NULL
);

-- A doctor's key, itself sealed under the master key; destroying the row erases the personal fields.
CREATE TABLE doctor_keys (
    doctor     uuid PRIMARY KEY,
    sealed_key bytea NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION chain_step(chained bytea, before bytea, content bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN sha256(coalesce(chained, before) || content);

-- The hash chain of a stream, run as a window over new events in the order of their versions.
CREATE AGGREGATE chain(before bytea, content bytea) (SFUNC = chain_step, STYPE = bytea);

-- The log is append-only, also for whoever owns the tables.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of events is append-only';
END $$;
CREATE TRIGGER events_are_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
