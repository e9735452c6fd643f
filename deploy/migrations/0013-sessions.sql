-- Sign-ins under way and sessions. `id` is a digest of a secret that only the browser has, and what they hold is sealed
-- under a key made of that secret: a copy of the database opens neither, whoever has the master key.

CREATE TABLE sign_ins (
    id bytea PRIMARY KEY,
    sealed bytea NOT NULL,
    began_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    id bytea PRIMARY KEY,
    sealed bytea NOT NULL,
    of_issuer bytea, -- a digest of the issuer and its name for the session, by which it ends the session
    began_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);

CREATE INDEX sessions_of_issuer ON sessions (of_issuer);
CREATE INDEX sessions_began ON sessions (began_at);
CREATE INDEX sign_ins_began ON sign_ins (began_at);
