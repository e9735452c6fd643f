-- The bytes of documents, beside the log, which has only their digests. Sealed as personal fields are, so that
-- destroying the key erases them, and a copy of the database without the master key shows none.

CREATE TABLE documents (
    claim      uuid NOT NULL,                -- the stream of the claim that it was attached to
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),  -- SHA-256 of the bytes as they came
    owner      uuid NOT NULL,                -- whose key seals them: the line's doctor, else the claim itself
    media_type text NOT NULL,
    size       integer NOT NULL CHECK (size > 0),  -- of the bytes as they came
    sealed     bytea NOT NULL,
    stored_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (claim, digest, owner)
);
ALTER TABLE documents ALTER COLUMN sealed SET STORAGE EXTERNAL;  -- what is sealed cannot be compressed
