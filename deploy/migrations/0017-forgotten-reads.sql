-- How long it is known who read what is for whoever runs the program to say. Of an older entry these columns stay, so that
-- the chain can be gone through over what is forgotten too. Only the owner moves entries here.

CREATE TABLE access_log_leaves (
    position     bigint PRIMARY KEY CHECK (position > 0),
    moment       timestamptz NOT NULL,     -- when the entry was written
    content      bytea NOT NULL,           -- the digest of what stood in it
    hash         bytea NOT NULL,           -- the entry's own
    forgotten_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER access_log_leaves_are_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_access_change();
