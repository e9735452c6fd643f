-- What a read model could not take. Its rows are missing from one generation until it can be taken; all others go on.
-- A doctor or a claim is known by its id, an event of the rule book by its position. Nothing personal stands here.

CREATE TABLE set_aside (
    projection text NOT NULL,
    generation integer NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('doctor', 'claim', 'rules')),
    subject    text NOT NULL,
    name       text,                          -- the HPR number, the claim or the rule set, where it can be read
    position   bigint NOT NULL,               -- how far the log was when it was last tried
    error      text NOT NULL,
    since      timestamptz NOT NULL DEFAULT clock_timestamp(),
    tries      integer NOT NULL DEFAULT 1,
    next_try   timestamptz NOT NULL,
    PRIMARY KEY (projection, generation, kind, subject),
    FOREIGN KEY (projection, generation) REFERENCES projections (name, generation) ON DELETE CASCADE
);

-- Workers say that they live, by the database's clock.

CREATE TABLE workers (
    id          uuid PRIMARY KEY,
    projections text[] NOT NULL,
    began_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
