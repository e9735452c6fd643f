-- What the read side keeps of itself. Each projection has generations: one serves, the next is built.

CREATE SCHEMA read;

CREATE TABLE projections (
    name       text NOT NULL,
    generation integer NOT NULL CHECK (generation > 0),
    shape      text NOT NULL,                 -- digest of the tables and of the version of its code
    status     text NOT NULL CHECK (status IN ('live', 'building', 'stopped')),
    position   bigint NOT NULL DEFAULT 0,     -- the last event whose effects are in the rows
    poison     bigint,                        -- the event that it stopped at
    error      text,
    PRIMARY KEY (name, generation)
);
CREATE UNIQUE INDEX one_generation_serves ON projections (name) WHERE status <> 'building';
